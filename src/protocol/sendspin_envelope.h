// What all text messages of Sendspin are in: {"type": …, "payload": {…}}.
#pragma once

#include "protocol/sendspin_fields.h"

#include <boost/json/serialize.hpp>

namespace tutti::protocol::sendspin {

struct Envelope {
  std::string type;
  boost::json::value payload;  // an object

  // Error: longer than `most` bytes, not JSON or nested too deeply, no type, or a payload that is no
  // object. A payload that is missing is an empty one.
  static Result<Envelope> open(std::string_view text, std::size_t most = kMostMessageBytes);
  static std::string close(std::string_view type, boost::json::object payload);
};

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;  // clang 14 asks for it

// Adds a field where there is a value.
template <class T>
void put(boost::json::object& object, std::string_view name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

}  // namespace tutti::protocol::sendspin
