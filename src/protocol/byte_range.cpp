#include "protocol/byte_range.h"

#include <algorithm>
#include <charconv>

namespace tutti::protocol {
namespace {

// Digits only. More than fit are as much as fits.
std::optional<std::int64_t> number(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.empty() || text.find_first_not_of(kDigits) != text.npos) return std::nullopt;
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() ? out : INT64_MAX;
}

}  // namespace

ByteRange parse_range(std::string_view header, std::int64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const ByteRange all{ByteRange::Kind::all, 0, size};
  const ByteRange none{ByteRange::Kind::none, 0, 0};
  if (!header.starts_with(kUnit)) return all;
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  if (dash == header.npos) return all;
  const auto first = number(header.substr(0, dash)), last = number(header.substr(dash + 1));
  if (dash == 0) {  // the last bytes
    if (!last) return all;
    const auto length = std::min(*last, size);
    return length > 0 ? ByteRange{ByteRange::Kind::part, size - length, length} : none;
  }
  if (!first || (!last && dash + 1 != header.size())) return all;
  if (last && *last < *first) return all;
  if (*first >= size) return none;
  const std::int64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {ByteRange::Kind::part, *first, end - *first + 1};
}

}  // namespace tutti::protocol
