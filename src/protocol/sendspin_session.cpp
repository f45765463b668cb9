#include "protocol/sendspin_session.h"

#include "protocol/sendspin_delta.h"
#include "protocol/sendspin_envelope.h"
#include "protocol/websocket_frame.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tutti::protocol::sendspin {
namespace {

using namespace std::chrono_literals;

constexpr int kVersion = 1;
// Questions for the time that are not answered yet, because the client does not read.
constexpr std::size_t kMostQuestions = 16;
// Messages that mean nothing are passed over, but not for ever.
constexpr unsigned kMostOffences = 20;
// An encoder may have to be started for another format: no sooner after the one before.
constexpr Duration kShortestFormat = 250ms;
// What others work for may be asked for so often in the long run, and for as long at once: a picture is to be
// made; a command is told to all of a group.
constexpr Duration kEachPicture = 250ms, kPicturesAtOnce = 4s;
constexpr Duration kEachCommand = 50ms, kCommandsAtOnce = 10s;

constexpr std::array kStreaming = {Role::player, Role::visualizer, Role::artwork};

Encoding::Codec codec_of(AudioCodec codec) {
  switch (codec) {
    case AudioCodec::pcm:
      return Encoding::Codec::pcm;
    case AudioCodec::flac:
      return Encoding::Codec::flac;
    case AudioCodec::opus:
      break;
  }
  return Encoding::Codec::opus;
}

}  // namespace

Session::Actions Session::on_text(std::string_view text, ServerTime now) {
  Actions out;
  if (phase_ == Phase::over) return out;
  auto message = parse_client_message(text);
  if (message) {
    take(std::move(*message), now, out);
  } else {
    offend(out, message.error().message);
  }
  return out;
}

Session::Actions Session::on_binary() {
  Actions out;
  offend(out, "binary messages are the server's");
  return out;
}

void Session::take(ClientMessage message, ServerTime now, Actions& out) {
  if (std::holds_alternative<ClientInit>(message)) {
    return close(
        out, kCloseProtocolError,
        "client/init begins a later, encrypted Sendspin; this server speaks version 1: client/hello");
  }
  if (auto* hello = std::get_if<ClientHello>(&message)) return on_hello(std::move(*hello), out);
  if (phase_ == Phase::silent) {
    return close(out, kCloseProtocolError, "the first message has to be client/hello");
  }
  std::visit(Overloaded{[&](const TimeRequest& m) {
                          if (questions_.size() == kMostQuestions) questions_.erase(questions_.begin());
                          questions_.push_back({m.client_transmitted, now});
                          out.emplace_back(Answer{});
                        },
                        [&](const ClientState& m) { on_state(m, out); },
                        [&](const ClientCommand& m) {
                          if (m.controller) on_control(*m.controller, now, out);
                          if (m.walk && has(Role::walk)) out.emplace_back(Walk{*m.walk});
                        },
                        [&](const FormatRequest& m) { on_format_request(m, now, out); },
                        [&](const ClientGoodbye& m) {
                          goodbye_ = m.reason;
                          close(out, kCloseNormal, "goodbye");
                        },
                        [](const auto&) {}},
             message);
}

// --- the client

void Session::on_hello(ClientHello&& hello, Actions& out) {
  if (phase_ != Phase::silent) return close(out, kCloseProtocolError, "client/hello came a second time");
  if (hello.version != kVersion) {
    return close(out, kCloseProtocolError,
                 "version " + std::to_string(hello.version) + " is not spoken here, version 1 is");
  }
  phase_ = Phase::known;
  client_id_ = std::move(hello.client_id);
  name_ = std::move(hello.name);
  is_speaker_ = hello.is_speaker;
  auto active = activate_roles(std::move(hello.supported_roles));
  if (hello.player && has(Role::player)) {
    audio_capacity_ = hello.player->buffer_capacity;
    commands_ = hello.player->commands;
    choose_format(hello.player->formats);
  }
  if (hello.artwork && has(Role::artwork)) artwork_ = std::move(*hello.artwork);
  if (hello.visualizer && has(Role::visualizer)) visualizer_capacity_ = hello.visualizer->buffer_capacity;
  say(out, ServerHello{self_.id, self_.name, kVersion, std::move(active), self_.reason});
  out.emplace_back(Enter{});
}

// The first version of each role that is known here: there is one of each.
std::vector<std::string> Session::activate_roles(std::vector<std::string> listed) {
  std::vector<std::string> active;
  for (auto& role : listed) {
    const auto at = role.find('@');
    const auto family = named<Role>(std::string_view(role).substr(0, at));
    const bool is_spoken = family && at != role.npos && std::string_view(role).substr(at) == "@v1" &&
                           (*family != Role::walk || self_.has_walk);
    if (!is_spoken) {
      if (!role.starts_with('_')) foreign_roles_.push_back(std::move(role));
    } else if (!has(*family)) {
      roles_.insert(*family);
      active.push_back(std::move(role));
    }
  }
  return active;
}

