// What a conductor asks for, and what is made of it: whatever is accepted leaves a walk that can be told and
// played.
#include "protocol/walk_json.h"

#include "domain/walk_timing.h"
#include "fuzz/require.h"

#include <boost/json/serialize.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti;
  constexpr std::string_view kVerbs[] = {"cue", "stop", "message", "sheet", "arm", "lead", "about"};
  if (size == 0) return 0;
  const std::string_view verb = kVerbs[data[0] % std::size(kVerbs)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto order = protocol::parse_walk_order(verb, body);
  if (!order) return 0;
  Walk walk;
  WalkAsset asset;
  asset.id = "forest";
  asset.frames = 100 * WalkAsset::kRate;
  asset.is_ready = true;
  walk.assets = {asset};
  walk.sheet = {{"bridge", {"forest", Millis{1000}, Millis{2000}}, ""}};
  walk.lead.chosen = Millis{1000};
  const ServerTime now{std::chrono::seconds(5)};
  const auto change = carry_out(*order, "anna", walk, {}, now);
  if (!change) return 0;
  REQUIRE(heard_at(change->walk, now) == heard_at(walk, now));
  REQUIRE(change->walk.messages.size() <= Walk::kMostMessages);
  REQUIRE(!protocol::print_walk_state(change->walk, WalkKeys::all()).empty());
  WalkKeys keys;
  keys.sheet = true;
  REQUIRE(order->index() != 6 || check_about(change->walk.about));
  const auto again =
      protocol::parse_walk_order("sheet", boost::json::serialize(protocol::walk_object(change->walk, keys)));
  REQUIRE(again && std::get<SheetOrder>(*again).sheet == change->walk.sheet);
  return 0;
}
