// A phone at /cues that says anything, while cues come, go and are stopped. Each line of the input is a
// message; those that begin with a digit are something that happens at the server.
#include "protocol/cues_session.h"

#include "fuzz/require.h"

#include <algorithm>

#include <boost/json/parse.hpp>

namespace {

using namespace tutti;
using namespace tutti::protocol;

void check(const CuesSession::Outcome& out) {
  REQUIRE(out.say.size() < 16 && out.events.size() < 8);
  for (const auto& text : out.say) {
    const auto object = boost::json::parse(text).as_object();
    if (object.contains("ping")) continue;
    const auto& start = object.at("start");
    const auto& end = object.at("end");
    REQUIRE(start.is_double() && end.is_double() && object.at("playbackTimeOffset").is_double());
    REQUIRE(start.get_double() >= 0 && start.get_double() < end.get_double());
    REQUIRE(object.at("playbackTimeOffset").get_double() >= 0);
    REQUIRE(object.at("playbackTimeOffset").get_double() < 6);
  }
  for (const auto& event : out.events) {
    REQUIRE(!in_words(event, 1).empty());
    REQUIRE(!event.latency || *event.latency >= Duration(0));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  CuesSession session;
  ServerTime now;
  std::vector<AppCue> cues;
  std::uint64_t id = 0;
  check(session.on_open(now));
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const int value = line.size() > 1 ? static_cast<unsigned char>(line[1]) : 0;
    const int event = !line.empty() && line[0] >= '0' && line[0] <= '9' ? line[0] - '0' : -1;
    switch (event) {
      case -1:
        check(session.on_text(line, now));
        break;
      case 0:
        now = now + Duration(value * 100'000);
        check(session.on_time(now));
        break;
      case 1:
      case 2: {
        const std::chrono::milliseconds a(value * 10), b(value * 10 + value % 7 * 1000);
        cues.push_back({++id, a, b, now + Duration((value - 100) * 50'000), event == 2, {}, {}});
        check(session.on_cues(cues, now));
        break;
      }
      case 3:
        if (!cues.empty()) cues.back().stop = now + Duration((value - 100) * 10'000);
        check(session.on_cues(cues, now));
        break;
      case 4:
        if (!cues.empty()) cues.erase(cues.begin());
        check(session.on_cues(cues, now));
        break;
      default:
        now = now + Duration(1'000);
    }
    REQUIRE(session.due() > now - std::chrono::hours(1));
  }
  return 0;
}