void Session::choose_format(const std::vector<AudioFormat>& formats) {
  for (const auto& format : formats) {
    const auto encoding =
        player_encoding(codec_of(format.codec), format.rate, format.channels, format.bit_depth);
    if (!encoding) continue;
    format_ = format;
    encoding_ = *encoding;
    return;
  }
}

std::int64_t Session::capacity(Role role) const {
  return role == Role::visualizer ? visualizer_capacity_ : audio_capacity_;
}

void Session::on_state(const ClientState& state, Actions& out) {
  if (state.state) state_.operational = *state.state;
  if (state.player && has(Role::player)) {
    if (state.player->volume) state_.volume = state.player->volume;
    if (state.player->muted) state_.muted = state.player->muted;
  }
  if (phase_ == Phase::known) phase_ = Phase::live;
  if (state.walk && has(Role::walk)) out.emplace_back(Walk{*state.walk});
  out.emplace_back(Note{});
  start_or_end(out);
}

bool Session::Allowance::take(ServerTime now, Duration each, Duration at_once) {
  due_ = std::max(due_, now);
  if (due_ - now > at_once) return false;
  due_ = due_ + each;
  return true;
}

void Session::on_control(const Control& control, ServerTime now, Actions& out) {
  // What is not offered is ignored, and so is what is too much.
  const bool is_offered =
      controller_ && controller_->commands && controller_->commands->contains(control.command);
  if (!has(Role::controller) || !is_offered) return;
  if (orders_.take(now, kEachCommand, kCommandsAtOnce)) out.emplace_back(Obey{control});
}

void Session::on_format_request(const FormatRequest& request, ServerTime now, Actions& out) {
  if (request.player && has(Role::player)) change_format(*request.player, now, out);
  if (request.artwork && has(Role::artwork)) change_artwork(*request.artwork, now, out);
}

void Session::change_format(const PlayerFormatRequest& request, ServerTime now, Actions& out) {
  const bool is_hasty = format_changed_at_ && now - *format_changed_at_ < kShortestFormat;
  AudioFormat wanted = format_.value_or(AudioFormat{});
  wanted.codec = request.codec.value_or(wanted.codec);
  wanted.rate = request.rate.value_or(wanted.rate);
  wanted.channels = request.channels.value_or(wanted.channels);
  wanted.bit_depth = request.bit_depth.value_or(wanted.bit_depth);
  const auto encoding =
      player_encoding(codec_of(wanted.codec), wanted.rate, wanted.channels, wanted.bit_depth);
  // What cannot be made leaves the format as it is; the answer says so.
  const bool is_other = encoding && !is_hasty && encoding_ != *encoding;
  if (is_other) {
    format_changed_at_ = now;
    format_ = wanted;
    encoding_ = *encoding;
  }
  if (!streaming_.contains(Role::player)) return start_or_end(out);
  if (is_other) out.emplace_back(Tune{Role::player, encoding_, true});
  say(out, describe({Role::player}));
}

void Session::change_artwork(const ArtworkRequest& request, ServerTime now, Actions& out) {
  const auto index = static_cast<std::size_t>(request.channel);
  if (index >= artwork_.size()) return;
  if (!pictures_.take(now, kEachPicture, kPicturesAtOnce)) {  // all stays as it is; the answer says so
    if (streaming_.contains(Role::artwork)) say(out, describe({Role::artwork}));
    return;
  }
  ArtworkChannel& channel = artwork_[index];
  channel.source = request.source.value_or(channel.source);
  channel.format = request.format.value_or(channel.format);
  channel.width = request.width.value_or(channel.width);
  channel.height = request.height.value_or(channel.height);
  if (!streaming_.contains(Role::artwork)) return;
  shown_[index] = channel;
  say(out, describe({Role::artwork}));
  out.emplace_back(Paint{request.channel});
}

// --- streams

// Sound streams while there is sound; a picture is of what is on, also where that stands still.
void Session::start_or_end(Actions& out) {
  const bool is_here =
      phase_ == Phase::live && group_ && state_.operational != OperationalState::external_source;
  Roles wanted;
  if (is_here && group_->is_playing) {
    if (has(Role::player) && encoding_) wanted.insert(Role::player);
    if (has(Role::visualizer)) wanted.insert(Role::visualizer);
  }
  if (is_here && has(Role::artwork)) wanted.insert(Role::artwork);
  end_streams(wanted, out);
  start(wanted, out);
}

void Session::start(Roles begun, Actions& out) {
  for (const Role role : kStreaming) {
    if (streaming_.contains(role)) begun.erase(role);
  }
  if (begun.empty()) return;
  if (begun.contains(Role::artwork)) shown_ = artwork_;
  say(out, describe(begun));
  for (const Role role : kStreaming) {
    if (begun.contains(role)) streaming_.insert(role);
  }
  if (begun.contains(Role::player)) out.emplace_back(Tune{Role::player, encoding_});
  if (begun.contains(Role::visualizer)) out.emplace_back(Tune{Role::visualizer, visualizer_encoding()});
  if (!begun.contains(Role::artwork)) return;
  for (int i = 0; i < static_cast<int>(artwork_.size()); ++i) out.emplace_back(Paint{i});
}

