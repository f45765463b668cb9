// File names and tags are bytes; what leaves the server as text is UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace tutti {

// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD, and control characters by a
// space.
std::string to_valid_utf8(std::string_view text);

// Control characters are valid too.
bool is_valid_utf8(std::string_view text);

}  // namespace tutti
