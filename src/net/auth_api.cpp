#include "net/auth_api.h"

#include "app/lifetimes.h"
#include "net/ask.h"
#include "protocol/credentials.h"
#include "protocol/small_json.h"

#include <charconv>
#include <utility>

#include <boost/beast/http/field.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace tutti::net {
namespace {

namespace json = boost::json;
using app::SignIn;
using asio::awaitable;

constexpr std::string_view kLogin = "/api/v1/login";
constexpr std::string_view kLink = "/api/v1/login/once";
constexpr std::string_view kLogout = "/api/v1/logout";
constexpr std::string_view kSession = "/api/v1/session";
constexpr std::string_view kSessions = "/api/v1/sessions";
constexpr std::string_view kOneSession = "/api/v1/sessions/";

// The coroutines' common part: by reference, as they end before the request does.
struct Asked {
  Control& control;
  const HttpRequest& request;
  const protocol::RequestTarget& target;
  const Peer& peer;

  app::Caller caller() const { return {peer.address, control.clock.now(), control.clock.date()}; }
  std::string agent() const { return std::string(request[http::field::user_agent]); }
};

json::array names_of(const app::Roles& roles) {
  json::array out;
  for (const auto& name : roles.names()) out.emplace_back(name);
  return out;
}

Reply method_refused(std::string allow) {
  Reply reply = private_error(http::status::method_not_allowed, "this path does not take that method");
  reply.headers.emplace_back("Allow", std::move(allow));
  return reply;
}

void set_cookie(Reply& reply, std::string_view session, Duration lifetime, bool is_secure) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime);
  reply.headers.emplace_back("Set-Cookie", protocol::session_cookie(session, seconds, is_secure));
}

Reply signed_in_reply(const Asked& asked, const SignIn::SignedIn& done) {
  if (auto refused = refuse_unless_known(done.verdict, asked.request)) return std::move(*refused);
  const app::Identity& identity = done.verdict.identity;
  Reply reply = private_reply(json::object{{"user", identity.user}, {"roles", names_of(identity.roles)}});
  set_cookie(reply, done.session, done.lifetime, asked.peer.is_secure);
  return reply;
}

// Only JSON: a form of another site can send none.
Result<json::object> read_body(const HttpRequest& request) {
  const std::string_view type = request[http::field::content_type];
  if (!type.starts_with("application/json"))
    return fail("the body is JSON, with Content-Type: application/json");
  auto body = protocol::parse_small_object(request.body());
  if (!body) return fail("the body is no JSON object");
  return std::move(*body);
}

awaitable<Reply> log_in(Asked asked) {
  auto body = read_body(asked.request);
  if (!body) co_return private_error(http::status::bad_request, body.error().message);
  auto name = protocol::text_in(*body, "name"), password = protocol::text_in(*body, "password");
  if (!name || !password) {
    co_return private_error(http::status::bad_request, R"(wanted: {"name":"…","password":"…"})");
  }
  auto question = [asked, name = *name, password = *password](auto answer) {
    asked.control.sign_in.with_password(name, password, asked.caller(), asked.agent(), std::move(answer));
  };
  const auto done = co_await ask<SignIn::SignedIn>(asked.control.executor, std::move(question));
  co_return signed_in_reply(asked, done);
}

awaitable<Reply> log_in_once(Asked asked) {
  auto body = read_body(asked.request);
  if (!body) co_return private_error(http::status::bad_request, body.error().message);
  auto secret = protocol::text_in(*body, "once");
  if (!secret) co_return private_error(http::status::bad_request, R"(wanted: {"once":"…"})");
  SignIn::FirstOperator wanted;
  wanted.name = protocol::text_in(*body, "name").value_or(wanted.name);
  wanted.password = protocol::text_in(*body, "password").value_or("");
  using Answer = Result<SignIn::SignedIn>;
  auto question = [asked, secret = *secret, wanted](auto answer) {
    asked.control.sign_in.with_link(secret, wanted, asked.caller(), asked.agent(), std::move(answer));
  };
  const auto done = co_await ask<Answer>(asked.control.executor, std::move(question));
  if (!done) co_return private_error(http::status::bad_request, done.error().message);
  co_return signed_in_reply(asked, *done);
}

awaitable<Reply> log_out(Asked asked) {
  const auto session = protocol::find_cookie(asked.request[http::field::cookie], protocol::kSessionCookie);
  Result<void> done;
  if (session) {
    auto question = [asked, session = *session](auto answer) {
      asked.control.sign_in.sign_out(session, std::move(answer));
    };
    done = co_await ask<Result<void>>(asked.control.executor, std::move(question));
  }
  if (!done) co_return private_error(http::status::service_unavailable, done.error().message);
  Reply reply = private_reply(json::object{{"status", "success"}});
  set_cookie(reply, "", Duration{0}, asked.peer.is_secure);
  co_return reply;
}

