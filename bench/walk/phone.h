// A phone of a walk, as web/src/walk has it, without sound and without a socket: it is given bytes and times
// of its own clock, keeps the server's clock by the project's own filter, and says when it would begin each
// cue.
#pragma once

#include "domain/clock_filter.h"
#include "walk/network.h"
#include "websocket/client_wire.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace walk {

// A cue as it came to be known. All times but `start` are of the phone's clock.
struct Heard {
  std::int64_t cue = 0;
  Micros start = 0;    // of the server's clock
  Micros arrived = 0;  // the message that tells of it
  Micros begins = 0;   // when it would be heard, by the clock as it is known by then
  Micros first_round_trip = 0, last_round_trip = 0;
};

class Phone {
 public:
  Phone(std::string id, bool has_asset) : id_(std::move(id)), has_asset_(has_asset) {}

  // A connection stands: what is said at first.
  std::string open();
  void lose();
  // Bytes as they come; what is answered. `arrived` is when they were there, `now` when they are looked at.
  std::string take(std::string_view bytes, Micros arrived);
  // What it says by itself by now.
  std::string speak(Micros now);
  Micros speaks_at() const;

  bool is_greeted() const { return is_greeted_; }
  // It knows the server's clock, of this connection.
  bool is_decided() const { return is_greeted_ && !candidate_ && filter_.has_value(); }
  // The connection has not been heard from for too long.
  bool is_dead(Micros now) const;
  const std::optional<tutti::ClockFilter>& clock() const { return filter_; }
  // The last cue that has begun by now, and when it began by the clock as it is known now.
  std::optional<Heard> playing(Micros now) const;
  // What was heard of since the last call.
  std::vector<Heard> take_heard() { return std::exchange(heard_, {}); }

 private:
  struct Cue {
    std::int64_t id = 0;
    Micros start = 0;
  };
  void on_text(std::string_view text, Micros arrived, std::string& answer);
  void on_time(std::string_view text, Micros arrived);
  void on_walk(const std::string& text, Micros arrived);
  void on_cue(const Cue& cue, Micros arrived);
  std::string report();

  std::string id_;
  bool has_asset_;
  bench::FrameReader reader_;
  bool is_connected_ = false, is_greeted_ = false;
  Micros asked_ = 0, asks_at_ = 0, heard_at_ = 0;
  bool is_asking_ = false, reports_ = false;

  std::optional<tutti::ClockFilter> filter_, candidate_;
  std::vector<tutti::Exchange> listened_;
  struct Unread {
    std::string text;
    Micros arrived = 0;
  };
  std::vector<Unread> unread_;  // until the clock is decided
  Micros first_round_trip_ = 0, last_round_trip_ = 0, latency_ = 0, told_latency_ = -1;

  std::vector<Cue> live_;  // now and next
  std::set<std::int64_t> known_;
  std::vector<Heard> heard_;
  std::map<Micros, std::string> acks_;  // by when they are due
};

}  // namespace walk
