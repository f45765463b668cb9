// The fields of a player's message or state: a JSON object, flat or with its fields under `data`, read
// strictly.
#pragma once

#include "base/result.h"
#include "domain/player_state.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tutti::protocol {

// Each returns nullopt where the field is missing or null. Error: it is of another type or out of bounds;
// names the field.
class PlayerFields {
 public:
  // `data` may be null.
  PlayerFields(const boost::json::object& flat, const boost::json::object* data) : flat_(flat), data_(data) {}

  // What is under `data` comes before what is flat. nullptr: missing or null.
  const boost::json::value* find(std::string_view name) const;

  // A number without a fraction, or a text of one.
  Result<std::optional<std::int64_t>> integer(std::string_view name) const;
  Result<std::optional<bool>> boolean(std::string_view name) const;
  Result<std::optional<std::string_view>> text(std::string_view name) const;
  // A short name: 1 to 64 bytes without control characters. "" counts as missing.
  Result<std::optional<std::string>> name(std::string_view name) const;
  // Seconds from 0 to 1e9, with or without a fraction.
  Result<std::optional<PlayerPosition>> position(std::string_view name) const;

 private:
  const boost::json::object& flat_;
  const boost::json::object* data_;
};

// A parsed text, and what its fields point into.
class PlayerDocument {
 public:
  // Error: longer than `most_bytes`, not JSON in valid UTF-8, or nested too deeply.
  static Result<PlayerDocument> parse(std::string_view text, std::size_t most_bytes);
  // Valid while this is. Error: not an object, or its `data` is not one.
  Result<PlayerFields> fields() const;

 private:
  explicit PlayerDocument(boost::json::value value) : value_(std::move(value)) {}
  boost::json::value value_;
};

}  // namespace tutti::protocol
