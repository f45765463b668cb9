// Small JSON from outside: bounded in depth, and objects with one meaning only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

namespace tutti::protocol {

// `error`: set where it is not JSON, or nested deeper than 8.
boost::json::value parse_small(std::string_view text, boost::system::error_code& error);

// nullopt: not JSON, not an object, nested deeper than 8, or with a name twice (of which two readers might
// take different ones).
std::optional<boost::json::object> parse_small_object(std::string_view text);

// ["a", "b"] or "a b"; at most 32. nullopt: anything else.
std::optional<std::vector<std::string>> strings_in(const boost::json::value& value);

// The member's text; nullopt: it is missing or no text.
std::optional<std::string> text_in(const boost::json::object& object, std::string_view name);

}  // namespace tutti::protocol
