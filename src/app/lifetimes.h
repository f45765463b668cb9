// How long what proves an identity holds.
#pragma once

#include "base/time.h"

#include <string_view>

namespace tutti::app {

// Of a session since it was last used.
inline constexpr Duration kSessionLifetime = std::chrono::hours(24 * 30);
inline constexpr Duration kSessionExtendedAfter = std::chrono::hours(1);
// Of a session whose user another server vouches for: we do not hear when that changes its mind.
inline constexpr Duration kOutsideSessionLifetime = std::chrono::hours(12);
// Of the sign-in link that a server without an operator prints.
inline constexpr Duration kLinkLifetime = std::chrono::hours(1);

// What our own tokens begin with, so that people and scanners recognise one where it should not be.
inline constexpr std::string_view kTokenPrefix = "tutti_";

}  // namespace tutti::app
