// A station's route: the path its audio is found at. "/", "/humor", "/по-русски".
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace tutti::protocol {

// "humor", "/humor/", "//humor" → "/humor"; "" and "/" → "/". Error: a route that could not be asked for by
// URL or is not text: "..", a control character, '?', '#', '%', '\', invalid UTF-8, longer than 200 bytes.
Result<std::string> normalise_route(std::string_view text);

// True for the first parts of paths that the server itself answers, or will: "/api", "/streams", "/web", …
bool is_reserved_route(std::string_view route);

// Percent-encoded for a URL, slashes kept.
std::string url_of_route(std::string_view route);

}  // namespace tutti::protocol
