#include "protocol/request_target.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tutti::protocol {

namespace urls = boost::urls;

Result<RequestTarget> parse_request_target(std::string_view target) {
  const auto malformed = [] { return fail("malformed request target"); };
  auto parsed = urls::parse_origin_form(target);
  if (!parsed) parsed = urls::parse_absolute_uri(target);
  if (!parsed) return malformed();
  RequestTarget out;
  for (const auto segment : parsed->segments()) {
    if (segment == ".") continue;
    out.path.append("/").append(segment);
  }
  // Looked for in what was decoded: a segment may hold a slash that was written as %2F.
  if ((out.path + "/").find("/../") != std::string::npos) return fail("the path climbs out of its root");
  if (out.path.empty()) out.path = "/";
  if (out.path.find('\0') != std::string::npos) return malformed();
  for (const auto& parameter : parsed->params()) {
    if (out.query.size() >= 32) return fail("too many query parameters");
    out.query.emplace(parameter.key, parameter.value);
  }
  return out;
}

}  // namespace tutti::protocol
