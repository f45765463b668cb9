#include "storage/redis_player_store.h"

#include "base/log.h"
#include "storage/redis_scripts.h"

#include <array>
#include <charconv>
#include <utility>

namespace tutti::storage {
namespace {

using namespace std::chrono_literals;

constexpr auto kBeatEvery = 2s;
constexpr auto kSweepEvery = 15s;
constexpr auto kServerDeadAfter = 15s;
constexpr auto kUsersAtOnce = "1000";
const std::string kStates = "player_states";
const std::string kServers = "player_servers";
const std::string kChannel = "player_states:";

std::string in_milliseconds(std::chrono::milliseconds value) { return std::to_string(value.count()); }

// An answer that is no error of Redis' own.
Result<RedisReply> sound(Result<RedisReply> reply) {
  if (reply && reply->is_error()) return fail("Redis answers: " + reply->text);
  return reply;
}

// What envelope() has made.
struct Envelope {
  app::PlayerOrigin origin;
  bool has_text = false;
  std::string state, text;
};

std::optional<Envelope> opened(const std::string& message) {
  const auto head_end = message.find('\n');
  const auto state_end = head_end == message.npos ? message.npos : message.find('\n', head_end + 1);
  if (state_end == message.npos) return std::nullopt;
  Envelope out;
  const char* at = message.data();
  const char* end = at + head_end;
  auto server = std::from_chars(at, end, out.origin.server);
  if (server.ec != std::errc() || server.ptr == end || *server.ptr != ' ') return std::nullopt;
  auto update = std::from_chars(server.ptr + 1, end, out.origin.update);
  if (update.ec != std::errc() || end - update.ptr != 2) return std::nullopt;
  out.has_text = update.ptr[1] == 't';
  out.state = message.substr(head_end + 1, state_end - head_end - 1);
  out.text = message.substr(state_end + 1);
  return out;
}

}  // namespace

RedisPlayerStore::RedisPlayerStore(RedisAddress address, Settings settings)
    : settings_(std::move(settings)),
      name_(std::to_string(settings_.server)),
      digests_(4),
      commands_(address, {[this](RedisConnection& connection) { return prepare(connection); },
                          [this] { post_([this] { set_well(commands_health_); }); },
                          [this](const std::string& why) {
                            post_([this, why] { set_lost(commands_health_, why); });
                          }}),
      news_(address,
            {[this](const std::string& channel, const std::string& message) { on_message(channel, message); },
             [this] { post_([this] { set_well(news_health_); }); },
             [this](const std::string& why) { post_([this, why] { set_lost(news_health_, why); }); }}) {}

RedisPlayerStore::~RedisPlayerStore() { close(); }

void RedisPlayerStore::open(Events& events, Post post) {
  events_ = &events;
  post_ = std::move(post);
  opened_ = std::chrono::steady_clock::now();
  commands_.repeat(
      kBeatEvery, [this] { return call(Script::beat, {kServers}, {name_}); }, nullptr);
  const auto sweep = [this]() -> RedisConnection::Command {
    // After a restart of everything, devices get the time to come back.
    if (std::chrono::steady_clock::now() - opened_ < settings_.grace) return {"PING"};
    return call(Script::sweep, {kServers}, {in_milliseconds(settings_.grace), kUsersAtOnce});
  };
  const auto swept = [this](const Result<RedisReply>& reply) {
    if (reply && !reply->list.empty()) on_swept(*reply);
  };
  commands_.repeat(std::min<std::chrono::milliseconds>(kSweepEvery, settings_.grace), sweep, swept);
  commands_.start();
  news_.start();
}

void RedisPlayerStore::close() {
  news_.stop();
  commands_.stop();
}

Result<void> RedisPlayerStore::prepare(RedisConnection& connection) {
  std::vector<std::string> digests;
  for (const auto* script : {kSaveScript, kBeatScript, kLeaveScript, kSweepScript}) {
    const auto reply = sound(connection.ask({"SCRIPT", "LOAD", script}));
    if (!reply) return tl::make_unexpected(reply.error());
    digests.push_back(reply->text);
  }
  warn_unless_durable(connection);
  const std::lock_guard lock(scripts_mutex_);
  digests_ = std::move(digests);
  return {};
}

void RedisPlayerStore::warn_unless_durable(RedisConnection& connection) {
  for (const auto& [name, wanted] : {std::pair("appendonly", "yes"), std::pair("appendfsync", "always")}) {
    const auto reply = connection.ask({"CONFIG", "GET", name});
    // A Redis that does not tell is its operator's business.
    if (!reply || reply->list.size() != 2 || reply->list[1].text == wanted) continue;
    log::warn("Redis has {} {}: if it crashes, it forgets the last changes; set '{} {}'", name,
              reply->list[1].text, name, wanted);
    return;
  }
}

RedisConnection::Command RedisPlayerStore::call(Script script, std::vector<std::string> keys,
                                                std::vector<std::string> arguments) {
  RedisConnection::Command command{"EVALSHA", "", std::to_string(keys.size())};
  {
    const std::lock_guard lock(scripts_mutex_);
    command[1] = digests_[static_cast<std::size_t>(script)];
  }
  std::move(keys.begin(), keys.end(), std::back_inserter(command));
  std::move(arguments.begin(), arguments.end(), std::back_inserter(command));
  return command;
}

void RedisPlayerStore::load(const std::string& user, OnLoaded done) {
  // First the news, then the state: so nothing can happen between the two.
  news_.subscribe(kChannel + user, [this, user, done = std::move(done)](const Result<void>& subscribed) {
    if (subscribed) return fetch(user, done);
    post_([done, error = subscribed.error()] { done(tl::make_unexpected(error)); });
  });
}

void RedisPlayerStore::fetch(const std::string& user, OnLoaded done) {
  commands_.post(
      {"HGET", kStates, user}, [this, user, done = std::move(done)](const Result<RedisReply>& reply) {
        post_([done, state = read_state(user, sound(reply))]() mutable { done(std::move(state)); });
      });
}

Result<std::optional<PlayerState>> RedisPlayerStore::read_state(const std::string& user,
                                                                const Result<RedisReply>& reply) const {
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->kind == RedisReply::Kind::nothing) return std::nullopt;
  auto state = settings_.read(reply->text);
  if (state) return *state;
  return fail("the state that Redis has of " + user + " cannot be read (" + state.error().message +
              "); remove it with HDEL " + kStates);
}

