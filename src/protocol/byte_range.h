// The Range header of a request for a file (RFC 9110 14.1.2): one range of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tutti::protocol {

struct ByteRange {
  enum class Kind : std::uint8_t {
    all,   // none was asked for, or in a way that is to be passed over: several, or other units
    part,  // first to first + length
    none,  // it lies beyond the file: 416
  };

  Kind kind = Kind::all;
  std::int64_t first = 0, length = 0;  // bytes

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// `header`: "bytes=0-499", "bytes=500-", "bytes=-500", or "". `size`: of the file.
ByteRange parse_range(std::string_view header, std::int64_t size);

}  // namespace tutti::protocol
