#include "net/listener.h"

#include <algorithm>
#include <array>
#include <sys/uio.h>
#include <utility>

namespace tutti::net {

// What one system call writes.
struct Listener::Slices {
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMostBytes = 256 * 1024;
  std::array<iovec, kMost> parts;
  std::size_t count = 0;
  std::size_t bytes = 0;

  bool has_room() const { return count < kMost && bytes < kMostBytes; }
  void add(const void* data, std::size_t size) {
    // iovec serves reading too, so its pointer is not const; writev does not write through it.
    parts[count++] = {const_cast<void*>(data), size};
    bytes += size;
  }
};

Listener::Listener(QuietConnection connection, std::string head,
                   std::unique_ptr<protocol::IcyInterleaver> icy, std::string key)
    : connection_(std::move(connection)),
      icy_(std::move(icy)),
      head_(std::move(head)),
      key_(std::move(key)) {}

void Listener::begin_at(const FeedRing& ring, std::uint64_t seq) {
  begun_ = true;
  seq_ = seq;
  next_at_ = ring.packets()[seq]->at;
}

// What is left of packet `seq`, or nothing when it is not due.
std::optional<std::span<const std::uint8_t>> Listener::rest_of_packet(const FeedRing& ring, std::uint64_t due,
                                                                      std::uint64_t seq,
                                                                      std::uint32_t offset) const {
  if (held_ && seq == seq_) return std::span(held_->bytes).subspan(offset);
  if (seq < ring.packets().begin_seq() || seq >= due) return std::nullopt;
  return std::span(ring.packets()[seq]->bytes).subspan(offset);
}

void Listener::gather(const FeedRing& ring, std::uint64_t due, Slices& out) const {
  if (!head_->empty()) out.add(head_->data(), head_->size());
  if (!begun_) return;
  static const protocol::IcyBlockPtr kNoTitle;
  auto icy = icy_ ? std::optional(*icy_) : std::nullopt;
  std::uint32_t offset = offset_;
  for (std::uint64_t seq = seq_; out.has_room();) {
    const auto audio = rest_of_packet(ring, due, seq, offset);
    if (!audio) break;
    if (audio->empty()) {
      ++seq;
      offset = 0;
      continue;
    }
    auto slice = *audio;
    std::size_t audio_bytes = slice.size();
    if (icy) {
      slice = icy->front(*audio, seq < ring.packets().begin_seq() ? kNoTitle : ring.icy_block(seq));
      audio_bytes = icy->skip(slice.size());
    }
    out.add(slice.data(), slice.size());
    offset += static_cast<std::uint32_t>(audio_bytes);
  }
}

void Listener::advance(const FeedRing& ring, std::uint64_t due, std::size_t sent) {
  const std::size_t of_head = std::min(sent, head_->size());
  if (of_head > 0) head_.set(head_->substr(of_head));
  sent -= of_head;
  static const protocol::IcyBlockPtr kNoTitle;
  while (sent > 0) {
    const auto audio = *rest_of_packet(ring, due, seq_, offset_);
    std::size_t audio_bytes = std::min(sent, audio.size());
    if (icy_) {
      const auto slice =
          icy_->front(audio, seq_ < ring.packets().begin_seq() ? kNoTitle : ring.icy_block(seq_));
      const std::size_t sent_of_slice = std::min(sent, slice.size());
      audio_bytes = icy_->skip(sent_of_slice);
      sent -= sent_of_slice;
    } else {
      sent -= audio_bytes;
    }
    offset_ += static_cast<std::uint32_t>(audio_bytes);
    const Packet& packet = held_ ? *held_ : *ring.packets()[seq_];
    if (offset_ == packet.bytes.size()) {
      next_at_ = packet.at + packet.duration;
      held_.reset();
      ++seq_;
      offset_ = 0;
      if (seq_ < ring.packets().end_seq()) next_at_ = ring.packets()[seq_]->at;
    }
  }
}

void Listener::hold(const FeedRing& ring) {
  if (begun_ && offset_ > 0 && !held_) held_ = ring.packets()[seq_];
}

void Listener::flush(const FeedRing& ring, std::uint64_t due) {
  for (bool is_all = false; !is_all;) {
    Slices slices;
    gather(ring, due, slices);
    if (slices.count == 0 && !connection_.has_pending()) return;
    is_all = slices.has_room();
    const auto sent = connection_.write(std::span(slices.parts).first(slices.count));
    if (!sent) return close();
    advance(ring, due, *sent);
    if (*sent < slices.bytes || connection_.has_pending()) return hold(ring);
  }
}

Duration Listener::skip_to(const FeedRing& ring, std::uint64_t seq) {
  ++skips_;
  const ServerTime resumes_at = ring.packets()[seq]->at;
  const ServerTime lost_from = held_ ? held_->at + held_->duration : next_at_;
  next_at_ = resumes_at;
  offset_ = held_ ? offset_ : 0;
  // A packet that was begun is finished first, in the place of the one before.
  seq_ = held_ ? seq - 1 : seq;
  return resumes_at - lost_from;
}

}  // namespace tutti::net
