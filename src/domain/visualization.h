// What a picture of a moment of sound is drawn from. What each value means, and how it is sent:
// docs/visualizer.md.
#pragma once

#include "domain/fft.h"

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace tutti {

struct Visualization {
  static constexpr int kRate = 48'000;       // Hz, of the samples that are looked at
  static constexpr int kPerSecond = 30;      // moments
  static constexpr int kWindow = 4096;       // frames looked at, the moment in their middle
  static constexpr std::size_t kBands = 32;  // between kLowest and kHighest, all of the same width in octaves
  static constexpr double kLowest = 40;      // Hz
  static constexpr double kHighest = 16'000;  // Hz
  static constexpr double kFloor = -60;       // dB below a full-scale sine; what is quieter is 0

  // Levels: 0 at kFloor and below, 255 at a full-scale sine and above, linear in dB.
  std::uint8_t loudness = 0;                 // of the moment as a whole
  std::uint8_t onset = 0;                    // how strongly a note or a beat begins here; 0: none does
  std::uint16_t peak_frequency = 0;          // Hz, of the strongest partial; 0 in silence
  std::uint8_t peak_level = 0;               // of that partial
  std::array<std::uint8_t, kBands> bands{};  // each its strongest partial

  friend bool operator==(const Visualization&, const Visualization&) = default;
};

// As it goes over the wire, behind the message's type and time: 6 + kBands bytes.
std::vector<std::uint8_t> to_bytes(const Visualization& moment);

// The edges of band `index`: its lower one; kBands gives the upper edge of the last.
double band_edge(std::size_t index);

// Looks at the moments of one sound, one after the other.
class SoundPainter {
 public:
  SoundPainter();

  // `samples`: kWindow of them, mono at kRate; the moment is the kRate / kPerSecond in the middle.
  Visualization look_at(std::span<const float> samples);

 private:
  void find_peak(Visualization& moment) const;
  void fill_bands(Visualization& moment) const;
  std::uint8_t find_onset(const Visualization& moment);

  Fft fft_;
  std::vector<float> window_;    // Hann's, scaled so that a full-scale sine has magnitude 1
  std::vector<float> weighted_;  // samples
  std::vector<float> spectrum_;
  std::array<std::uint8_t, Visualization::kBands> before_{};  // the bands of the last moment
  std::deque<double> rises_;                                  // of the last moments
  int since_onset_ = 0;                                       // moments
};

}  // namespace tutti
