// Puts a walk's sound into the ring that the device plays from: what is planned, some seconds ahead, without
// a gap, silence too, so that the device is in time before a cue begins. Whenever the plan changes it goes
// back to what can still be changed, and one way of it fades over into the other. Pure but for the files;
// used by one thread.
#pragma once

#include "player/timed_samples.h"
#include "player/walk_plan.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tutti::player {

class WalkSound {
 public:
  static constexpr std::size_t kChannels = 2;
  static constexpr Duration kAhead{3'000'000};
  // Of a ring for this: several changes within kAhead have room.
  static constexpr Duration kCapacity{30'000'000};

  // Interleaved samples of an asset from `first` on, stereo, silence outside of it.
  using Read = std::function<void(Frames first, std::span<float> out)>;
  // One reader for each cue. No function: the asset is not here.
  using Open = std::function<Read(const std::string& asset)>;

  // `samples`: of 48 kHz, stereo; written here only.
  WalkSound(TimedSamples& samples, Open open) : samples_(samples), open_(std::move(open)) {}

  void set_plan(WalkPlan plan);
  // An asset has come, or is another one: what was written without it is written anew.
  void reopen();
  // Several times a second. `soonest`: what is heard from then on can still be changed.
  void pump(ServerTime soonest);

  const WalkPlan& plan() const { return plan_; }

 private:
  struct Voice {
    std::string asset;
    Read read;
  };

  void make(const WalkPlan& plan, Frames first, std::span<float> out);
  void make_span(const WalkSpan& span, Frames first, std::span<float> out);
  const Read& reader_of(const WalkSpan& span);
  void forget_voices();

  TimedSamples& samples_;
  Open open_;
  WalkPlan plan_;
  WalkPlan before_;                // of what was written before the seam
  bool is_changed_ = false;        // and nothing of plan_ is written yet
  std::optional<Frames> written_;  // up to there
  Frames seam_ = 0;                // where it goes over into plan_
  std::map<std::int64_t, Voice> voices_;
  std::vector<float> piece_, other_;
};

}  // namespace tutti::player