// Never 401: that somebody is nobody is an answer.
awaitable<Reply> who_am_i(Asked asked, Credentials credentials, bool is_listening_closed) {
  const std::string session = credentials.kind == Credentials::Kind::session ? credentials.secret : "";
  const auto verdict = co_await identify(asked.control, std::move(credentials), asked.peer.address);
  if (verdict.kind == app::Verdict::Kind::slowed || verdict.kind == app::Verdict::Kind::unavailable) {
    co_return std::move(*refuse_unless_known(verdict, asked.request));
  }
  json::object out{{"user", nullptr}, {"roles", names_of(verdict.identity.roles)}, {"listening", "open"}};
  if (verdict.is_known()) out["user"] = verdict.identity.user;
  if (is_listening_closed) out["listening"] = "closed";
  Reply reply = private_reply(out);
  // The browser forgets the cookie at the same time as the server does, so it is told of the new one.
  if (!session.empty() && verdict.is_known()) {
    set_cookie(reply, session, app::kSessionLifetime, asked.peer.is_secure);
  }
  co_return reply;
}

awaitable<Reply> list_sessions(Asked asked, app::Identity identity) {
  using Found = Result<std::vector<app::Session>>;
  auto question = [asked, user = identity.user](auto answer) {
    asked.control.sign_in.sessions_of(user, asked.control.clock.date(), std::move(answer));
  };
  const auto found = co_await ask<Found>(asked.control.executor, std::move(question));
  if (!found) co_return private_error(http::status::service_unavailable, found.error().message);
  const auto cookie = protocol::find_cookie(asked.request[http::field::cookie], protocol::kSessionCookie);
  const SecretDigest mine = digest_of(cookie.value_or(""));
  const auto seconds = [](WallTime t) {
    return std::chrono::duration_cast<std::chrono::seconds>(t.since_unix_epoch).count();
  };
  json::array list;
  for (const auto& session : *found) {
    list.push_back(json::object{{"id", session.id},
                                {"created", seconds(session.created)},
                                {"expires", seconds(session.expires)},
                                {"address", session.address},
                                {"agent", session.agent},
                                {"current", session.digest == mine}});
  }
  co_return private_reply(json::object{{"sessions", std::move(list)}});
}

awaitable<Reply> end_session(Asked asked, app::Identity identity) {
  const std::string text = asked.target.path.substr(kOneSession.size());
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  Result<bool> ended = false;
  if (error == std::errc() && end == text.data() + text.size()) {
    auto question = [asked, user = identity.user, id](auto answer) {
      asked.control.sign_in.end_session_of(user, id, std::move(answer));
    };
    ended = co_await ask<Result<bool>>(asked.control.executor, std::move(question));
  }
  if (!ended) co_return private_error(http::status::service_unavailable, ended.error().message);
  if (!*ended) co_return private_error(http::status::not_found, "you have no such session");
  co_return private_reply(json::object{{"status", "success"}});
}

}  // namespace

bool is_auth_path(std::string_view path) {
  return path == kLogin || path == kLink || path == kLogout || path == kSession || path == kSessions ||
         path.starts_with(kOneSession);
}

awaitable<Reply> answer_auth_api(Control& control, const HttpRequest& request,
                                 const protocol::RequestTarget& target, Peer peer, bool is_listening_closed) {
  const Asked asked{control, request, target, peer};
  const std::string_view path = target.path;
  Credentials credentials = credentials_of(request, target);
  const bool is_post = request.method() == http::verb::post;
  const bool is_read = request.method() == http::verb::get || request.method() == http::verb::head;
  if (auto refused = refuse_cross_site(request, credentials.kind)) co_return std::move(*refused);
  if (path == kLogin || path == kLink || path == kLogout) {
    if (!is_post) co_return method_refused("POST");
    if (path == kLogin) co_return co_await log_in(asked);
    if (path == kLink) co_return co_await log_in_once(asked);
    co_return co_await log_out(asked);
  }
  if (path == kSession) {
    if (!is_read) co_return method_refused("GET, HEAD");
    co_return co_await who_am_i(asked, std::move(credentials), is_listening_closed);
  }
  const auto verdict = co_await identify(control, std::move(credentials), peer.address);
  if (auto refused = refuse_unless_known(verdict, request)) co_return std::move(*refused);
  if (path == kSessions) {
    if (!is_read) co_return method_refused("GET, HEAD");
    co_return co_await list_sessions(asked, verdict.identity);
  }
  if (request.method() != http::verb::delete_) co_return method_refused("DELETE");
  co_return co_await end_session(asked, verdict.identity);
}

}  // namespace tutti::net