void Session::end_streams(Roles kept, Actions& out) {
  Roles ended;
  for (const Role role : kStreaming) {
    if (!streaming_.contains(role) || kept.contains(role)) continue;
    ended.insert(role);
    streaming_.erase(role);
    if (role != Role::artwork) out.emplace_back(Tune{role, std::nullopt});
  }
  if (ended.empty()) return;
  say(out, streaming_.empty() ? StreamEnd{} : StreamEnd{ended});
}

StreamStart Session::describe(Roles roles) const {
  StreamStart start;
  if (roles.contains(Role::player) && format_) {
    const auto header = codec_header(*encoding_);
    start.player = PlayerStream{*format_, std::string(header.begin(), header.end())};
  }
  if (roles.contains(Role::artwork)) start.artwork = shown_;
  if (roles.contains(Role::visualizer)) start.visualizer = visualizer_stream();
  return start;
}

// --- the server

Session::Actions Session::on_group(Group group) {
  Actions out;
  if (!is_known() || group_ == group) return out;
  const bool is_other = group_ && group_->index != group.index;
  GroupUpdate update;
  const auto change = [](const auto& value) { return std::optional(std::optional(value)); };
  if (!group_ || group_->is_playing != group.is_playing) {
    update.playback_state = change(group.is_playing ? PlaybackState::playing : PlaybackState::stopped);
  }
  if (!group_ || group_->id != group.id) update.group_id = change(group.id);
  if (!group_ || group_->name != group.name) update.group_name = change(group.name);
  group_ = std::move(group);
  const Roles before = streaming_;
  start_or_end(out);
  const auto goes_on = [&](Role role) { return before.contains(role) && streaming_.contains(role); };
  if (is_other && (goes_on(Role::player) || goes_on(Role::visualizer))) {
    say(out, StreamClear{});
    if (goes_on(Role::player)) out.emplace_back(Tune{Role::player, encoding_});
    if (goes_on(Role::visualizer)) out.emplace_back(Tune{Role::visualizer, visualizer_encoding()});
  }
  // Of another timeline of the same group there is nothing to say.
  if (update != GroupUpdate{}) say(out, update);
  return out;
}

Session::Actions Session::on_metadata(const Metadata& metadata) {
  Actions out;
  if (!is_known() || !has(Role::metadata)) return out;
  ServerState state;
  state.metadata = delta(metadata_, metadata);
  metadata_ = metadata;
  say(out, state);
  return out;
}

Session::Actions Session::on_controller(const ControllerState& state) {
  Actions out;
  if (!is_known() || !has(Role::controller) || controller_ == state) return out;
  ServerState said;
  said.controller = delta(controller_, state);
  controller_ = state;
  say(out, said);
  return out;
}

Session::Actions Session::on_command(const ServerCommand& command) {
  Actions out;
  const bool is_volume = std::holds_alternative<int>(command.set);
  const bool is_taken = commands_.contains(is_volume ? PlayerCommand::volume : PlayerCommand::mute);
  if (is_known() && has(Role::player) && is_taken) say(out, command);
  return out;
}

Session::Actions Session::on_cleared() {
  Actions out;
  const bool has_sound = streaming_.contains(Role::player) || streaming_.contains(Role::visualizer);
  if (is_known() && has_sound) say(out, StreamClear{});
  return out;
}

Session::Actions Session::on_picture(int channel, int width, int height) {
  Actions out;
  const auto index = static_cast<std::size_t>(channel);
  if (!streaming_.contains(Role::artwork) || index >= shown_.size()) return out;
  const bool is_same = shown_[index].width == width && shown_[index].height == height;
  if (is_same || width == 0 || height == 0) return out;
  shown_[index].width = width;
  shown_[index].height = height;
  say(out, describe({Role::artwork}));
  return out;
}

std::vector<std::string> Session::take_answers(ServerTime now) {
  std::vector<std::string> out;
  for (const auto& question : std::exchange(questions_, {})) {
    out.push_back(print(ServerMessage(TimeAnswer{question.client_transmitted, question.received, now})));
  }
  return out;
}

// --- endings

void Session::offend(Actions& out, std::string_view what) {
  if (phase_ == Phase::over) return;
  // Nobody is there yet who could be spoken with, or nobody who makes sense.
  if (phase_ == Phase::silent || ++offences_ > kMostOffences) {
    close(out, kClosePolicy, std::string(what));
  }
}

void Session::close(Actions& out, std::uint16_t code, std::string reason) {
  phase_ = Phase::over;
  streaming_ = {};
  out.emplace_back(End{code, std::move(reason)});
}

void Session::say(Actions& out, const ServerMessage& message) const { out.emplace_back(Say{print(message)}); }

}  // namespace tutti::protocol::sendspin
