#include "player/pcm_conversation.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace tutti::player {

std::string_view PcmConversation::begin() {
  client_ = {};
  continuation_.restart();
  position_ = 0;
  return protocol::PcmClient::kRequest;
}

Result<Conversation::Next> PcmConversation::on_text(std::string_view text, ClientTime) {
  return client_.on_text(text).and_then([this](const auto& event) { return on_event(event); });
}

Result<Conversation::Next> PcmConversation::on_binary(std::span<const std::uint8_t> bytes) {
  return client_.on_binary(bytes).and_then([this](const auto& event) { return on_event(event); });
}

Result<Conversation::Next> PcmConversation::on_event(const protocol::PcmEvent& event) {
  if (const auto* header = std::get_if<protocol::PcmHeader>(&event)) return on_header(*header);
  if (const auto* audio = std::get_if<protocol::PcmAudio>(&event)) return on_audio(audio->bytes);
  if (!std::holds_alternative<protocol::PcmEnd>(event)) return Next::more;
  if (after_loss_ == AfterLoss::carry_on) {
    if (auto done = continuation_.end(); !done) return tl::make_unexpected(done.error());
  }
  return Next::done;
}

Result<Conversation::Next> PcmConversation::on_header(const protocol::PcmHeader& header) {
  if (stream_ && after_loss_ == AfterLoss::carry_on) {
    if (header.format == stream_->format) return Next::more;
    return fail("the server sends " + describe(header.format) +
                " now; before the connection was lost it was " + describe(*stream_->format));
  }
  auto bytes = Spool::open();
  if (!bytes) return tl::make_unexpected(bytes.error());
  if (stream_) stream_->bytes->cancel();
  stream_ = Stream{header.format, std::move(*bytes)};
  streams_.post(*stream_);
  return Next::more;
}

Result<Conversation::Next> PcmConversation::on_audio(std::span<const std::uint8_t> bytes) {
  position_ += static_cast<std::int64_t>(bytes.size());
  furthest_ = std::max(furthest_, position_);
  if (after_loss_ == AfterLoss::carry_on) {
    const auto fresh = continuation_.take(bytes);
    if (!fresh) return tl::make_unexpected(fresh.error());
    bytes = *fresh;
  }
  return stream_->bytes->append(bytes).map([] { return Next::more; });
}

std::string PcmConversation::consequence() const {
  if (!stream_) return "";
  return after_loss_ == AfterLoss::start_over
             ? "the server will begin from the start again"
             : "the server will begin from the start again; what is recorded already is passed over";
}

void PcmConversation::finish() {
  if (stream_) stream_->bytes->finish();
}

void PcmConversation::cancel() {
  if (stream_) stream_->bytes->cancel();
}

}  // namespace tutti::player
