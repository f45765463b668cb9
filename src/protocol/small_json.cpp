#include "protocol/small_json.h"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::protocol {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 8;
constexpr std::size_t kMostStrings = 32;

// Boost.JSON keeps the last of two members with one name, without a word. So the names at the top are counted
// in the text itself: outside of strings, at depth 1, every ':' belongs to one.
std::size_t members_at_top(std::string_view text) {
  std::size_t members = 0;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ':' && depth == 1) {
      ++members;
    }
  }
  return members;
}

}  // namespace

json::value parse_small(std::string_view text, boost::system::error_code& error) {
  json::parse_options options;
  options.max_depth = kDeepest;
  return json::parse(text, error, {}, options);
}

std::optional<json::object> parse_small_object(std::string_view text) {
  boost::system::error_code error;
  json::value value = parse_small(text, error);
  if (error || !value.is_object()) return std::nullopt;
  if (members_at_top(text) != value.get_object().size()) return std::nullopt;
  return std::move(value.get_object());
}

std::optional<std::vector<std::string>> strings_in(const json::value& value) {
  std::vector<std::string> out;
  if (value.is_array()) {
    for (const auto& each : value.get_array()) {
      if (!each.is_string() || out.size() == kMostStrings) return std::nullopt;
      out.emplace_back(each.get_string());
    }
    return out;
  }
  if (!value.is_string()) return std::nullopt;
  std::string_view rest = value.get_string();
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (end > 0) out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (out.size() > kMostStrings) return std::nullopt;
  }
  return out;
}

std::optional<std::string> text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

}  // namespace tutti::protocol
