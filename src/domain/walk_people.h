// Who takes part in a walk, and how far they are ready: what phones tell, as changes, and what is known of
// each.
#pragma once

#include "domain/walk.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

struct WalkDownload {
  std::int64_t have = 0;  // bytes
  bool is_ready = false;  // all of it, and checked by its hash

  friend bool operator==(const WalkDownload&, const WalkDownload&) = default;
};

// What a phone says of itself: only what is new. Absent: unchanged.
struct WalkReport {
  std::optional<std::string> name;  // UTF-8
  std::optional<bool> is_unlocked;  // audio, by a tap
  std::map<std::string, WalkDownload> assets;
  std::optional<Duration> clock;                 // uncertainty of its idea of our clock
  std::optional<Duration> latency;               // one way, from us to it
  std::optional<Duration> correction;            // of its output, as it was set by ear
  std::optional<std::optional<double>> battery;  // 0 to 1; null: not known
  std::optional<std::optional<std::string>> network;
  std::optional<bool> is_hidden;  // its page

  friend bool operator==(const WalkReport&, const WalkReport&) = default;
};

// It has heard of a cue, or begun to play it.
struct WalkAck {
  std::int64_t cue = 0;
  std::optional<Duration> start_error;  // measured; absent: it does not play (yet)
  Duration late{0};                     // after its start it came to know of the cue; 0: in time

  friend bool operator==(const WalkAck&, const WalkAck&) = default;
};

struct WalkParticipant {
  enum class Kind : std::uint8_t { phone, app, speaker };  // app: one of /cues
  static constexpr std::size_t kLatencies = 8;
  static constexpr std::size_t kMostAssets = 200;

  std::string id;    // the client's own, or one of the connection
  std::string name;  // UTF-8
  Kind kind = Kind::phone;
  bool is_connected = false;
  ServerTime since;  // of this connection, or when it was lost
  bool is_unlocked = false, is_hidden = false;
  std::map<std::string, WalkDownload> assets;
  std::optional<Duration> clock, latency, correction;
  std::optional<double> battery;
  std::optional<std::string> network;
  std::optional<WalkAck> ack;  // the last one
  ServerTime acked_at;
  std::int64_t seen = 0;            // the last message that it has shown
  std::vector<Duration> latencies;  // the latest, at most kLatencies; the newest last

  // All files of `walk` are here, if it has any. An app knows of a single file, so that one is all it needs.
  bool has_everything(const Walk& walk) const;
  // So it is, or there is none to have; and it may be heard.
  bool is_ready(const Walk& walk) const;
  std::optional<Duration> worst_latency() const;

  friend bool operator==(const WalkParticipant&, const WalkParticipant&) = default;
};

// Also of assets that the walk does not know yet: after a restart phones are back before its files are looked
// at. More than kMostAssets are passed over.
void apply(WalkParticipant& participant, const WalkReport& report);
// `lead`: the cue's. Whoever heard of it late needed at least that long. nullopt: it could not have been in
// time, whatever the lead, so nothing is learnt of its latency.
void apply(WalkParticipant& participant, const WalkAck& ack, std::optional<Duration> lead, ServerTime now);

// What happened, for the conductors and the log.
struct WalkEvent {
  enum class Kind : std::uint8_t {
    connected,
    left,
    downloaded,
    ack,
    cue,
    stop,
    message,
    arm,
    sheet,
    lead,
    about
  };
  static constexpr Kind kLastKind = Kind::about;

  ServerTime at;
  Kind kind = Kind::connected;
  std::optional<std::string> participant;  // its id
  std::optional<Duration> latency;
  std::string text;  // for a person: "Pixel 7 connected", "anna: bridge"

  friend bool operator==(const WalkEvent&, const WalkEvent&) = default;
};

}  // namespace tutti
