// The target of an HTTP request line, taken apart.
#pragma once

#include "base/result.h"

#include <map>
#include <string>
#include <string_view>

namespace tutti::protocol {

struct RequestTarget {
  std::string path;                          // percent-decoded, begins with '/', no "..", no NUL
  std::map<std::string, std::string> query;  // percent-decoded; the first of each name

  // The query's value, or "".
  std::string_view parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string_view() : std::string_view(found->second);
  }
};

// Origin form ("/a%20b?c=d") and absolute form ("http://host/a"). Error: anything else, a path that climbs
// out of its root, a NUL byte, or a query of more than 32 parameters.
Result<RequestTarget> parse_request_target(std::string_view target);

}  // namespace tutti::protocol
