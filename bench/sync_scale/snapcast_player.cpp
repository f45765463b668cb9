#include "sync_scale/snapcast_player.h"

#include <algorithm>
#include <string_view>

namespace sync_scale {
namespace {

enum Type : std::uint16_t { kCodecHeader = 1, kChunk = 2, kSettings = 3, kTime = 4, kHello = 5 };
// type, id and id of what it answers: 16 bits each; seconds and microseconds when it was sent and received,
// and the size of what follows: 32 bits each. Little-endian.
constexpr std::size_t kHead = 26, kTypeAt = 0, kSentAt = 6, kSizeAt = 22;
constexpr std::size_t kChunkHead = 12;  // seconds, microseconds, size
// What it is to be heard later than it is stamped: snapserver's `buffer`, by default.
constexpr Micros kBuffer = 1'000'000, kSecond = 1'000'000;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xFF);
}

std::uint64_t little_endian(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t out = 0;
  for (std::size_t i = count; i > 0; --i) out = out << 8 | bytes[i - 1];
  return out;
}

Micros time_at(const std::uint8_t* bytes) {
  const auto part = [bytes](std::size_t at) {
    return Micros{static_cast<std::int32_t>(little_endian(bytes + at, 4))};
  };
  return part(0) * kSecond + part(4);
}

std::string message(Type type, std::uint16_t id, Micros now, std::string_view payload) {
  std::string out;
  put(out, type, 2);
  put(out, id, 2);
  put(out, 0, 2);
  for (const Micros time : {now, Micros{0}}) {
    put(out, static_cast<std::uint64_t>(time / kSecond), 4);
    put(out, static_cast<std::uint64_t>(time % kSecond), 4);
  }
  put(out, payload.size(), 4);
  return out.append(payload);
}

}  // namespace

std::string SnapcastPlayer::opening() {
  const std::string id = "player-" + std::to_string(number_);
  const std::string text =
      R"({"Arch":"x86_64","ClientName":"Snapclient","HostName":"here","ID":")" + id +
      R"(","Instance":1,"MAC":"00:00:00:00:00:01","OS":"Debian","SnapStreamProtocolVersion":2,"Version":"0.26.0"})";
  std::string payload;
  put(payload, text.size(), 4);
  return message(kHello, ++next_id_, 0, payload + text);
}

std::string SnapcastPlayer::question(Micros now) {
  if (!is_greeted_) return "";
  return message(kTime, ++next_id_, now, std::string(8, '\0'));
}

std::string SnapcastPlayer::take(std::span<const std::uint8_t> bytes, Micros now) {
  while (!bytes.empty()) {
    const std::size_t gone = std::min(skipped_, bytes.size());
    skipped_ -= gone;
    bytes = bytes.subspan(gone);
    const std::size_t more = std::min(bytes.size(), wanted() - head_.size());
    head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(more));
    bytes = bytes.subspan(more);
    if (head_.size() < kHead || head_.size() < wanted()) continue;
    on_message(now);
    head_.clear();
  }
  return "";
}

std::size_t SnapcastPlayer::wanted() const {
  if (head_.size() < kHead) return kHead;
  const auto size = static_cast<std::size_t>(little_endian(&head_[kSizeAt], 4));
  return kHead + std::min(size, kChunkHead);
}

void SnapcastPlayer::on_message(Micros now) {
  const auto size = static_cast<std::size_t>(little_endian(&head_[kSizeAt], 4));
  const std::uint8_t* payload = head_.data() + kHead;
  skipped_ = kHead + size - head_.size();
  switch (little_endian(&head_[kTypeAt], 2)) {
    case kSettings:
      is_greeted_ = true;
      return;
    case kTime: {
      // Its payload is how long the question was on its way, by two clocks; the answer's way is seen here.
      if (size < 8) return;
      const Micros there = time_at(payload), back = now - time_at(&head_[kSentAt]);
      return know_time(now + (there - back) / 2, now, there + back);
    }
    case kChunk: {
      if (size < kChunkHead) return;
      const std::size_t content = size - kChunkHead;
      return know_chunk(time_at(payload) + kBuffer, duration_of(is_opus_, content), content, now);
    }
    default:
      return;
  }
}

}  // namespace sync_scale
