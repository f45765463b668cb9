#include "protocol/conductor_order.h"

#include <algorithm>
#include <cstdio>

namespace tutti::protocol {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostShown = 200;

double seconds(std::chrono::milliseconds value) { return static_cast<double>(value.count()) / 1000; }

// For each kind of verb its own.
template <class... Functions>
struct ByKind : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
ByKind(Functions...) -> ByKind<Functions...>;

std::string milliseconds_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", value);
  return text;
}

}  // namespace

ConductorWords words_of(const Walk& walk) {
  ConductorWords out;
  for (const auto& cue : walk.sheet) out.cues.push_back(cue.name);
  for (const auto& asset : walk.assets) out.assets.push_back(asset.id);
  return out;
}

WalkOrder order_of(const OscVerb& verb) {
  const ByKind order{[](const PartTyped& part) -> WalkOrder {
                       CueOrder out;
                       out.asset = part.asset;
                       out.a = part.a;
                       out.b = part.b;
                       return out;
                     },
                     [](const CueTyped& cue) -> WalkOrder {
                       CueOrder out;
                       out.name = cue.name;
                       return out;
                     },
                     [](const MessageTyped& message) -> WalkOrder { return MessageOrder{message.text}; },
                     [](const StopTyped& stop) -> WalkOrder { return StopOrder{stop.fade}; }};
  return std::visit(order, verb);
}

std::optional<OscVerb> verb_of(const ConductorLine& line) {
  if (const auto* part = std::get_if<PartTyped>(&line)) return *part;
  if (const auto* cue = std::get_if<CueTyped>(&line)) return *cue;
  if (const auto* message = std::get_if<MessageTyped>(&line)) return *message;
  if (const auto* stop = std::get_if<StopTyped>(&line)) return *stop;
  return std::nullopt;
}

json::object verb_object(const OscVerb& verb) {
  const ByKind object{[](const PartTyped& part) {
                        json::object out{{"verb", "cue"}, {"a", seconds(part.a)}, {"b", seconds(part.b)}};
                        if (part.asset) out["asset"] = *part.asset;
                        return out;
                      },
                      [](const CueTyped& cue) {
                        return json::object{{"verb", "cue"}, {"name", cue.name}};
                      },
                      [](const MessageTyped& message) {
                        return json::object{{"verb", "message"}, {"text", message.text}};
                      },
                      [](const StopTyped& stop) {
                        return json::object{{"verb", "stop"}, {"fade_ms", stop.fade.count()}};
                      }};
  return std::visit(object, verb);
}

std::string echo_of(const OscVerb& verb) {
  const ByKind echo{[](const PartTyped& part) {
                      return "Parsed start=" + show_seconds(part.a) + " and end=" + show_seconds(part.b);
                    },
                    [](const CueTyped& cue) { return "Parsed cue=" + cue.name; },
                    [](const MessageTyped& message) { return "Sending server message: " + message.text; },
                    [](const StopTyped& stop) {
                      return stop.fade.count() > 0 ? "Stopping within " + show_seconds(stop.fade) + " s"
                                                   : std::string("Stopping");
                    }};
  return std::visit(echo, verb);
}

WalkerLine walker_of(const WalkParticipant& who, const Walk& walk) {
  WalkerLine out{who.name, who.is_connected, who.is_ready(walk), std::nullopt, std::nullopt};
  if (who.latency) out.latency_ms = static_cast<double>(who.latency->count()) / 1000;
  if (who.ack) out.last_ack = who.ack->cue;
  return out;
}

std::string show_walkers(const std::vector<WalkerLine>& walkers) {
  std::string out;
  std::size_t connected = 0, ready = 0;
  for (const auto& each : walkers) {
    if (!each.is_connected) continue;
    ready += each.is_ready ? 1 : 0;
    if (++connected > kMostShown) continue;
    out += "  " + each.name + (each.is_ready ? ": ready" : ": not ready");
    if (each.latency_ms) out += ", " + milliseconds_text(*each.latency_ms) + " away";
    if (each.last_ack) out += ", acknowledged cue " + std::to_string(*each.last_ack);
    out += "\n";
  }
  if (connected > kMostShown) out += "  and " + std::to_string(connected - kMostShown) + " more\n";
  return out + std::to_string(connected) + " connected, " + std::to_string(ready) + " ready\n";
}

}  // namespace tutti::protocol
