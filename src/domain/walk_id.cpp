#include "domain/walk_id.h"

#include <array>
#include <cstdint>

namespace tutti {
namespace {

constexpr std::size_t kMostChars = 60;
constexpr std::uint32_t kNone = 0xFFFD;

// The next character of UTF-8; kNone for a byte that is none.
std::uint32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  if (more == 0 || text.size() < more) return kNone;
  std::uint32_t out = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) out = out << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(more);
  return out;
}

// From U+0430 to U+045F: а to я, then the letters of Serbian, Ukrainian and others.
constexpr std::array<std::string_view, 48> kCyrillic = {
    "a", "b",  "v",  "g", "d",  "e",  "zh", "z",  "i",  "y",    "k",  "l", "m", "n", "o",  "p",
    "r", "s",  "t",  "u", "f",  "kh", "ts", "ch", "sh", "shch", "",   "y", "",  "e", "yu", "ya",
    "e", "yo", "dj", "g", "ye", "dz", "i",  "yi", "j",  "lj",   "nj", "c", "k", "i", "u",  "dz"};

std::string latin(std::uint32_t c) {
  if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return {static_cast<char>(c)};
  if (c >= 0x410 && c <= 0x42F) c += 0x20;  // А to Я
  if (c >= 0x400 && c <= 0x40F) c += 0x50;  // Ѐ to Џ
  if (c >= 0x430 && c <= 0x45F) return std::string(kCyrillic[c - 0x430]);
  return "-";
}

}  // namespace

std::string_view file_stem(std::string_view path) {
  if (const auto slash = path.rfind('/'); slash != path.npos) path.remove_prefix(slash + 1);
  const auto dot = path.rfind('.');
  return dot == path.npos || dot == 0 ? path : path.substr(0, dot);
}

std::string walk_id(std::string_view file_name) {
  std::string_view rest = file_stem(file_name);
  std::string out;
  while (!rest.empty() && out.size() < kMostChars) {
    const std::string next = latin(take(rest));
    const bool is_gap = next == "-";
    if (is_gap && (out.empty() || out.back() == '-')) continue;
    out += next;
  }
  if (out.size() > kMostChars) out.resize(kMostChars);
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "audio" : out;
}

}  // namespace tutti
