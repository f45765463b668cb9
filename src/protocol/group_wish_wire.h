// The body of POST /api/v1/groups/{id} (docs/api.md).
#pragma once

#include "base/result.h"
#include "domain/group_wish.h"

#include <string_view>

namespace tutti::protocol {

inline constexpr std::size_t kMostWishBytes = 32u << 10;

// Error: no JSON object, an unknown field, or one of another type or out of its range.
Result<GroupWish> parse_group_wish(std::string_view body);

}  // namespace tutti::protocol
