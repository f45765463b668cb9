#include "domain/walk_lead.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;

TEST(WalkLead, WithoutMeasurementsItIsTheUsualOne) {
  EXPECT_EQ(measured_lead({}), std::nullopt);
  EXPECT_EQ(choose_lead(std::nullopt, std::nullopt).chosen, kUsualLead);
}

TEST(WalkLead, OneOfAHundredMayBeLate) {
  std::vector<Duration> latencies(99, 30ms);
  latencies.push_back(5s);
  EXPECT_EQ(measured_lead(latencies), 450ms);
  latencies.push_back(5s);
  EXPECT_EQ(measured_lead(latencies), 5'400ms) << "two of 101 are more than one of a hundred";
}

TEST(WalkLead, AFewAllHearOfIt) { EXPECT_EQ(measured_lead({30ms, 200ms, 90ms}), 600ms); }

TEST(WalkLead, NeverLessThanAPhoneCanSchedule) {
  EXPECT_EQ(choose_lead(0ms, std::nullopt).chosen, kLeastLead);
  EXPECT_EQ(choose_lead(std::nullopt, 10ms).chosen, kLeastLead);
  EXPECT_EQ(choose_lead(5s, 2s).chosen, 2s) << "what is set by hand holds";
  EXPECT_EQ(choose_lead(5s, 2h).chosen, kMostLead);
}

TEST(WalkLead, ForAnyLatenciesTheMostHearOfItInTime) {
  std::mt19937 random(3);
  std::exponential_distribution<double> slow(1 / 80e3);
  for (int round = 0; round < 300; ++round) {
    std::vector<Duration> latencies(1 + random() % 400);
    for (auto& each : latencies) each = Duration(static_cast<std::int64_t>(slow(random)));
    const Millis lead = *measured_lead(latencies);
    const auto late =
        std::count_if(latencies.begin(), latencies.end(), [&](Duration each) { return each > lead; });
    EXPECT_LE(static_cast<double>(late), 0.01 * static_cast<double>(latencies.size()));
    EXPECT_EQ(lead.count() % 50, 0);
  }
}

}  // namespace
}  // namespace tutti
