// Stereo as one channel.
#pragma once

#include <span>
#include <vector>

namespace tutti::media {

// The mean of both channels, in `mono`.
std::span<const float> mix_to_mono(std::span<const float> stereo, std::vector<float>& mono);

}  // namespace tutti::media
