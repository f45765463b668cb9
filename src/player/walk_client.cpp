#include "player/walk_client.h"

#include "domain/walk_timing.h"
#include "player/patience.h"
#include "player/times.h"

#include <algorithm>
#include <utility>

namespace tutti::player {

namespace wire = protocol::sendspin;

namespace {

constexpr auto kRole = "_walk@v1";
constexpr std::size_t kMostSaid = 64, kMostWaiting = 64, kTrips = 16, kMostKnown = 1000;
constexpr Duration kSteady{500}, kSteadyClock{50};  // so that what trembles is not told each second

Duration rough(Duration d, Duration step) { return (d + step / 2) / step * step; }

// What of `all` is not in `told`.
WalkReport changes_of(WalkReport all, const WalkReport& told) {
  if (all.name == told.name) all.name.reset();
  if (all.is_unlocked == told.is_unlocked) all.is_unlocked.reset();
  std::erase_if(all.assets, [&](const auto& each) {
    const auto found = told.assets.find(each.first);
    return found != told.assets.end() && found->second == each.second;
  });
  if (all.clock == told.clock) all.clock.reset();
  if (all.latency == told.latency) all.latency.reset();
  if (all.correction == told.correction) all.correction.reset();
  if (all.battery == told.battery) all.battery.reset();
  if (all.network == told.network) all.network.reset();
  if (all.is_hidden == told.is_hidden) all.is_hidden.reset();
  return all;
}

}  // namespace

void WalkClient::begin() {
  keeper_.on_connected();
  hello_said_ = hello_heard_ = is_state_told_ = false;
  waiting_.clear();
  asked_.reset();
  next_question_.reset();
  told_.reset();
  said_.clear();
  trips_.clear();
}

Result<void> WalkClient::on_text(std::string_view text, ClientTime arrived) {
  const auto message = wire::parse_server_message(text);
  if (!message) return fail("the server sent what is no message: " + message.error().message);
  if (const auto* hello = std::get_if<wire::ServerHello>(&*message)) return on_hello(*hello);
  if (!hello_heard_) return fail("the server does not begin with server/hello; does it speak Sendspin v1?");
  if (const auto* answer = std::get_if<wire::TimeAnswer>(&*message)) on_time(*answer, arrived);
  if (const auto* state = std::get_if<wire::ServerState>(&*message); state && state->walk) {
    // Each state is a change of the one before, so none can be left out.
    if (waiting_.size() >= kMostWaiting) return fail("the server sends states and does not tell the time");
    waiting_.push_back(*state->walk);
  }
  catch_up(arrived);
  return {};
}

Result<void> WalkClient::on_hello(const wire::ServerHello& hello) {
  if (hello_heard_) return fail("the server says hello twice");
  if (hello.version != 1) {
    return fail("the server speaks version " + std::to_string(hello.version) +
                " of Sendspin; this is version 1");
  }
  const bool has_walk = std::ranges::find(hello.active_roles, kRole) != hello.active_roles.end();
  if (!has_walk) return fail("the server '" + hello.name + "' has no walk; tutti serve --walk makes one");
  hello_heard_ = true;
  server_ = hello.name;
  return {};
}

void WalkClient::on_time(const wire::TimeAnswer& answer, ClientTime arrived) {
  // Only the answer to the question that is open: others are too old to be worth anything, or made up.
  if (!asked_ || asked_->since_start != answer.client_transmitted) return;
  const ClientTime asked = *std::exchange(asked_, std::nullopt);
  next_question_ = asked + keeper_.interval();
  if (!is_plausible(answer.received) || !is_plausible(answer.transmitted)) return;
  if (trips_.size() == kTrips) trips_.pop_front();
  trips_.push_back(arrived - asked);
  const bool is_decided = keeper_.add({asked, answer.received, answer.transmitted, arrived});
  if (is_decided && keeper_.verdict() == ServerTimeKeeper::Verdict::other && !is_time_new_) {
    is_time_new_ = true;
    held_.reset();
    if (keeper_.before()) held_ = *keeper_.before();
  }
  next_question_ = asked + keeper_.interval();
}

void WalkClient::catch_up(ClientTime now) {
  if (!is_current() || waiting_.empty()) return;
  for (const auto& state : std::exchange(waiting_, {})) {
    if (std::exchange(is_time_new_, false)) enter_new_time(state.walk, now);
    take(state);
  }
}

// The server was started anew. It has stored by the calendar what is heard, so a cue that is known is where
// it was, whatever the two clocks say of each other.
void WalkClient::enter_new_time(const Walk& told, ClientTime now) {
  if (!held_) return;
  for (const auto* cue : {&told.live.now, &told.live.next}) {
    for (const auto* mine : {&walk_.live.now, &walk_.live.next}) {
      if (!*cue || !*mine || (*cue)->id != (*mine)->id || (*cue)->part != (*mine)->part) continue;
      shift_ = (*cue)->start - (*mine)->start;
      return;
    }
  }
  shift_ += keeper_.clock()->to_server(now) - held_->to_server(now);
}

void WalkClient::take(const wire::WalkState& state) {
  Walk told = shifted(state.walk, -shift_);
  const WalkKeys& keys = state.keys;
  if (keys.about) walk_.about = std::move(told.about);
  if (keys.assets) walk_.assets = std::move(told.assets);
  if (keys.assets) urls_ = state.urls;
  if (keys.sheet) walk_.sheet = std::move(told.sheet);
  if (keys.live) walk_.live = std::move(told.live);
  if (keys.live) walk_.reached = std::move(told.reached);
  if (keys.edit) walk_.edit = std::move(told.edit);
  if (keys.messages) walk_.messages = std::move(told.messages);
  if (keys.lead) walk_.lead = told.lead;
  if (keys.armed) walk_.armed = std::move(told.armed);
  ++edition_;
  for (const auto* cue : {&walk_.live.now, &walk_.live.next}) {
    if (*cue && !known_.contains((*cue)->id)) {
      if (known_.size() == kMostKnown) known_.erase(known_.begin());
      known_.insert((*cue)->id);
      say(WalkAck{(*cue)->id, std::nullopt, Duration{0}});
    }
  }
}

ClockLine WalkClient::clock(ClientTime now) const {
  // Until the walk is known in the new time, both are of the old one.
  const ClockFilter* clock = is_time_new_ && held_ ? &*held_ : keeper_.clock();
  if (!clock) return {};
  const auto micros = [](Duration d) { return Micros(static_cast<double>(d.count())); };
  return {true, micros(now.since_start), micros(clock->to_server(now).since_start - shift_), clock->drift(),
          micros(clock->uncertainty(now))};
}

std::optional<Duration> WalkClient::latency() const {
  if (trips_.empty()) return std::nullopt;
  return *std::ranges::max_element(trips_) / 2;
}

void WalkClient::report(const WalkReport& all) {
  report_ = all;
  if (report_.clock) report_.clock = rough(*report_.clock, kSteadyClock);
  if (report_.latency) report_.latency = rough(*report_.latency, kSteady);
}

void WalkClient::say(const wire::WalkSaid& said) {
  if (hello_heard_ && said_.size() < kMostSaid) said_.push_back(said);
}

std::optional<std::string> WalkClient::speak(ClientTime now) {
  if (!std::exchange(hello_said_, true)) {
    wire::ClientHello hello;
    hello.client_id = profile_.id;
    hello.name = profile_.name;
    hello.device_info = wire::DeviceInfo{"tutti play --walk", "Tutti", profile_.version};
    hello.supported_roles = {kRole};
    hello.is_speaker = true;
    return print(wire::ClientMessage{hello});
  }
  if (has_left_) return std::nullopt;
  if (is_leaving_) {
    has_left_ = true;
    return print(wire::ClientMessage{wire::ClientGoodbye{wire::GoodbyeReason::user_request}});
  }
  if (!hello_heard_) return std::nullopt;
  // The time does not wait for the rest.
  if (now >= speaks_at(now)) {
    asked_ = now;
    return print(wire::ClientMessage{wire::TimeRequest{now.since_start}});
  }
  if (auto text = changes()) return text;
  if (said_.empty()) return std::nullopt;
  const wire::ClientCommand command{{}, said_.front()};
  said_.pop_front();
  return print(wire::ClientMessage{command});
}

// All of it first, then what is different.
std::optional<std::string> WalkClient::changes() {
  wire::ClientState state;
  if (!std::exchange(is_state_told_, true)) state.state = wire::OperationalState::synchronized;
  WalkReport news = changes_of(report_, told_.value_or(WalkReport{}));
  if (news != WalkReport{}) state.walk = std::move(news);
  told_ = report_;
  if (!state.state && !state.walk) return std::nullopt;
  return print(wire::ClientMessage{state});
}

ClientTime WalkClient::speaks_at(ClientTime now) const {
  if (!hello_heard_ || is_leaving_) return kNever;
  if (asked_) return *asked_ + kAnswerIn;
  return next_question_.value_or(now);
}

}  // namespace tutti::player
