#include "protocol/sendspin_envelope.h"

#include "protocol/small_json.h"

#include <boost/json/serialize.hpp>

namespace tutti::protocol::sendspin {

namespace json = boost::json;

Result<Envelope> Envelope::open(std::string_view text, std::size_t most) {
  if (text.size() > most) {
    return fail("a message longer than " + std::to_string(most) + " bytes");
  }
  boost::system::error_code error;
  json::value value = parse_small(text, error);
  if (error) return fail("not JSON: " + error.message());
  json::object* object = value.if_object();
  if (!object) return fail("not a JSON object");
  Envelope out;
  Fields::Problem problem;
  out.type = Fields(*object, "message", problem).text("type").value_or("");
  if (out.type.empty()) return fail("a message without a type");
  if (json::value* payload = object->if_contains("payload"); payload && !payload->is_null()) {
    if (!payload->is_object()) return fail(out.type + ": its payload is not an object");
    out.payload = std::move(*payload);
  } else {
    out.payload = json::object();
  }
  return out;
}

std::string Envelope::close(std::string_view type, json::object payload) {
  return json::serialize(json::object{{"type", type}, {"payload", std::move(payload)}});
}

}  // namespace tutti::protocol::sendspin
