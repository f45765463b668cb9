// Which web pages may use a door of this server: the Origin that a browser sends with a request (RFC 6454).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tutti::protocol {

// `origin`: the header's value, "" where there was none: then it is no page of another site, but a program
// (or an old browser's own page). `host`: the Host header. `allowed`: origins ("https://example.org:8443") or
// "*" for all. A page that came from this very host and port is allowed always.
bool is_allowed_origin(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed);

// "https://example.org", "http://10.0.0.2:8000" or "*"; what --allow-origin takes.
bool is_origin(std::string_view text);

}  // namespace tutti::protocol
