#include "domain/walk_timing.h"

#include <algorithm>

namespace tutti {
namespace {

Duration length_of(const WalkPart& part) { return part.b - part.a; }

// The armed sheet as cues, from the one on with which it begins.
std::vector<LiveCue> resolve(const Walk& walk, const WalkArmed& armed) {
  std::vector<LiveCue> out;
  ServerTime start = armed.start;
  auto cue = std::find_if(walk.sheet.begin(), walk.sheet.end(),
                          [&](const auto& each) { return each.name == armed.from; });
  for (; cue != walk.sheet.end(); ++cue) {
    LiveCue live;
    live.id = armed.id + static_cast<std::int64_t>(out.size());
    live.name = cue->name;
    live.part = cue->part;
    live.part.loop = false;
    live.start = start;
    live.author = armed.author;
    start = start + length_of(cue->part);
    out.push_back(std::move(live));
  }
  return out;
}

bool is_over(const LiveCue& cue, ServerTime t) {
  const auto end = end_of(cue);
  return end && *end <= t;
}

// What is heard of an armed sheet becomes a cue like any other.
void hold_armed(Walk& walk, ServerTime now) {
  if (!walk.armed) return;
  const bool has_begun = walk.armed->start <= now;
  if (has_begun) {
    const auto cues = cues_from(walk, now);
    walk.live = {};
    if (!cues.empty()) {
      walk.live.now = cues.front();
      walk.reached = cues.front().name.value_or("");
    }
  }
  walk.armed.reset();
}

void put_stop(LiveCue& cue, const WalkStop& stop) {
  // One that begins sooner holds: what fades already does not become loud again.
  if (cue.stop && cue.stop->at <= stop.at) return;
  cue.stop = stop;
}

}  // namespace

std::optional<ServerTime> end_of(const LiveCue& cue) {
  std::optional<ServerTime> end;
  if (!cue.part.loop) end = cue.start + length_of(cue.part);
  if (cue.stop) {
    const ServerTime silent = cue.stop->at + cue.stop->fade;
    end = end ? std::min(*end, silent) : silent;
  }
  return end;
}

std::optional<Duration> position_at(const LiveCue& cue, ServerTime t) {
  if (t < cue.start || is_over(cue, t)) return std::nullopt;
  const Duration played = t - cue.start;
  const Duration length = length_of(cue.part);
  if (length <= Duration{0}) return std::nullopt;
  return cue.part.a + (cue.part.loop ? played % length : played);
}

double gain_at(const LiveCue& cue, ServerTime t) {
  if (!cue.stop || t <= cue.stop->at) return 1;
  const Duration gone = t - cue.stop->at;
  if (gone >= cue.stop->fade) return 0;
  return 1 - static_cast<double>(gone.count()) / static_cast<double>(Duration(cue.stop->fade).count());
}

std::vector<LiveCue> cues_from(const Walk& walk, ServerTime t) {
  std::vector<LiveCue> all;
  const auto& [now, next] = walk.live;
  if (now) all.push_back(*now);
  if (next) all.push_back(*next);
  if (walk.armed) {
    const auto begins_later = [&](const LiveCue& cue) { return cue.start >= walk.armed->start; };
    all.erase(std::remove_if(all.begin(), all.end(), begins_later), all.end());
    const auto run = resolve(walk, *walk.armed);
    all.insert(all.end(), run.begin(), run.end());
  }
  std::vector<LiveCue> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    // Not before it, and nothing of it once the one behind it has begun.
    const bool is_replaced = i + 1 < all.size() && all[i + 1].start <= t;
    if (!is_replaced && !is_over(all[i], t)) out.push_back(all[i]);
  }
  return out;
}

std::optional<Heard> heard_at(const Walk& walk, ServerTime t) {
  for (auto& cue : cues_from(walk, t)) {
    if (const auto position = position_at(cue, t)) return Heard{std::move(cue), *position};
  }
  return std::nullopt;
}

void settle(Walk& walk, ServerTime now) {
  auto& live = walk.live;
  if (live.next && live.next->start <= now) {
    live.now = std::move(live.next);
    live.next.reset();
  }
  if (live.now && is_over(*live.now, now)) live.now.reset();
  if (!walk.armed || walk.armed->start > now) return;
  live = {};  // the sheet has taken their place
  if (!cues_from(walk, now).empty()) return;
  walk.armed.reset();
  if (!walk.sheet.empty()) walk.reached = walk.sheet.back().name;
}

bool can_go(const Walk& walk, Duration reach, ServerTime now) {
  const auto& next = walk.live.next;
  return !next || next->start <= now || next->start - now >= reach;
}

void go(Walk& walk, LiveCue cue, ServerTime now) {
  settle(walk, now);
  hold_armed(walk, now);
  if (cue.start <= now) {
    walk.live = {std::move(cue), std::nullopt};
  } else {
    walk.live.next = std::move(cue);
  }
}

void disarm(Walk& walk, ServerTime now) {
  settle(walk, now);
  hold_armed(walk, now);
}

void stop(Walk& walk, WalkStop stop, Duration reach, ServerTime now) {
  settle(walk, now);
  hold_armed(walk, now);
  auto& live = walk.live;
  if (live.next && live.next->start - now >= reach) live.next.reset();
  if (live.now) put_stop(*live.now, stop);
  if (live.next) put_stop(*live.next, stop);
}

Walk shifted(Walk walk, Duration by) {
  for (auto* cue : {&walk.live.now, &walk.live.next}) {
    if (!*cue) continue;
    (*cue)->start = (*cue)->start + by;
    if ((*cue)->stop) (*cue)->stop->at = (*cue)->stop->at + by;
  }
  for (auto& message : walk.messages) message.at = message.at + by;
  if (walk.armed) walk.armed->start = walk.armed->start + by;
  return walk;
}

}  // namespace tutti
