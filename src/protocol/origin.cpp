#include "protocol/origin.h"

#include <algorithm>
#include <cctype>

namespace tutti::protocol {
namespace {

bool is_same_text(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

// Without the port that the scheme has anyway.
std::string_view without_port(std::string_view authority, std::string_view port) {
  return authority.ends_with(port) ? authority.substr(0, authority.size() - port.size()) : authority;
}

}  // namespace

bool is_same_origin(std::string_view origin, std::string_view host) {
  std::string_view port = ":80";
  std::string_view authority;
  if (origin.starts_with("http://")) {
    authority = origin.substr(7);
  } else if (origin.starts_with("https://")) {
    authority = origin.substr(8);
    port = ":443";
  }
  if (authority.empty() || host.empty() || authority.find_first_of("/@") != std::string_view::npos)
    return false;
  return is_same_text(without_port(authority, port), without_port(host, port));
}

}  // namespace tutti::protocol
