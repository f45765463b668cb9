// How long ahead of its start a cue is to be sent, so that 99 of 100 phones hear of it in time.
#pragma once

#include "domain/walk.h"

#include <vector>

namespace tutti {

// A phone must decode and schedule what it is told.
inline constexpr Millis kLeastLead{400};
inline constexpr Millis kMostLead{30'000};
// While nobody has been measured.
inline constexpr Millis kUsualLead{1'200};

// `latencies`: one of each participant, the worst of its latest. The 99th percentile of them, and a margin
// for what a network does now and then; in steps of 50 ms, so that it does not change all the time. nullopt:
// there are none.
std::optional<Millis> measured_lead(std::vector<Duration> latencies);

// What is set by hand holds, but never below kLeastLead or above kMostLead.
WalkLead choose_lead(std::optional<Millis> measured, std::optional<Millis> manual);

}  // namespace tutti
