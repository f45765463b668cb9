// Makes the audio files that the tests read, and compares what comes out of them.
#pragma once

#include "domain/audio_time.h"
#include "media/decoder.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tutti::media::test {

struct Pcm {
  int rate = 0;
  int channels = 0;
  std::vector<float> samples;  // interleaved

  Frames frames() const { return static_cast<Frames>(samples.size()) / channels; }
  Pcm part(Frames first, Frames count) const;
};

// A directory that goes away with the test program; made once, shared by all tests.
const std::filesystem::path& temp_dir();
// A new empty directory below it.
std::filesystem::path fresh_dir(const std::string& name);
void write_text(const std::filesystem::path& path, const std::string& bytes);
std::string read_text(const std::filesystem::path& path);

// Notes with partials and a little hiss: differs from moment to moment and between the channels, so that
// every shift shows. Samples are whole multiples of 1/32768.
Pcm music(int rate, int channels, double seconds, unsigned seed = 1);
// `bits`: 16, 24 or 32 (integer), or -32 (float).
void write_wav(const std::filesystem::path& path, const Pcm& pcm, int bits = 16);
// Runs the ffmpeg command with these arguments; the test fails where it does.
void ffmpeg(const std::vector<std::string>& arguments);

Pcm read_all(Decoder& decoder);
Pcm decode(const std::filesystem::path& path);

// By how many frames `heard` lies behind `source` (at most ±`reach`), by the least difference of the first
// channels around `around`.
Frames lag_of(const Pcm& heard, const Pcm& source, Frames around, Frames reach = 1500);
// The largest difference of two sounds, over the frames that both have.
double largest_difference(const Pcm& a, const Pcm& b);

inline bool never() { return false; }

}  // namespace tutti::media::test
