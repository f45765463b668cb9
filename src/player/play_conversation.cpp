#include "player/play_conversation.h"

#include "player/times.h"
#include "player/volume.h"

#include <utility>

namespace tutti::player {

namespace wire = protocol::sendspin;

namespace {

// A server sends at most half a minute ahead; another connection's may come on top.
constexpr Duration kCapacity{40'000'000};
constexpr Duration kFarAhead{60'000'000};
constexpr std::size_t kMostHeldBytes = 16 << 20;
constexpr int kMostChannels = 8;
constexpr int kHighestRate = 192'000;

Micros micros(Duration d) { return Micros(static_cast<double>(d.count())); }

Encoding encoding_of(const wire::AudioFormat& format) {
  Encoding encoding;
  switch (format.codec) {
    case wire::AudioCodec::pcm:
      encoding.codec = Encoding::Codec::pcm;
      break;
    case wire::AudioCodec::flac:
      encoding.codec = Encoding::Codec::flac;
      break;
    case wire::AudioCodec::opus:
      encoding.codec = Encoding::Codec::opus;
      break;
  }
  encoding.rate = format.rate;
  encoding.channels = format.channels;
  encoding.bit_depth = format.bit_depth;
  return encoding;
}

}  // namespace

PlayConversation::PlayConversation(PlayerProfile profile, Micros latency,
                                   Mailbox<std::shared_ptr<Deck>>& decks, Mailbox<PlayNews>& news,
                                   bool begins_to_play, std::string undecided)
    : client_(std::move(profile)),
      latency_(latency),
      decks_(decks),
      news_(news),
      begins_to_play_(begins_to_play),
      undecided_(std::move(undecided)) {}

std::string_view PlayConversation::target() const {
  return has_gone_elsewhere_ ? std::string_view(undecided_) : "";
}

std::string_view PlayConversation::begin() {
  client_.begin();
  held_.clear();
  held_bytes_ = 0;
  return "";
}

Result<Conversation::Next> PlayConversation::on_text(std::string_view text, ClientTime arrived) {
  const bool was_sure = client_.is_clock_sure();
  const auto event = client_.on_text(text, arrived);
  if (!event) return tl::make_unexpected(event.error());
  has_begun_ = true;
  auto next = on_event(*event);
  publish_clock();
  if (!was_sure && client_.is_clock_sure()) {
    for (const Held& held : std::exchange(held_, {})) hear(held.at, held.packet);
    held_bytes_ = 0;
  }
  if (const std::string& group = client_.now_playing().group_id; !group.empty()) {
    if (first_group_.empty()) first_group_ = group;
    has_gone_elsewhere_ = group != first_group_;
  }
  if (begins_to_play_ && client_.now_playing().allowed.contains(wire::ControllerCommand::play)) {
    begins_to_play_ = false;
    if (!client_.now_playing().is_playing) client_.command(wire::ControllerCommand::play);
  }
  tell();
  return next;
}

Result<Conversation::Next> PlayConversation::on_binary(std::span<const std::uint8_t> bytes) {
  const auto event = client_.on_binary(bytes);
  if (!event) return tl::make_unexpected(event.error());
  received_ += static_cast<std::int64_t>(bytes.size());
  return on_event(*event);
}

Result<Conversation::Next> PlayConversation::on_event(const ClientEvent& event) {
  if (std::holds_alternative<SoundBegins>(event)) {
    if (auto opened = open_stream(); !opened) return tl::make_unexpected(opened.error());
  } else if (const auto* sound = std::get_if<Sound>(&event)) {
    if (client_.is_clock_sure()) {
      hear(sound->at, sound->content);
    } else if (held_bytes_ + sound->content.size() <= kMostHeldBytes) {
      held_.push_back({sound->at, {sound->content.begin(), sound->content.end()}});
      held_bytes_ += sound->content.size();
    } else {
      ++dropped_;
    }
  } else if (!std::holds_alternative<std::monostate>(event)) {
    clear();
  }
  return Next::more;
}

// Where only the codec is another one, the sound goes on without a gap.
Result<void> PlayConversation::open_stream() {
  const wire::PlayerStream& stream = client_.stream();
  const wire::AudioFormat& format = stream.format;
  if (format.rate < 1 || format.rate > kHighestRate || format.channels < 1 ||
      format.channels > kMostChannels) {
    return fail("the server sends sound that was not asked for: " + std::to_string(format.rate) + " Hz, " +
                std::to_string(format.channels) + " channels");
  }
  const auto* header = reinterpret_cast<const std::uint8_t*>(stream.codec_header.data());
  auto decoder = media::ChunkDecoder::open(encoding_of(format), {header, stream.codec_header.size()});
  if (!decoder) return fail("what the server sends cannot be played: " + decoder.error().message);
  decoder_ = std::move(*decoder);
  const auto channels = static_cast<std::size_t>(format.channels);
  if (deck_ && deck_->samples.rate() == format.rate && deck_->samples.channels() == channels) return {};
  deck_ = std::make_shared<Deck>(format, kCapacity, latency_);
  publish_clock();
  decks_.post(deck_);
  return {};
}

void PlayConversation::hear(ServerTime at, std::span<const std::uint8_t> packet) {
  if (!deck_ || !decoder_) return;
  const auto samples = decoder_->decode(packet);
  const bool is_near = at - client_.clock().to_server(client_now()) < kFarAhead;
  if (!samples || !is_near || !deck_->samples.write(at, *samples)) ++dropped_;
}

void PlayConversation::clear() {
  if (deck_) deck_->samples.clear();
  if (decoder_) decoder_->restart();
  held_.clear();
  held_bytes_ = 0;
}

void PlayConversation::publish_clock() {
  if (!deck_) return;
  deck_->engine.set_volume(client_.is_muted() ? 0 : amplitude_of(client_.volume()));
  if (!client_.is_clock_sure()) {
    // What is there is of the clock that was known before, unless that is known to be gone.
    if (!client_.clock().ready()) deck_->engine.set_clock({});
    return;
  }
  const ClientTime here = client_now();
  const ClockFilter& clock = client_.clock();
  deck_->engine.set_clock({true, micros(here.since_start), micros(clock.to_server(here).since_start),
                           clock.drift(), micros(clock.uncertainty(here))});
}

std::optional<std::string> PlayConversation::speak() {
  if (deck_) deck_->engine.set_volume(client_.is_muted() ? 0 : amplitude_of(client_.volume()));
  auto text = client_.speak(client_now());
  tell();
  return text;
}

std::chrono::steady_clock::time_point PlayConversation::speaks_at() const {
  return steady_time(client_.speaks_at(client_now()));
}

bool PlayConversation::leave() {
  client_.leave(wire::GoodbyeReason::user_request);
  return has_begun_;
}

Result<Conversation::Next> PlayConversation::on_closed(int code, const std::string& reason) {
  if (client_.has_left()) return Next::done;
  return judge_early_close(code, reason);
}

void PlayConversation::tell() {
  PlayNews news;
  news.now = client_.now_playing();
  news.format = client_.stream().format;
  news.is_streaming = client_.is_streaming();
  news.volume = client_.volume();
  news.is_muted = client_.is_muted();
  news.uncertainty = client_.clock().uncertainty(client_now());
  news.dropped = dropped_;
  news_.post(std::move(news));
}

}  // namespace tutti::player
