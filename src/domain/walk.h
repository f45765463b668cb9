// A sound walk as everybody is told of it: what phones download, what can be cued, what is heard from when
// on, and what the conductor has said. Values; what is heard at a moment is arithmetic (walk_timing.h), so
// that who comes late, or back, needs nothing else. docs/walk.md has the words.
#pragma once

#include "domain/audio_time.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

using Millis = std::chrono::milliseconds;

struct WalkAbout {
  std::string title, text, welcome;    // UTF-8; "" where the walk says nothing
  std::vector<std::string> languages;  // "en", "pt-BR"

  friend bool operator==(const WalkAbout&, const WalkAbout&) = default;
};

// What phones download: an MP3 of constant frames (docs/protocol.md), so that a place in it is arithmetic.
struct WalkAsset {
  std::string id;     // [a-z0-9-]
  std::string title;  // UTF-8
  Frames frames = 0;  // of the source, at kRate
  bool is_ready = false;
  // Once it is ready:
  std::int64_t bytes = 0;
  std::string sha256;  // of the bytes, hex
  Frames delay = 0;    // decoded frames before the source's first

  static constexpr int kRate = 48'000;
  Millis length() const { return std::chrono::floor<Millis>(duration_of(frames, kRate)); }

  friend bool operator==(const WalkAsset&, const WalkAsset&) = default;
};

// A part of an asset, as it is to be played. 0 <= a < b, b no further than the asset.
struct WalkPart {
  std::string asset;
  Millis a{0}, b{0};
  int volume = 100;  // 0 to 100
  bool loop = false;

  friend bool operator==(const WalkPart&, const WalkPart&) = default;
};

// On the sheet.
struct WalkCue {
  std::string name;  // unique on the sheet
  WalkPart part;
  std::string note;

  friend bool operator==(const WalkCue&, const WalkCue&) = default;
};

// From `at` on it fades, and is silent at `at + fade`.
struct WalkStop {
  ServerTime at;
  Millis fade{0};

  friend bool operator==(const WalkStop&, const WalkStop&) = default;
};

struct LiveCue {
  std::int64_t id = 0;              // grows with each cue of the walk
  std::optional<std::string> name;  // where it is one of the sheet
  WalkPart part;
  ServerTime start;  // when its sample at `part.a` is heard
  std::string author;
  std::optional<WalkStop> stop;

  friend bool operator==(const LiveCue&, const LiveCue&) = default;
};

// `next` replaces `now` at its start, for everybody at the same moment; both are to be applied by time alone.
struct WalkLive {
  std::optional<LiveCue> now, next;

  friend bool operator==(const WalkLive&, const WalkLive&) = default;
};

// The sheet runs on its own from `start`: from the cue `from` on, each where the one before ends. A cue that
// loops is played once.
struct WalkArmed {
  ServerTime start;
  std::string from;
  std::int64_t id = 0;  // of its first cue; the others follow
  std::string author;

  friend bool operator==(const WalkArmed&, const WalkArmed&) = default;
};

struct WalkMessage {
  std::int64_t seq = 0;
  std::string text;
  ServerTime at;
  std::string author;

  friend bool operator==(const WalkMessage&, const WalkMessage&) = default;
};

// Who has changed what the walk is (its words, its sheet) last. Whoever edits says which revision they have
// seen.
struct WalkEdit {
  std::int64_t revision = 0;  // grows with each edit
  std::string author;         // "" as walk.toml has it

  friend bool operator==(const WalkEdit&, const WalkEdit&) = default;
};

// How long after "go" a cue starts.
struct WalkLead {
  Millis chosen{0};
  std::optional<Millis> measured;  // what the participants' latencies ask for
  std::optional<Millis> manual;    // what a conductor has set

  friend bool operator==(const WalkLead&, const WalkLead&) = default;
};

struct Walk {
  static constexpr std::size_t kMostMessages = 20;  // the last ones are kept
  static constexpr std::size_t kMostCues = 500;

  WalkAbout about;
  std::vector<WalkAsset> assets;  // by id
  std::vector<WalkCue> sheet;
  WalkEdit edit;
  WalkLive live;
  std::string reached;  // the cue of the sheet that was told last, or that it ran to by itself; "": none
  std::vector<WalkMessage> messages;  // the oldest first
  WalkLead lead;
  std::optional<WalkArmed> armed;

  const WalkAsset* find_asset(const std::string& id) const;
  const WalkCue* find_cue(const std::string& name) const;

  friend bool operator==(const Walk&, const Walk&) = default;
};

// The parts of a walk that are told apart.
struct WalkKeys {
  bool about = false, assets = false, sheet = false, live = false, messages = false, lead = false,
       armed = false, edit = false;

  static constexpr WalkKeys all() { return {true, true, true, true, true, true, true, true}; }
  bool any() const { return about || assets || sheet || live || messages || lead || armed || edit; }
  friend bool operator==(const WalkKeys&, const WalkKeys&) = default;
};

// Which of them differ.
WalkKeys changed(const Walk& before, const Walk& after);

}  // namespace tutti
