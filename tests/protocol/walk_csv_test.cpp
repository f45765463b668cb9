#include "protocol/walk_csv.h"

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;

constexpr WallAnchor kAnchor{{1'700'000'000s}};
constexpr auto kNames = "time,kind,participant,latency_ms,text\r\n";

std::string line_of(const WalkEvent& event) {
  const std::string all = print_walk_csv({event}, kAnchor);
  EXPECT_EQ(all.rfind(kNames, 0), 0U);
  return all.substr(std::string(kNames).size());
}

TEST(WalkCsv, OfNothingThereAreTheNames) { EXPECT_EQ(print_walk_csv({}, kAnchor), kNames); }

TEST(WalkCsv, AnEventIsALine) {
  WalkEvent event{{12'345'678us}, WalkEvent::Kind::ack, "pixel", 31'250us, "Pixel 7 knows of cue 3"};
  EXPECT_EQ(line_of(event), "2023-11-14T22:13:32.345Z,ack,\"pixel\",31.250,\"Pixel 7 knows of cue 3\"\r\n");
}

TEST(WalkCsv, BeforeTheServersStartThereWasTimeToo) {
  EXPECT_EQ(line_of({{-1us}, WalkEvent::Kind::cue, std::nullopt, std::nullopt, "anna: bridge"}),
            "2023-11-14T22:13:19.999Z,cue,,,\"anna: bridge\"\r\n");
}

TEST(WalkCsv, QuotesLinesAndFormulasStayText) {
  WalkEvent event{{0us}, WalkEvent::Kind::connected, "=a", std::nullopt, "=HYPERLINK(\"x\",\"y\")\nis here"};
  EXPECT_EQ(line_of(event),
            "2023-11-14T22:13:20Z,connected,\"'=a\",,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\nis here\"\r\n");
}

}  // namespace
}  // namespace tutti::protocol
