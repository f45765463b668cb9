#include "media/loudness.h"

#include "media/decoder.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <ebur128.h>

namespace tutti::media {
namespace {

constexpr double kSilentLufs = -70;   // the absolute gate of EBU R 128
constexpr double kSilentDbtp = -144;  // below the last bit of 24

struct MeterDeleter {
  void operator()(ebur128_state* meter) const { ebur128_destroy(&meter); }
};

}  // namespace

Result<Loudness> measure_loudness(const std::string& path, const std::function<bool()>& cancelled) {
  auto decoder = Decoder::open(path);
  if (!decoder) return tl::make_unexpected(decoder.error());
  const auto channels = static_cast<unsigned>(decoder->channels());
  const auto rate = static_cast<unsigned long>(decoder->rate());
  const std::unique_ptr<ebur128_state, MeterDeleter> meter(
      ebur128_init(channels, rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK));
  if (!meter) return fail("its loudness cannot be measured at " + std::to_string(rate) + " Hz");
  // One channel is heard from both speakers.
  if (channels == 1) ebur128_set_channel(meter.get(), 0, EBUR128_DUAL_MONO);

  std::vector<float> pcm(static_cast<std::size_t>(decoder->rate()) / 4 * channels);
  while (true) {
    if (cancelled()) return fail("cancelled");
    const auto frames = decoder->read(pcm);
    if (!frames) return tl::make_unexpected(frames.error());
    if (*frames == 0) break;
    ebur128_add_frames_float(meter.get(), pcm.data(), static_cast<std::size_t>(*frames));
  }

  Loudness loudness;
  if (ebur128_loudness_global(meter.get(), &loudness.integrated_lufs) != EBUR128_SUCCESS) {
    return fail("its loudness cannot be measured");
  }
  double peak = 0;
  for (unsigned channel = 0; channel < channels; ++channel) {
    double channel_peak = 0;
    if (ebur128_true_peak(meter.get(), channel, &channel_peak) == EBUR128_SUCCESS)
      peak = std::max(peak, channel_peak);
  }
  // max() with the limit first also turns "not a number" into the limit.
  loudness.integrated_lufs = std::max(kSilentLufs, loudness.integrated_lufs);
  loudness.true_peak_dbtp = std::max(kSilentDbtp, 20 * std::log10(peak));
  return loudness;
}

}  // namespace tutti::media
