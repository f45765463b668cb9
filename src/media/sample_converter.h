// Any sample format, layout and rate to interleaved float: a thin, checked wrapping of swresample.
#pragma once

#include "base/result.h"
#include "media/ffmpeg.h"

#include <span>
#include <vector>

namespace tutti::media {

struct SampleShape {
  AVSampleFormat format = AV_SAMPLE_FMT_FLT;
  ChannelLayout layout;
  int rate;

  static SampleShape of(const AVFrame& frame) {
    return {static_cast<AVSampleFormat>(frame.format), ChannelLayout(frame.ch_layout), frame.sample_rate};
  }
  bool matches(const AVFrame& frame) const {
    return format == frame.format && rate == frame.sample_rate && layout == frame.ch_layout;
  }
  int channels() const { return layout.get()->nb_channels; }
};

class SampleConverter {
 public:
  // The output is always interleaved float.
  static Result<SampleConverter> open(const SampleShape& from, const ChannelLayout& to_layout, int to_rate);

  // Appends to `out` what `count` frames at `planes` become; none and nullptr: what the resampler still held.
  Result<void> convert(const std::uint8_t* const* planes, int count, std::vector<float>& out);

 private:
  SampleConverter(SwrContextPtr swr, std::size_t channels) : swr_(std::move(swr)), channels_(channels) {}

  SwrContextPtr swr_;
  std::size_t channels_;
};

}  // namespace tutti::media
