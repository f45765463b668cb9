#include "protocol/player_fields.h"

#include "protocol/small_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace tutti::protocol {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostShortNameBytes = 64;
constexpr double kLatestSecond = 1e9;

tl::unexpected<Error> is_not(std::string_view name, std::string_view expected) {
  return fail(std::string(name) + " is not " + std::string(expected));
}

std::optional<std::int64_t> whole_number(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
    return std::nullopt;
  }
  if (!value.is_double()) return std::nullopt;   // above what fits
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond, a double does not say which number it is
  const double number = value.get_double();
  if (std::trunc(number) != number || std::abs(number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

const json::value* PlayerFields::find(std::string_view name) const {
  const json::value* found = data_ ? data_->if_contains(name) : nullptr;
  if (!found) found = flat_.if_contains(name);
  return found && !found->is_null() ? found : nullptr;
}

Result<std::optional<std::int64_t>> PlayerFields::integer(std::string_view name) const {
  const json::value* found = find(name);
  if (!found) return std::nullopt;
  const auto number = whole_number(*found);
  if (!number) return is_not(name, "a whole number");
  return number;
}

Result<std::optional<bool>> PlayerFields::boolean(std::string_view name) const {
  const json::value* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_bool()) return is_not(name, "true or false");
  return found->get_bool();
}

Result<std::optional<std::string_view>> PlayerFields::text(std::string_view name) const {
  const json::value* found = find(name);
  if (!found) return std::nullopt;
  if (!found->is_string()) return is_not(name, "a text");
  return std::string_view(found->get_string());
}

Result<std::optional<std::string>> PlayerFields::name(std::string_view name) const {
  const auto found = text(name);
  if (!found) return tl::make_unexpected(found.error());
  if (!*found || (*found)->empty()) return std::nullopt;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if ((*found)->size() > kMostShortNameBytes || std::any_of((*found)->begin(), (*found)->end(), is_control)) {
    return is_not(name, "a short name");
  }
  return std::string(**found);
}

Result<std::optional<PlayerPosition>> PlayerFields::position(std::string_view name) const {
  const json::value* found = find(name);
  if (!found) return std::nullopt;
  if (found->is_int64() && found->get_int64() >= 0 && found->get_int64() <= std::int64_t(kLatestSecond)) {
    return PlayerPosition{std::chrono::seconds(found->get_int64()), false};
  }
  // Not NaN either.
  if (!found->is_double() || !(found->get_double() >= 0 && found->get_double() <= kLatestSecond)) {
    return is_not(name, "a position in seconds");
  }
  const double seconds = found->get_double();
  const PlayerPosition position{std::chrono::milliseconds(std::llround(seconds * 1000)),
                                std::trunc(seconds) != seconds};
  return position;
}

Result<PlayerDocument> PlayerDocument::parse(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) return fail("longer than " + std::to_string(most_bytes) + " bytes");
  boost::system::error_code error;
  json::value value = parse_small(text, error);
  if (error) return fail("not JSON: " + error.message());
  return PlayerDocument(std::move(value));
}

Result<PlayerFields> PlayerDocument::fields() const {
  const json::object* flat = value_.if_object();
  if (!flat) return fail("not a JSON object");
  const json::value* data = flat->if_contains("data");
  if (data && !data->is_null() && !data->is_object()) return fail("data is not an object");
  return PlayerFields(*flat, data ? data->if_object() : nullptr);
}

}  // namespace tutti::protocol
