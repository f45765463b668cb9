#include "protocol/walk_csv.h"

#include "protocol/rfc3339.h"
#include "protocol/walk_json.h"

#include <string_view>

#include <fmt/format.h>

namespace tutti::protocol {
namespace {

void put_text(std::string& out, std::string_view text) {
  out += '"';
  if (text.find_first_of("=+-@\t\r\n") == 0) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string print_walk_csv(const std::deque<WalkEvent>& events, const WallAnchor& anchor) {
  std::string out = "time,kind,participant,latency_ms,text\r\n";
  for (const auto& event : events) {
    const auto wall = anchor.to_wall(event.at).since_unix_epoch;
    out += format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(wall), Zone::z);
    out += ',';
    out += name_of(event.kind);
    out += ',';
    if (event.participant) put_text(out, *event.participant);
    out += ',';
    if (event.latency) out += fmt::format("{:.3f}", static_cast<double>(event.latency->count()) / 1000);
    out += ',';
    put_text(out, event.text);
    out += "\r\n";
  }
  return out;
}

}  // namespace tutti::protocol
