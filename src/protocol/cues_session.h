// One phone of the earlier sound-walk app, at /cues: JSON text over WebSocket, as its published programs
// speak it (docs/protocol.md). Sans I/O: is told what came, what is on and what time it is; says what to send
// and what the conductor is to know.
//
// The app has no clock of ours. It is told to wait so many seconds after a cue has reached it, so the way to
// it is subtracted: half of the shortest of its last round trips. Those are of pings. An ack is no measure:
// the app sends a second one when it has played.
#pragma once

#include "domain/walk.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::protocol {

// A part of the audio that begins at a moment. `stop`: it does not play to `b`, but ends then. `until`: the
// next one begins then, and so nobody has to be told of the end.
struct AppCue {
  std::uint64_t id = 0;  // what was said of one is not said again
  std::chrono::milliseconds a{0}, b{0};
  ServerTime start;
  bool loop = false;
  std::optional<ServerTime> stop, until;
};

// What an app that has `asset` is to play at `now` and next, at most `most`. Where another asset has its turn
// it is silent.
std::vector<AppCue> app_cues(const Walk& walk, const std::string& asset, ServerTime now,
                             std::size_t most = 4);

class CuesSession {
 public:
  static constexpr Duration kPingEvery = std::chrono::seconds(10);
  // Cues wait for the first round trip, but for no longer than this after the phone has connected.
  static constexpr Duration kPatience = std::chrono::milliseconds(500);
  // What is subtracted where no ping was ever answered.
  static constexpr Duration kUnmeasured = std::chrono::milliseconds(50);
  // Who hears of a cue too late enters it so long after that: time to find the place.
  static constexpr Duration kEntry = std::chrono::milliseconds(200);
  // A cue is not told sooner than so long before it begins: the app cannot be made to forget it.
  static constexpr Duration kReach = std::chrono::seconds(5);
  // Passes of a loop but for the first are told so long before they begin; a shorter loop is played once.
  static constexpr Duration kLoopLead = std::chrono::milliseconds(1500);

  struct Event {
    enum class Kind {
      connected,
      downloaded,  // has the audio now
      pong,        // the first of this connection
      ack,         // heard of a cue
      played       // has played one to its end
    };
    Kind kind = Kind::connected;
    bool has_audio = false;
    std::optional<Duration> latency{};  // pong, ack: since it was asked, there and back
    std::uint64_t cue = 0;              // ack: its id; 0: of a stop
    Duration late{0};                   // ack: the cue reached it so long after its start
  };
  struct Outcome {
    std::vector<std::string> say;  // messages, in order
    std::vector<Event> events;
  };

  // Once, first.
  Outcome on_open(ServerTime now);
  // A message of any kind. What is not understood changes nothing, and ends nothing.
  Outcome on_text(std::string_view text, ServerTime now);
  // What is on, and what is to come, in order of their starts; the first four count. One that was told and is
  // no longer among them, though it has not begun, is taken back. To be called again when one of them has
  // begun, so that the fifth follows.
  Outcome on_cues(const std::vector<AppCue>& cues, ServerTime now);
  // At due(), or later.
  Outcome on_time(ServerTime now);
  ServerTime due() const;

  bool has_audio() const { return has_audio_; }
  // nullopt: not known yet.
  std::optional<Duration> one_way() const;

 private:
  struct Told {
    AppCue cue;
    bool is_told = false, is_stop_told = false;
    ServerTime next;  // when its first or its next pass begins
  };

  bool may_tell(ServerTime now) const { return best_ || now - opened_ >= kPatience; }
  void meet(Outcome& out);
  void ping(Outcome& out, ServerTime now);
  void on_pong(Outcome& out, ServerTime now);
  void on_ack(Outcome& out, bool has_played, ServerTime now);
  void on_download(Outcome& out, ServerTime now);
  void tell(Outcome& out, ServerTime now);
  void tell_cue(Outcome& out, Told& told, ServerTime now);
  void tell_stop(Outcome& out, Told& told, ServerTime now);
  struct Sent {
    ServerTime at;
    std::uint64_t cue = 0;
    Duration late{0};
  };
  void take_back(Outcome& out, AppCue gone, std::vector<Told>& instead, ServerTime now);
  void say(Outcome& out, std::chrono::milliseconds start, std::chrono::milliseconds end, Duration offset,
           Sent sent);
  bool has_turn(const Told& told) const;
  Duration way() const { return one_way().value_or(kUnmeasured); }

  ServerTime opened_, ping_due_;
  bool is_met_ = false, has_audio_ = false, was_downloaded_ = false;
  std::deque<ServerTime> pings_;     // sent and not answered
  std::deque<Sent> cues_sent_;       // and not acked
  std::size_t acked_ = 0;            // and not said to be played
  std::array<Duration, 6> trips_{};  // the last minute's
  std::size_t trip_count_ = 0;
  std::optional<Duration> best_;
  std::vector<Told> told_;
};

// {"message": "text"}
std::string app_message(std::string_view text);

// What the console of the original said of an event, and of whom: `client` counts from 1.
std::string in_words(const CuesSession::Event& event, std::uint32_t client);

}  // namespace tutti::protocol
