#include "player/sendspin_client.h"

#include "player/patience.h"
#include "player/times.h"
#include "protocol/sendspin_binary.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tutti::player {

namespace wire = protocol::sendspin;

namespace {

constexpr Duration kSameClock{50'000};     // beyond what the network explains, clocks are two
constexpr std::size_t kMostCommands = 16;  // that wait to be sent

wire::ClientHello hello_of(const PlayerProfile& profile) {
  wire::ClientHello hello;
  hello.client_id = profile.id;
  hello.name = profile.name;
  hello.device_info = wire::DeviceInfo{"tutti play", "Tutti", profile.version};
  hello.supported_roles = {"player@v1", "controller@v1", "metadata@v1"};
  hello.player = wire::PlayerSupport{
      profile.formats, profile.buffer_capacity, {wire::PlayerCommand::volume, wire::PlayerCommand::mute}};
  return hello;
}

bool concerns_player(const std::optional<wire::Roles>& roles) {
  return !roles || roles->contains(wire::Role::player);
}

}  // namespace

SendspinClient::SendspinClient(PlayerProfile profile)
    : profile_(std::move(profile)), volume_(std::clamp(profile_.volume, 0, 100)) {}

void SendspinClient::begin() {
  hello_said_ = hello_heard_ = is_clock_sure_ = is_streaming_ = false;
  asked_.reset();
  next_question_.reset();
  told_.reset();
  commands_.clear();
}

Result<ClientEvent> SendspinClient::on_text(std::string_view text, ClientTime arrived) {
  const auto message = wire::parse_server_message(text);
  if (!message) return fail("the server sent what is no message: " + message.error().message);
  if (const auto* hello = std::get_if<wire::ServerHello>(&*message)) return on_hello(*hello);
  if (!hello_heard_) return fail("the server does not begin with server/hello; does it speak Sendspin v1?");
  if (const auto* answer = std::get_if<wire::TimeAnswer>(&*message)) return on_time(*answer, arrived);
  if (const auto* start = std::get_if<wire::StreamStart>(&*message)) {
    if (!start->player) return ClientEvent{};
    is_streaming_ = true;
    stream_ = *start->player;
    return ClientEvent{SoundBegins{}};
  }
  if (const auto* clear = std::get_if<wire::StreamClear>(&*message)) {
    return concerns_player(clear->roles) ? ClientEvent{SoundCleared{}} : ClientEvent{};
  }
  if (const auto* end = std::get_if<wire::StreamEnd>(&*message)) {
    if (!concerns_player(end->roles)) return ClientEvent{};
    is_streaming_ = false;
    return ClientEvent{SoundEnds{}};
  }
  if (const auto* command = std::get_if<wire::ServerCommand>(&*message)) on_command(*command);
  if (const auto* state = std::get_if<wire::ServerState>(&*message)) apply(now_playing_, *state);
  if (const auto* update = std::get_if<wire::GroupUpdate>(&*message)) apply(now_playing_, *update);
  return ClientEvent{};
}

Result<ClientEvent> SendspinClient::on_hello(const wire::ServerHello& hello) {
  if (hello_heard_) return fail("the server says hello twice");
  if (hello.version != 1) {
    return fail("the server speaks version " + std::to_string(hello.version) +
                " of Sendspin; this is version 1");
  }
  const bool may_play = std::ranges::find(hello.active_roles, "player@v1") != hello.active_roles.end();
  if (!may_play) return fail("the server '" + hello.name + "' takes no players");
  hello_heard_ = true;
  now_playing_ = {};
  now_playing_.server = hello.name;
  return ClientEvent{};
}

ClientEvent SendspinClient::on_time(const wire::TimeAnswer& answer, ClientTime arrived) {
  // Only the answer to the question that is open: others are too old to be worth anything, or made up.
  if (!asked_ || asked_->since_start != answer.client_transmitted) return {};
  const ClientTime asked = *std::exchange(asked_, std::nullopt);
  next_question_ = asked + clock_.interval();
  if (!is_plausible(answer.received) || !is_plausible(answer.transmitted)) return {};
  const Exchange exchange{asked, answer.received, answer.transmitted, arrived};
  bool is_other = false;
  if (!is_clock_sure_ && clock_.ready()) {
    const Duration round_trip = exchange.arrived - exchange.sent;
    const Duration off = exchange.received - clock_.to_server(exchange.sent);
    is_other = std::abs(off.count()) > (round_trip + clock_.uncertainty(arrived) + kSameClock).count();
    if (is_other) clock_ = ClockFilter{};
  }
  clock_.add(exchange);
  is_clock_sure_ = is_clock_sure_ || clock_.ready();
  next_question_ = exchange.sent + clock_.interval();
  return is_other ? ClientEvent{ClockChanged{}} : ClientEvent{};
}

void SendspinClient::on_command(const wire::ServerCommand& command) {
  if (const auto* volume = std::get_if<int>(&command.set)) set_volume(*volume);
  if (const auto* mute = std::get_if<bool>(&command.set)) set_muted(*mute);
}

Result<ClientEvent> SendspinClient::on_binary(std::span<const std::uint8_t> message) {
  const auto binary = wire::parse_binary(message);
  if (!binary)
    return fail("the server sent " + std::to_string(message.size()) + " bytes that are no message");
  if (!binary->kind || binary->kind->role != wire::Role::player || !is_streaming_) return ClientEvent{};
  if (!is_plausible(binary->at)) return ClientEvent{};
  return ClientEvent{Sound{binary->at, binary->content}};
}

std::optional<std::string> SendspinClient::speak(ClientTime now) {
  if (!std::exchange(hello_said_, true)) return print(wire::ClientMessage{hello_of(profile_)});
  if (has_left_) return std::nullopt;
  if (leaving_) {
    has_left_ = true;
    return print(wire::ClientMessage{wire::ClientGoodbye{*leaving_}});
  }
  if (!hello_heard_) return std::nullopt;
  if (auto text = changes()) return text;
  if (!commands_.empty()) {
    const wire::Control control = commands_.front();
    commands_.pop_front();
    return print(wire::ClientMessage{wire::ClientCommand{control}});
  }
  if (now < speaks_at(now)) return std::nullopt;
  asked_ = now;
  return print(wire::ClientMessage{wire::TimeRequest{now.since_start}});
}

// All of it first, then what is different.
std::optional<std::string> SendspinClient::changes() {
  const wire::ClientState all{
      is_synchronized_ ? wire::OperationalState::synchronized : wire::OperationalState::error,
      wire::PlayerState{volume_, is_muted_}};
  if (told_ == all) return std::nullopt;
  wire::ClientState news = all;
  if (told_) {
    if (news.state == told_->state) news.state.reset();
    if (news.player == told_->player) news.player.reset();
  }
  told_ = all;
  return print(wire::ClientMessage{news});
}

ClientTime SendspinClient::speaks_at(ClientTime now) const {
  if (!hello_heard_ || leaving_) return kNever;
  if (asked_) return *asked_ + kAnswerIn;
  return next_question_.value_or(now);
}

void SendspinClient::set_volume(int volume) { volume_ = std::clamp(volume, 0, 100); }
void SendspinClient::set_muted(bool muted) { is_muted_ = muted; }
void SendspinClient::set_operational(bool is_synchronized) { is_synchronized_ = is_synchronized; }
void SendspinClient::leave(wire::GoodbyeReason reason) { leaving_ = reason; }

bool SendspinClient::command(wire::ControllerCommand command) {
  if (!now_playing_.allowed.contains(command) || commands_.size() >= kMostCommands) return false;
  commands_.push_back({command, {}, {}});
  return true;
}

}  // namespace tutti::player
