#include "media/probe.h"

#include "media/audio_file.h"
#include "media/container.h"
#include "media/decoder.h"
#include "media/tags.h"

#include <algorithm>
#include <vector>

namespace tutti::media {
namespace {

constexpr int kLongestHours = 48;

using Cancelled = std::function<bool()>;

Error cancelled_error() { return {"cancelled"}; }

// Where the packets say that the music ends, on the decoder's axis or a little beyond it. nullopt: they do
// not.
Result<std::optional<Frames>> estimate_end(AudioFile& file, int rate, const Cancelled& cancelled) {
  if (file.clock(rate) == Clock::coarse) return std::nullopt;
  if (file.is_pcm() && file.stream().duration > 0) {
    // Headers promise what a file that was cut off, or is still being written, does not hold.
    const Frames promised = file.to_frames(file.stream().duration, rate);
    return std::min<Frames>(promised, file.input()->size() / file.codec().block_align);
  }
  constexpr int kPacketsPerQuestion = 1024;
  const AvPacketPtr packet(av_packet_alloc());
  std::int64_t end = 0;
  for (int n = 1; file.read(*packet); ++n) {
    if (n % kPacketsPerQuestion == 0 && cancelled()) return tl::make_unexpected(cancelled_error());
    if (packet->pts == kNoTimestamp) continue;
    const std::int64_t packet_end = packet->pts + packet->duration;
    if (packet_end < end) return std::nullopt;  // streams appended to one another, each with its own clock
    end = packet_end;
  }
  return file.to_frames(end, rate);
}

// Reads to the end and returns how many frames that were.
Result<Frames> count_frames(Decoder& decoder, const Cancelled& cancelled) {
  constexpr std::size_t kAtATime = 1 << 14;
  std::vector<float> pcm(kAtATime * static_cast<std::size_t>(decoder.channels()));
  Frames sum = 0;
  while (true) {
    const auto n = decoder.read(pcm);
    if (!n) return n;
    if (*n == 0) return sum;
    sum += *n;
    // A small file can claim years of silence; finding out how many would keep a thread busy for hours.
    if (sum > Frames{kLongestHours} * 3600 * decoder.rate()) return fail("it claims to last for days");
    if (cancelled()) return tl::make_unexpected(cancelled_error());
  }
}

// The packets tell about where the end is, decoding the last second tells exactly.
Result<Frames> measure_length(AudioFile& file, Decoder& decoder, const Cancelled& cancelled) {
  const auto estimate = estimate_end(file, decoder.rate(), cancelled);
  if (!estimate) return tl::make_unexpected(estimate.error());
  if (const Frames tail = estimate->value_or(0) - decoder.rate(); tail > 0) {
    if (auto done = decoder.seek(tail); !done) return tl::make_unexpected(done.error());
    const auto rest = count_frames(decoder, cancelled);
    if (!rest) return rest;
    if (*rest > 0) return tail + *rest;
  }
  if (auto done = decoder.seek(0); !done) return tl::make_unexpected(done.error());
  return count_frames(decoder, cancelled);
}

Result<Probed> probe_audio(const std::string& path, const Cancelled& cancelled) {
  auto file = AudioFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  auto decoder = Decoder::open(file->input());
  if (!decoder) return tl::make_unexpected(decoder.error());
  const auto frames = measure_length(*file, *decoder, cancelled);
  if (!frames) return tl::make_unexpected(frames.error());
  if (*frames == 0) return fail("nothing in it can be decoded");
  return Probed{format_name(*file->container().iformat, file->codec().codec_id), *frames, decoder->rate(),
                decoder->channels(), read_tags(*file)};
}

}  // namespace

Result<std::optional<Probed>> probe(const std::string& path, const Cancelled& cancelled) {
  auto probed = probe_audio(path, cancelled);
  if (probed) return std::move(*probed);
  if (!claims_audio(path)) return std::nullopt;
  return tl::make_unexpected(probed.error());
}

}  // namespace tutti::media
