#include "base/fold_case.h"

#include <cstdint>
#include <string>

namespace tutti {
namespace {

// Of a character of two UTF-8 bytes (U+0080 to U+07FF).
std::uint32_t folded(std::uint32_t c) {
  if (c == 0x451 || c == 0x401) return 0x435;                   // ё, Ё
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 0x20;     // À … Þ
  if (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) return c + 0x20;  // Α … Ω
  if (c == 0x3C2) return 0x3C3;                                 // ς
  if (c >= 0x410 && c <= 0x42F) return c + 0x20;                // А … Я
  if (c >= 0x400 && c <= 0x40F) return c + 0x50;                // Ѐ … Џ
  const bool capital_is_odd = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  const bool comes_in_pairs = (c >= 0x100 && c <= 0x137 && c != 0x130 && c != 0x131) ||
                              (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x481) ||
                              (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F);
  if (comes_in_pairs && c % 2 == 0) return c + 1;
  if (capital_is_odd && c % 2 == 1) return c + 1;
  return c == 0x178 ? 0xFF : c;  // Ÿ
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
    if (byte >= 'A' && byte <= 'Z') {
      out += static_cast<char>(byte + 0x20);
    } else if (byte >= 0xC2 && byte <= 0xDF && (next & 0xC0u) == 0x80u) {
      const std::uint32_t c = folded((byte & 0x1Fu) << 6 | (next & 0x3Fu));
      out += static_cast<char>(0xC0u | c >> 6);
      out += static_cast<char>(0x80u | (c & 0x3Fu));
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace tutti
