#include "net/player_api.h"

#include "net/ask.h"
#include "net/io_thread.h"
#include "net/player_access.h"
#include "protocol/player_wire.h"
#include "protocol/web_origin.h"

#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace json = boost::json;
using app::PlayerReply;
using asio::awaitable;

constexpr std::string_view kAny = "*";

std::string tag_of(const PlayerState& state) { return fmt::format("\"{}\"", state.revision); }

// Not for pages of other sites, and never out of a cache without asking.
Reply fresh_reply(http::status status, std::string body) {
  return {status, "application/json", std::move(body), {{"Cache-Control", "private, no-cache"}}};
}

Reply refusal(http::status status, std::string_view message) {
  return fresh_reply(status, json::serialize(json::object{{"status", "error"}, {"message", message}}));
}

Reply state_reply(http::status status, const PlayerState& state) {
  Reply reply = fresh_reply(status, protocol::show_player_state(state));
  reply.headers.emplace_back("ETag", tag_of(state));
  return reply;
}

Reply reply_of(const PlayerReply& done) {
  switch (done.kind) {
    case PlayerReply::Kind::accepted:
      return state_reply(http::status::ok, *done.state);
    case PlayerReply::Kind::no_state:
      return refusal(http::status::not_found, "nothing has been played yet");
    case PlayerReply::Kind::stale:
      if (done.state) return state_reply(http::status::precondition_failed, *done.state);
      return refusal(http::status::precondition_failed, "there is no state yet");
    case PlayerReply::Kind::failed:
      break;
  }
  Reply reply = refusal(http::status::service_unavailable, done.why);
  reply.headers.emplace_back("Retry-After", "2");
  return reply;
}

// `"7"` → 7. nullopt: not one of our tags, so no state has it.
std::optional<std::uint64_t> revision_of(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() < 3 || !tag.starts_with('"') || !tag.ends_with('"')) return std::nullopt;
  tag = tag.substr(1, tag.size() - 2);
  std::uint64_t revision = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
  if (error != std::errc() || end != tag.data() + tag.size()) return std::nullopt;
  return revision;
}

// What the request makes its change depend on. Error: a header that can never hold.
Result<void> read_condition(const HttpRequest& request, PlayerUpdate& update) {
  const std::string_view match = request[http::field::if_match], none = request[http::field::if_none_match];
  if (none == kAny) update.if_revision = 0;
  if (match.empty() || match == kAny) return {};
  update.if_revision = revision_of(match);
  if (!update.if_revision) return fail("If-Match takes one ETag, as GET has answered it");
  return {};
}

using Answer = std::function<void(Reply)>;
using Question = std::function<void(app::PlayerService&, Answer)>;

awaitable<Reply> ask_players(IoThread& thread, Question question) {
  auto on_control = [&players = thread.control().players, question = std::move(question)](auto reply_with) {
    question(players, std::move(reply_with));
  };
  co_return co_await ask<Reply>(thread.control().executor, std::move(on_control));
}

Question get(std::string user) {
  return [user = std::move(user)](app::PlayerService& players, const Answer& answer) {
    players.read(user, [answer](const PlayerReply& done) { answer(reply_of(done)); });
  };
}

Question put(std::string user, PlayerUpdate update, WallTime now, bool must_exist) {
  return [user = std::move(user), update = std::move(update), now, must_exist](app::PlayerService& players,
                                                                               const Answer& answer) {
    const auto reply = [answer](const PlayerReply& done) { answer(reply_of(done)); };
    if (!must_exist) return players.put(user, update, now, reply);
    players.read(user, [&players, user, now, update, reply](PlayerReply done) {
      if (done.kind == PlayerReply::Kind::accepted) return players.put(user, update, now, reply);
      if (done.kind == PlayerReply::Kind::no_state) done.kind = PlayerReply::Kind::stale;
      reply(done);
    });
  };
}

}  // namespace

awaitable<Reply> answer_player_api(const HttpRequest& request, const protocol::RequestTarget& target,
                                   std::string peer, IoThread& thread) {
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  if (!reads && request.method() != http::verb::put) {
    Reply refused = refusal(http::status::method_not_allowed, "this path takes GET and PUT");
    refused.headers.emplace_back("Allow", "GET, HEAD, PUT, OPTIONS");
    co_return refused;
  }
  const std::string_view origin = request[http::field::origin];
  if (!protocol::is_allowed_origin(origin, request[http::field::host], thread.settings().allowed_origins)) {
    co_return refusal(http::status::forbidden,
                      "pages of other sites may not use this; the option --allow-origin lets them");
  }
  auto user = co_await find_player_user(request, target, std::move(peer), thread);
  if (!user) co_return std::move(user.error());
  Question question;
  if (reads) {
    question = get(std::move(*user));
  } else {
    const WallTime now = thread.control().clock.date();
    auto update = protocol::parse_player_put(request.body(), now);
    if (!update) co_return refusal(http::status::bad_request, update.error().message);
    if (auto read = read_condition(request, *update); !read) {
      co_return refusal(http::status::precondition_failed, read.error().message);
    }
    question = put(std::move(*user), std::move(*update), now, request[http::field::if_match] == kAny);
  }
  co_return co_await ask_players(thread, std::move(question));
}

}  // namespace tutti::net