void RedisPlayerStore::forget(const std::string& user) { news_.unsubscribe(kChannel + user); }

std::string RedisPlayerStore::envelope(const app::PlayerChange& change) const {
  return std::to_string(change.origin.server) + " " + std::to_string(change.origin.update) +
         (change.text ? " t\n" : " s\n") + settings_.write(change.state) + "\n" +
         (change.text ? *change.text : "");
}

void RedisPlayerStore::save(const std::string& user, std::optional<std::uint64_t> expected,
                            std::vector<app::PlayerChange> changes, OnSaved done) {
  std::vector<std::string> arguments{user, expected ? std::to_string(*expected) : "-",
                                     settings_.write(changes.back().state), kChannel + user};
  for (const auto& change : changes) {
    arguments.push_back(envelope(change));
    arguments.push_back(change.text ? *change.text : "");
  }
  commands_.post(call(Script::save, {kStates}, std::move(arguments)), [this, done = std::move(done)](
                                                                          const Result<RedisReply>& raw) {
    const auto reply = sound(raw);
    Result<Saved> saved;
    if (!reply) {
      saved = fail("this could not be stored: " + reply.error().message);
    } else if (reply->list.size() == 2) {
      saved = Saved{reply->list[0].number != 0, static_cast<std::uint64_t>(reply->list[1].number)};
    } else {
      saved = fail("this could not be stored: Redis answers something else");
    }
    post_([done, saved = std::move(saved)]() mutable { done(std::move(saved)); });
  });
}

void RedisPlayerStore::on_message(const std::string& channel, const std::string& message) {
  if (!channel.starts_with(kChannel)) return;
  auto envelope = opened(message);
  auto state = envelope ? settings_.read(envelope->state) : fail("no envelope");
  if (!state) {
    log::warn("Redis: a message on {} cannot be read: {}", channel, state.error().message);
    return;
  }
  app::PlayerChange change{std::move(*state), nullptr, envelope->origin};
  if (envelope->has_text) change.text = std::make_shared<const std::string>(std::move(envelope->text));
  post_([this, user = channel.substr(kChannel.size()), change = std::move(change)] {
    events_->on_changed(user, change);
  });
}

void RedisPlayerStore::enter(const std::string& user) {
  commands_.post({"SADD", "player_users:" + name_, user}, nullptr);
  commands_.post({"SADD", "player_devices:" + user, name_}, nullptr);
}

void RedisPlayerStore::leave(const std::string& user, OnLeft done) {
  auto command = call(Script::leave, {kServers, "player_devices:" + user, "player_users:" + name_},
                      {name_, user, in_milliseconds(kServerDeadAfter)});
  commands_.post(std::move(command), [this, done = std::move(done)](const Result<RedisReply>& raw) {
    const auto reply = sound(raw);
    const Result<bool> is_last = reply.map([](const RedisReply& answer) { return answer.number == 1; });
    post_([done, is_last] { done(is_last); });
  });
}

// [when, user…]
void RedisPlayerStore::on_swept(const RedisReply& reply) {
  double seen_ms = 0;
  const std::string& when = reply.list[0].text;
  std::from_chars(when.data(), when.data() + when.size(), seen_ms);
  const WallTime lost_at{std::chrono::milliseconds(static_cast<std::int64_t>(seen_ms))};
  for (std::size_t i = 1; i < reply.list.size(); ++i) {
    post_([this, user = reply.list[i].text, lost_at] { events_->on_abandoned(user, lost_at); });
  }
}

void RedisPlayerStore::set_well(Health& health) {
  const bool was_well = commands_health_.is_well && news_health_.is_well;
  health.is_well = true;
  if (was_well || !trouble().empty()) return;
  log::info("Redis is there");
  events_->on_restored();
}

void RedisPlayerStore::set_lost(Health& health, const std::string& why) {
  if (health.is_well || health.why != why) log::warn("{}; trying again", why);
  health = {false, why};
}

std::string RedisPlayerStore::trouble() const {
  if (!commands_health_.is_well) return commands_health_.why;
  return news_health_.is_well ? "" : news_health_.why;
}

}  // namespace tutti::storage
