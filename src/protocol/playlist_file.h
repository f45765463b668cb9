// The small files by which players subscribe to a station.
#pragma once

#include <string>
#include <string_view>

namespace tutti::protocol {

// Extended M3U with one entry, UTF-8.
std::string m3u_file(std::string_view title, std::string_view url);
// PLS version 2 with one entry.
std::string pls_file(std::string_view title, std::string_view url);

}  // namespace tutti::protocol
