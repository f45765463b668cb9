#include "media/packet_builder.h"

#include <utility>

namespace tutti::media {
namespace {

constexpr int kFramesPerPacket = 8;  // 209 ms of MP3 at 44.1 kHz

}  // namespace

void PacketBuilder::add(Frames frame, std::span<const std::uint8_t> bytes, const Output& out) {
  const Frames end = frame + frame_length_;
  Title title = title_;
  while (!marks_.empty() && marks_.front().at < end) {
    title = std::move(marks_.front().title);
    marks_.pop_front();
  }
  if (title != title_) hand_out(frame, out);
  title_ = std::move(title);
  if (end <= first_) return;
  if (count_ == 0) begin_ = frame;
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  if (++count_ == kFramesPerPacket) hand_out(end, out);
}

void PacketBuilder::hand_out(Frames end, const Output& out) {
  if (count_ == 0) return;
  const ServerTime at = time_of(begin_);
  out(std::make_shared<const Packet>(
      Packet{std::exchange(bytes_, {}), at, time_of(end) - at, title_, end - begin_}));
  count_ = 0;
}

}  // namespace tutti::media
