#include "domain/fft.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>

namespace tutti {

Fft::Fft(std::size_t size) : reversed_(size), turns_(size / 2), values_(size) {
  assert(size >= 4 && std::has_single_bit(size));
  for (std::size_t i = 1, j = 0; i < size; ++i) {
    std::size_t bit = size / 2;
    for (; j & bit; bit /= 2) j ^= bit;
    j ^= bit;
    reversed_[i] = j;
  }
  for (std::size_t k = 0; k < turns_.size(); ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    turns_[k] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
  }
}

void Fft::magnitudes(std::span<const float> in, std::span<float> out) {
  assert(in.size() == size() && out.size() == size() / 2 + 1);
  for (std::size_t i = 0; i < size(); ++i) values_[reversed_[i]] = in[i];
  for (std::size_t half = 1; half < size(); half *= 2) {
    const std::size_t step = size() / (2 * half);
    for (std::size_t begin = 0; begin < size(); begin += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        auto& a = values_[begin + k];
        auto& b = values_[begin + k + half];
        const auto w = turns_[k * step];
        // Written out: the library's product looks for infinities first.
        const std::complex<float> turned(b.real() * w.real() - b.imag() * w.imag(),
                                         b.real() * w.imag() + b.imag() * w.real());
        b = a - turned;
        a += turned;
      }
    }
  }
  // Not std::hypot, which takes care of overflows that samples within ±1 cannot cause.
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = std::sqrt(std::norm(values_[k]));
}

}  // namespace tutti
