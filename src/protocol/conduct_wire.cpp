#include "protocol/conduct_wire.h"

#include "protocol/small_json.h"

#include <utility>

#include <boost/json/serialize.hpp>

namespace tutti::protocol {

namespace json = boost::json;

std::string print_conduct_walk(const Walk& walk, WalkKeys keys, ServerTime now) {
  json::object out{{"type", "walk"}};
  for (auto& [name, value] : walk_object(walk, keys)) out[name] = std::move(value);
  out["server_time"] = now.since_start.count();
  return json::serialize(out);
}

std::string print_conduct_rows(const std::vector<WalkParticipant>& rows, const Walk& walk) {
  json::array out;
  for (const auto& each : rows) out.push_back(participant_object(each, walk));
  return json::serialize(json::object{{"type", "participants"}, {"rows", std::move(out)}});
}

std::string print_conduct_event(const WalkEvent& event) {
  json::object out{{"type", "event"}};
  for (auto& [name, value] : event_object(event)) out[name] = std::move(value);
  return json::serialize(out);
}

std::string print_conduct_done() { return R"({"type":"done"})"; }

std::string print_conduct_error(const std::string& message) {
  return json::serialize(json::object{{"type", "error"}, {"message", message}});
}

std::string print_conduct_time(const ConductTime& asked, ServerTime received, ServerTime transmitted) {
  return json::serialize(json::object{{"type", "time"},
                                      {"t", asked.t},
                                      {"server_received", received.since_start.count()},
                                      {"server_transmitted", transmitted.since_start.count()}});
}

Result<std::variant<WalkOrder, ConductTime>> parse_conduct(std::string_view text) {
  if (text.size() > kMostConductBytes) return fail("this message is too long");
  boost::system::error_code error;
  const json::value value = parse_small(text, error);
  if (error || !value.is_object())
    return fail("an order is a JSON object: {\"verb\":\"cue\",\"name\":\"bridge\"}");
  sendspin::Fields::Problem problem;
  const sendspin::Fields fields(value.get_object(), "order", problem);
  const std::string verb = fields.must(fields.text("verb"), "verb");
  if (problem) return tl::make_unexpected(std::move(*problem));
  if (verb == "time") {
    const auto t = fields.time("t");
    if (problem) return tl::make_unexpected(std::move(*problem));
    return ConductTime{t.value_or(Duration{0}).count()};
  }
  auto order = read_walk_order(verb, value.get_object());
  if (!order) return tl::make_unexpected(order.error());
  return std::move(*order);
}

}  // namespace tutti::protocol
