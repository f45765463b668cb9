// The volume and mute of a group of players, from those of its members and back. Source: Sendspin v1,
// "Setting group volume", "Reading group volume", "Reading group mute".
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace tutti {

inline constexpr int kMostVolume = 100;

// The average, rounded; nullopt without players. Volumes are perceived loudness, 0 to 100.
std::optional<int> group_volume(std::span<const int> volumes);

// What the players' volumes become when the group's is to be `requested` (0 to 100): all change by the same
// amount, and what the bounds of some take from it is taken on by the others, as far as their bounds allow.
std::vector<int> set_group_volume(std::span<const int> volumes, int requested);

// Only where all are.
bool is_group_muted(std::span<const bool> muted);

}  // namespace tutti
