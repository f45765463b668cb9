#include "media/sample_converter.h"

namespace tutti::media {

Result<SampleConverter> SampleConverter::open(const SampleShape& from, const ChannelLayout& to_layout,
                                              int to_rate) {
  SwrContext* swr = nullptr;
  // Shallow copies: FFmpeg 5.1 only reads the layouts, but does not say so in its types.
  AVChannelLayout out = *to_layout.get();
  AVChannelLayout in = *from.layout.get();
  int code =
      swr_alloc_set_opts2(&swr, &out, AV_SAMPLE_FMT_FLT, to_rate, &in, from.format, from.rate, 0, nullptr);
  SwrContextPtr owned(swr);
  if (code >= 0 && from.rate != to_rate) {
    // Twice FFmpeg's default length: the passband reaches 20 kHz at 44.1 kHz.
    av_opt_set_int(swr, "filter_size", 64, 0);
  }
  if (code >= 0) code = swr_init(swr);
  if (code < 0) return fail("its samples cannot be converted: " + error_text(code));
  return SampleConverter(std::move(owned), static_cast<std::size_t>(to_layout.get()->nb_channels));
}

Result<void> SampleConverter::convert(const std::uint8_t* const* planes, int count, std::vector<float>& out) {
  const int room = swr_get_out_samples(swr_.get(), count);
  if (room < 0) return fail("its samples cannot be converted: " + error_text(room));
  const std::size_t before = out.size();
  out.resize(before + static_cast<std::size_t>(room) * channels_);
  auto* to = reinterpret_cast<std::uint8_t*>(out.data() + before);
  // FFmpeg 5.1 takes the planes without const but does not write to them.
  const int made = swr_convert(swr_.get(), &to, room, const_cast<const std::uint8_t**>(planes), count);
  out.resize(before + static_cast<std::size_t>(made < 0 ? 0 : made) * channels_);
  if (made < 0) return fail("its samples cannot be converted: " + error_text(made));
  return {};
}

}  // namespace tutti::media
