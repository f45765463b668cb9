// The discrete Fourier transform of real samples, for pictures of sound: radix 2, all tables made once.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace tutti {

class Fft {
 public:
  // `size`: a power of two, at least 4.
  explicit Fft(std::size_t size);

  std::size_t size() const { return reversed_.size(); }
  // |X(k)| for k = 0 … size/2 of size() samples. `out` has size/2 + 1 places.
  void magnitudes(std::span<const float> in, std::span<float> out);

 private:
  std::vector<std::size_t> reversed_;       // where sample i goes before the first stage
  std::vector<std::complex<float>> turns_;  // exp(-2πi·k/size), k < size/2
  std::vector<std::complex<float>> values_;
};

}  // namespace tutti
