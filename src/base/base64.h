// Base64 (RFC 4648), strict: nothing but the alphabet, padding where it belongs, no stray bits at the end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tutti {

// Section 5: '-' and '_', without padding.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

// Section 4: '+' and '/', with padding.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace tutti
