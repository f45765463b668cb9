#include "server/alias.h"

#include "protocol/route.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace tutti::server {

Result<net::Alias> parse_alias(std::string_view text) {
  const std::size_t equals = text.find('=');
  net::Alias alias{};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + std::min(equals, text.size()), alias.port);
  const bool has_path = equals != text.npos && text.substr(equals + 1).starts_with('/');
  if (error != std::errc() || end != text.data() + equals || !has_path) {
    return fail("'" + std::string(text) + "' is not PORT=/PATH, such as 5009=/cues");
  }
  const auto path = protocol::normalise_route(text.substr(equals + 1));
  if (!path) return tl::make_unexpected(path.error());
  alias.path = *path;
  return alias;
}

}  // namespace tutti::server
