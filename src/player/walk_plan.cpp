#include "player/walk_plan.h"

#include "domain/walk_timing.h"

#include <algorithm>
#include <limits>

namespace tutti::player {
namespace {

constexpr Frames kEdge = WalkAsset::kRate / 200;  // 5 ms: long enough not to click
constexpr Frames kEndless = std::numeric_limits<Frames>::max() / 4;

Frames frames_of(Duration d) { return frames_in(d, WalkAsset::kRate); }

// As phones have it (web/src/audio/engine.ts), so that both are as loud.
float gain_of(int volume) {
  const float share = static_cast<float>(volume) / 100;
  return share * share;
}

WalkSpan span_of(const LiveCue& cue, const WalkAsset* asset) {
  WalkSpan out;
  out.cue = cue.id;
  out.asset = cue.part.asset;
  out.start = cue.start;
  out.begin = grid_frame(cue.start);
  out.first = frames_of(cue.part.a);
  out.length = frames_of(cue.part.b - cue.part.a);
  out.loop = cue.part.loop;
  out.gain = gain_of(cue.part.volume);
  out.end = out.loop ? kEndless : out.begin + out.length;
  out.softens_begin = out.first > 0;
  // The end of a file is as its maker wants it.
  out.softens_end = !asset || out.loop || out.first + out.length + 1 < asset->frames;
  out.fade_begin = out.fade_end = out.end;
  if (!cue.stop) return out;
  out.fade_begin = grid_frame(cue.stop->at);
  out.fade_end = grid_frame(cue.stop->at + cue.stop->fade);
  if (out.fade_end >= out.end) return out;
  out.end = out.fade_end;
  out.softens_end = true;
  return out;
}

}  // namespace

Frames grid_frame(ServerTime t) {
  static_assert(WalkAsset::kRate == 48'000);
  const std::int64_t scaled = t.since_start.count() * 48 + 500;
  return scaled >= 0 ? scaled / 1000 : -((-scaled + 999) / 1000);
}

ServerTime grid_time(Frames frame) { return {duration_of(frame, WalkAsset::kRate)}; }

Frames WalkSpan::sample_at(Frames frame) const {
  const Frames played = frame - begin;
  return first + (loop ? played % length : played);
}

Frames WalkSpan::run_at(Frames frame) const {
  const Frames left = end - frame;
  return loop ? std::min(left, length - (frame - begin) % length) : left;
}

float WalkSpan::level_at(Frames frame) const {
  float level = gain;
  if (frame >= fade_begin && fade_end > fade_begin) {
    level *= std::max(0.0F, static_cast<float>(fade_end - frame) / static_cast<float>(fade_end - fade_begin));
  }
  if (softens_begin && frame - begin < kEdge) {
    level *= static_cast<float>(frame - begin) / static_cast<float>(kEdge);
  }
  if (softens_end && end - frame < kEdge)
    level *= static_cast<float>(end - frame) / static_cast<float>(kEdge);
  return level;
}

WalkPlan plan_of(const Walk& walk, ServerTime now) {
  WalkPlan out;
  for (const auto& cue : cues_from(walk, now)) {
    WalkSpan span = span_of(cue, walk.find_asset(cue.part.asset));
    if (span.length <= 0) continue;
    if (!out.empty() && out.back().end > span.begin) {
      out.back().end = span.begin;
      out.back().softens_end = true;
      if (out.back().end <= out.back().begin) out.pop_back();
    }
    if (span.end > span.begin) out.push_back(std::move(span));
  }
  return out;
}

const WalkSpan* span_from(const WalkPlan& plan, Frames frame) {
  const auto found =
      std::find_if(plan.begin(), plan.end(), [&](const WalkSpan& each) { return each.end > frame; });
  return found == plan.end() ? nullptr : &*found;
}

}  // namespace tutti::player
