// Where a Redis is and how to be let in: --store redis://[user:password@]host[:port][/db].
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace tutti::storage {

struct RedisAddress {
  std::string host;
  int port = 6379;
  int database = 0;
  std::string user, password;  // empty: none

  // For logs and errors: without user and password.
  std::string shown() const;
};

// User and password are percent-decoded; "redis://:password@host" has no user. Error: for a person; never
// repeats the text, which may hold a password.
Result<RedisAddress> parse_redis_address(std::string_view url);

}  // namespace tutti::storage
