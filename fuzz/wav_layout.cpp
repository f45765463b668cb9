// A WAV file, made by anybody: where its samples lie.
#include "media/wav_layout.h"

#include "fuzz/require.h"

#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int descriptor = memfd_create("wav", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  if (size == 0) return 0;
  REQUIRE(ftruncate(descriptor, 0) == 0);
  REQUIRE(pwrite(descriptor, data, size, 0) == static_cast<ssize_t>(size));
  const auto file = tutti::media::InputFile::open(path);
  REQUIRE(file);
  const auto layout = tutti::media::read_wav_layout(**file);
  if (!layout) return 0;
  REQUIRE(layout->format.rate > 0 && layout->format.channels > 0 && layout->format.channels <= 64);
  REQUIRE(layout->begin > 0 && layout->frames >= 0);
  REQUIRE(layout->begin + layout->frames * layout->format.frame_bytes() <= (*file)->size());
  return 0;
}
