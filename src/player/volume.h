// Loudness as people set it, and as samples are multiplied.
#pragma once

#include <algorithm>
#include <cmath>

namespace tutti::player {

// `volume`: 0 to 100, where half the number sounds half as loud, which takes a tenth of the power (Stevens'
// law; the specification of Sendspin leaves the curve to the player).
inline float amplitude_of(int volume) {
  const double part = std::clamp(volume, 0, 100) / 100.0;
  return static_cast<float>(std::pow(part, 0.5 / std::log10(2.0)));
}

// What a key changes it by.
inline constexpr int kVolumeStep = 5;

}  // namespace tutti::player
