// The Origin of a request (RFC 6454): which site's page makes it.
#pragma once

#include <string_view>

namespace tutti::protocol {

// Whether a request with this Origin header comes from a page that was served under this Host header. The
// scheme is not compared, as TLS may end before us; its default port is: "https://a.example" is on host
// "a.example" and "a.example:443". "null" and whatever is no origin is foreign.
bool is_same_origin(std::string_view origin, std::string_view host);

}  // namespace tutti::protocol
