#include "domain/group_volume.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace tutti {

std::optional<int> group_volume(std::span<const int> volumes) {
  if (volumes.empty()) return std::nullopt;
  const long sum = std::accumulate(volumes.begin(), volumes.end(), 0L);
  return static_cast<int>(std::lround(static_cast<double>(sum) / static_cast<double>(volumes.size())));
}

std::vector<int> set_group_volume(std::span<const int> volumes, int requested) {
  if (volumes.empty()) return {};
  const auto count = static_cast<double>(volumes.size());
  std::vector<double> exact(volumes.begin(), volumes.end());
  std::vector<bool> clamped(volumes.size());
  // From the exact average: a rounded one would let the group's volume creep with every change.
  double delta = requested - std::accumulate(exact.begin(), exact.end(), 0.0) / count;
  std::size_t free = exact.size();
  // Each round clamps at least one more player, or is the last.
  while (free > 0) {
    double lost = 0;
    const std::size_t before = free;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      if (clamped[i]) continue;
      const double proposed = exact[i] + delta;
      exact[i] = std::clamp(proposed, 0.0, static_cast<double>(kMostVolume));
      if (proposed == exact[i]) continue;
      lost += proposed - exact[i];
      clamped[i] = true;
      --free;
    }
    if (free == before || free == 0) break;
    delta = lost / static_cast<double>(free);
  }
  // Whole volumes with the sum of the exact ones: rounded each for itself, they could miss the request.
  std::vector<int> out;
  double carried = 0;
  for (const double volume : exact) {
    const double wanted = volume + carried;
    out.push_back(std::clamp(static_cast<int>(std::lround(wanted)), 0, kMostVolume));
    carried = wanted - out.back();
  }
  return out;
}

bool is_group_muted(std::span<const bool> muted) {
  return !muted.empty() && std::find(muted.begin(), muted.end(), false) == muted.end();
}

}  // namespace tutti
