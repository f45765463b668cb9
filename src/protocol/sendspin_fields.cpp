#include "protocol/sendspin_fields.h"

#include "base/utf8.h"

#include <algorithm>
#include <cmath>

namespace tutti::protocol::sendspin {
namespace {

namespace json = boost::json;

constexpr double kExact = 9007199254740992.0;  // 2^53: beyond, a double does not say which number it is
// Far from where sums and differences of times overflow.
constexpr std::int64_t kMostMicros = std::int64_t{1} << 61;

std::optional<std::int64_t> whole(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  const double* number = value.if_double();
  if (!number || std::trunc(*number) != *number || std::abs(*number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

// Cut where a character ends.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (most > 0 && continues(most)) --most;
  return text.substr(0, most);
}

}  // namespace

void Fields::complain(std::string_view name, std::string_view expected) const {
  if (problem_) return;
  problem_ = Error{std::string(where_) + ": " + std::string(name) + " is not " + std::string(expected)};
}

const json::value* Fields::present(std::string_view name) const {
  const json::value* found = find(name);
  return found && !found->is_null() ? found : nullptr;
}

std::optional<std::int64_t> Fields::integer(std::string_view name, std::int64_t least,
                                            std::int64_t most) const {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  const auto number = whole(*found);
  if (number && *number >= least && *number <= most) return number;
  complain(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<int> Fields::small(std::string_view name, int least, int most) const {
  const auto number = integer(name, least, most);
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<int> Fields::volume(std::string_view name) const {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  if (const double* number = found->if_double(); number && *number >= 0 && *number <= 100) {
    return static_cast<int>(std::lround(*number));
  }
  return small(name, 0, 100);
}

std::optional<bool> Fields::boolean(std::string_view name) const {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  if (found->is_bool()) return found->get_bool();
  complain(name, "true or false");
  return std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view name, std::size_t most) const {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  if (found->is_string()) return to_valid_utf8(cut(found->get_string(), most));
  complain(name, "a text");
  return std::nullopt;
}

std::optional<Duration> Fields::time(std::string_view name) const {
  const auto number = integer(name, -kMostMicros, kMostMicros);
  if (!number) return std::nullopt;
  return Duration(*number);
}

std::optional<Fields> Fields::object(std::string_view name) const {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  if (found->is_object()) return Fields(found->get_object(), where_, problem_);
  complain(name, "an object");
  return std::nullopt;
}

const json::array* Fields::array(std::string_view name) const {
  const json::value* found = present(name);
  if (!found) return nullptr;
  if (!found->is_array()) complain(name, "an array");
  return found->if_array();
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name, std::size_t most) const {
  const json::array* found = array(name);
  if (!found) return std::nullopt;
  std::vector<std::string> out;
  for (const auto& each : *found) {
    if (out.size() == most) break;
    if (!each.is_string()) {
      complain(name, "an array of texts");
      return std::nullopt;
    }
    out.push_back(to_valid_utf8(cut(each.get_string(), kMostTextBytes)));
  }
  return out;
}

}  // namespace tutti::protocol::sendspin
