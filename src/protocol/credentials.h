// Credentials as HTTP carries them: the Authorization header (RFC 6750, RFC 7617) and the session's cookie
// (RFC 6265).
#pragma once

#include "domain/credentials.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::protocol {

inline constexpr std::size_t kLongestToken = 8 * 1024;  // bytes
inline constexpr std::string_view kSessionCookie = "session_id";

// "" is none; `Bearer TOKEN` and `Basic BASE64`, schemes in any case; everything else is unreadable.
Credentials parse_authorization(std::string_view header);

// The value of the first cookie of that name in a Cookie header; nullopt: there is none, or it is empty or
// longer than any of ours.
std::optional<std::string> find_cookie(std::string_view header, std::string_view name);

// The value of Set-Cookie: for all paths, out of reach of scripts, and not sent with requests that other
// sites make, but for links that people follow. `is_secure`: only over TLS. A lifetime of 0 takes it away.
std::string session_cookie(std::string_view value, std::chrono::seconds lifetime, bool is_secure);

}  // namespace tutti::protocol
