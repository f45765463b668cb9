#include "player/sample_format.h"

namespace tutti::player {
namespace {

std::string in_kilohertz(int rate) {
  std::string text = std::to_string(rate / 1000);
  if (rate % 1000 == 0) return text;
  std::string rest = std::to_string(1000 + rate % 1000).substr(1);
  rest.erase(rest.find_last_not_of('0') + 1);
  return text + "." + rest;
}

}  // namespace

std::size_t bytes_per_sample(SampleFormat format) {
  switch (format) {
    case SampleFormat::u8:
      return 1;
    case SampleFormat::s16:
      return 2;
    case SampleFormat::s24:
      return 3;
    case SampleFormat::s32:
    case SampleFormat::f32:
      break;
  }
  return 4;
}

PcmFormat pcm_format(int rate, int channels, SampleFormat sample) {
  return {rate, channels, static_cast<int>(bytes_per_sample(sample)), sample == SampleFormat::f32};
}

SampleFormat sample_of(const PcmFormat& format) {
  switch (format.sample_width) {
    case 1:
      return SampleFormat::u8;
    case 2:
      return SampleFormat::s16;
    case 3:
      return SampleFormat::s24;
    default:
      return format.is_float ? SampleFormat::f32 : SampleFormat::s32;
  }
}

std::string describe(const PcmFormat& format) {
  const std::string channels = format.channels == 1   ? "mono"
                               : format.channels == 2 ? "stereo"
                                                      : std::to_string(format.channels) + " channels";
  const std::string sample = format.is_float ? "float" : std::to_string(8 * format.sample_width) + " bit";
  return in_kilohertz(format.rate) + " kHz " + channels + " " + sample;
}

}  // namespace tutti::player
