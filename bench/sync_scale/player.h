// One player in sync of the crowd, whatever it speaks: what it was sent, and whether all of it was there when
// it was to be heard.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

namespace sync_scale {

using Micros = std::int64_t;  // of this machine's monotonic clock, or of the server's

class Player {
 public:
  virtual ~Player() = default;

  // What it says at first.
  virtual std::string opening() = 0;
  // Asks for the server's time; "": not before the server has answered.
  virtual std::string question(Micros now) = 0;
  // Bytes as they come; returns what it answers.
  virtual std::string take(std::span<const std::uint8_t> bytes, Micros now) = 0;

  // Some times a second: has it run dry?
  void look(Micros now) {
    if (!until_ || !offset_) return;
    const Micros margin = *until_ - (now + *offset_);
    least_margin_ = std::min(least_margin_, margin);
    if (margin < 0) ++dry_;
  }
  void begin_window() {
    chunks_ = missing_ = late_ = dry_ = bytes_ = 0;
    sound_ = 0;
    least_margin_ = std::numeric_limits<Micros>::max();
  }

  bool plays() const { return until_ && offset_; }
  std::uint64_t chunks() const { return chunks_; }
  std::uint64_t missing() const { return missing_; }  // whose beginning is not the end of the one before
  std::uint64_t late() const { return late_; }        // to be heard before they came
  std::uint64_t dry() const { return dry_; }
  std::uint64_t bytes() const { return bytes_; }
  Micros sound() const { return sound_; }  // that came before it was to be heard
  Micros least_margin() const { return least_margin_; }

 protected:
  // `there` of the server's clock is `here` of this one, give or take half of the round trip.
  void know_time(Micros there, Micros here, Micros round_trip) {
    if (offset_ && round_trip > round_trip_) return;
    offset_ = there - here;
    round_trip_ = round_trip;
  }
  void know_chunk(Micros at, Micros duration, std::size_t size, Micros now) {
    constexpr Micros kRounding = 2;
    ++chunks_;
    bytes_ += size;
    if (until_ && std::abs(at - *until_) > kRounding) ++missing_;
    if (offset_ && at < now + *offset_) {
      ++late_;
    } else {
      sound_ += duration;
    }
    until_ = at + duration;
  }

 private:
  std::optional<Micros> offset_, until_;
  Micros sound_ = 0, round_trip_ = 0, least_margin_ = std::numeric_limits<Micros>::max();
  std::uint64_t chunks_ = 0, missing_ = 0, late_ = 0, dry_ = 0, bytes_ = 0;
};

// Both: 48 kHz, 16 bit, stereo; Opus in packets of 20 ms.
inline Micros duration_of(bool is_opus, std::size_t bytes) {
  constexpr Micros kOpusPacket = 20'000;
  constexpr std::size_t kBytesPerMilli = 48 * 2 * 2;
  return is_opus ? kOpusPacket : static_cast<Micros>(bytes * 1000 / kBytesPerMilli);
}

}  // namespace sync_scale
