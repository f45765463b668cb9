#include "media/channel_mix.h"

#include <cstddef>

namespace tutti::media {

std::span<const float> mix_to_mono(std::span<const float> stereo, std::vector<float>& mono) {
  mono.resize(stereo.size() / 2);
  for (std::size_t i = 0; i < mono.size(); ++i) mono[i] = (stereo[2 * i] + stereo[2 * i + 1]) / 2;
  return mono;
}

}  // namespace tutti::media
