// A file of the library, made by anybody: what it is, its cover, and the first second of its sound.
#include "media/probe.h"

#include <cstdlib>
#include <unistd.h>
#include <vector>

extern "C" {
#include <libavutil/log.h>
}

#include "fuzz/require.h"
#include "media/cover.h"
#include "media/decoder.h"

namespace {

// One file per process, written anew for each input. Its name claims audio, so that nothing is waved through
// by name.
struct InputFile {
  InputFile() : descriptor(mkstemps(path, 4)) { REQUIRE(descriptor >= 0); }
  ~InputFile() {
    close(descriptor);
    unlink(path);
  }
  void write(const std::uint8_t* data, std::size_t size) const {
    REQUIRE(ftruncate(descriptor, 0) == 0);
    REQUIRE(pwrite(descriptor, data, size, 0) == static_cast<ssize_t>(size));
  }

  char path[32] = "/tmp/tutti-fuzz-XXXXXX.mp3";
  int descriptor;
};

void decode_a_second(const std::string& path, tutti::Frames from) {
  auto decoder = tutti::media::Decoder::open(path);
  if (!decoder) return;
  REQUIRE(decoder->rate() > 0 && decoder->channels() > 0);
  if (from > 0 && !decoder->seek(from)) return;
  std::vector<float> pcm(4096 * static_cast<std::size_t>(decoder->channels()));
  for (tutti::Frames read = 0; read < decoder->rate();) {
    const auto got = decoder->read(pcm);
    if (!got || *got == 0) return;
    REQUIRE(*got > 0 && *got <= 4096);
    read += *got;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const InputFile file;
  av_log_set_level(AV_LOG_QUIET);
  file.write(data, size);
  const std::string path = file.path;

  const auto probed = tutti::media::probe(path, [] { return false; });
  if (!probed) REQUIRE(!probed.error().message.empty());
  if (probed && *probed) {
    const auto& track = **probed;
    REQUIRE(track.frames > 0 && track.rate > 0 && track.channels > 0 && !track.format.empty());
    decode_a_second(path, 0);
    decode_a_second(path, track.frames / 2);
  }
  if (const auto cover = tutti::media::read_cover(path, 1 << 16); cover && *cover) {
    REQUIRE((*cover)->bytes.size() <= 1 << 16 && !(*cover)->mime_type.empty());
  }
  return 0;
}
