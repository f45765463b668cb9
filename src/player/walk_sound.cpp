#include "player/walk_sound.h"

#include <algorithm>
#include <utility>

namespace tutti::player {
namespace {

constexpr std::size_t kChannels = WalkSound::kChannels;
constexpr Frames kPumpPiece = WalkAsset::kRate / 20;  // 50 ms
constexpr Frames kSeam = WalkAsset::kRate / 100;      // in which one plan goes over into the next
constexpr Frames kLeap = WalkAsset::kRate;            // more than what a device holds trembles
static_assert(kPumpPiece >= kSeam);

}  // namespace

void WalkSound::set_plan(WalkPlan plan) {
  if (plan == plan_) return;
  if (!is_changed_) before_ = std::exchange(plan_, {});
  plan_ = std::move(plan);
  is_changed_ = true;
}

void WalkSound::reopen() {
  voices_.clear();
  if (is_changed_) return;
  before_ = plan_;
  is_changed_ = true;
}

void WalkSound::pump(ServerTime soonest) {
  const Frames from = grid_frame(soonest);
  const Frames until = from + frames_in(kAhead, WalkAsset::kRate);
  // Also where the clock has become another one.
  const bool is_new = !written_ || *written_ < from || *written_ > until + kLeap;
  if (is_new || is_changed_) seam_ = from;
  Frames next = is_new || is_changed_ ? from : *written_;
  // Behind what was written there is nothing to fade over from.
  if (is_new) before_.clear();
  while (next < until) {
    const Frames count = std::min(kPumpPiece, until - next);
    piece_.resize(static_cast<std::size_t>(count) * kChannels);
    make(plan_, next, piece_);
    if (next == seam_ && !is_new) {
      other_.resize(static_cast<std::size_t>(std::min(count, kSeam)) * kChannels);
      make(before_, next, other_);
      for (std::size_t i = 0; i < other_.size(); ++i) {
        const std::size_t frame = i / kChannels;
        const float share = static_cast<float>(frame) / static_cast<float>(kSeam);
        piece_[i] = piece_[i] * share + other_[i] * (1 - share);
      }
    }
    if (!samples_.write(grid_time(next), piece_)) break;
    next += count;
    written_ = next;
    is_changed_ = false;
  }
  if (!is_changed_) forget_voices();
}

void WalkSound::make(const WalkPlan& plan, Frames first, std::span<float> out) {
  std::ranges::fill(out, 0.0F);
  const Frames end = first + static_cast<Frames>(out.size() / kChannels);
  for (const WalkSpan& span : plan) {
    const Frames from = std::max(first, span.begin), to = std::min(end, span.end);
    if (from >= to) continue;
    make_span(span, from,
              out.subspan(static_cast<std::size_t>(from - first) * kChannels,
                          static_cast<std::size_t>(to - from) * kChannels));
  }
}

void WalkSound::make_span(const WalkSpan& span, Frames first, std::span<float> out) {
  const Read& read = reader_of(span);
  if (!read) return;
  const auto count = static_cast<Frames>(out.size() / kChannels);
  for (Frames done = 0; done < count;) {
    const Frames some = std::min(count - done, span.run_at(first + done));
    const auto run =
        out.subspan(static_cast<std::size_t>(done) * kChannels, static_cast<std::size_t>(some) * kChannels);
    read(span.sample_at(first + done), run);
    done += some;
  }
  for (Frames i = 0; i < count; ++i) {
    const float level = span.level_at(first + i);
    for (std::size_t c = 0; c < kChannels; ++c) out[static_cast<std::size_t>(i) * kChannels + c] *= level;
  }
}

const WalkSound::Read& WalkSound::reader_of(const WalkSpan& span) {
  auto& voice = voices_[span.cue];
  if (!voice.read || voice.asset != span.asset) voice = {span.asset, open_(span.asset)};
  return voice.read;
}

void WalkSound::forget_voices() {
  std::erase_if(voices_, [&](const auto& voice) {
    return std::none_of(plan_.begin(), plan_.end(),
                        [&](const WalkSpan& span) { return span.cue == voice.first; });
  });
}

}  // namespace tutti::player
