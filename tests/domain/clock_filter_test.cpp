#include "domain/clock_filter.h"

#include <cmath>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;

// Two clocks and the delays between them. µs.
struct World {
  explicit World(std::uint64_t seed) : random(seed) {}

  double uniform() { return static_cast<double>(random() >> 11) * 0x1p-53; }
  double exponential(double mean) { return -mean * std::log(1 - uniform()); }
  std::int64_t client(double t) const { return std::llround(t); }
  std::int64_t server(double t) const { return std::llround(t + offset + drift * t); }

  Exchange exchange(double sent, double there, double back) const {
    const double received = sent + there, answered = received + 30, arrived = answered + back;
    return {{Duration{client(sent)}},
            {Duration{server(received)}},
            {Duration{server(answered)}},
            {Duration{client(arrived)}}};
  }

  double error(const ClockFilter& filter, double t) const {
    const auto said = filter.to_server({Duration{client(t)}}).since_start.count();
    return std::abs(static_cast<double>(said - server(t)));
  }

  std::mt19937_64 random;
  double offset = 123'456'789, drift = 0;
};

constexpr double kSecond = 1e6;

TEST(ClockFilter, KnowsNothingBeforeTheFirstExchange) {
  const ClockFilter filter;
  EXPECT_FALSE(filter.ready());
  EXPECT_EQ(filter.to_server({5s}), ServerTime{5s});
  EXPECT_EQ(filter.to_client({5s}), ClientTime{5s});
  EXPECT_EQ(filter.uncertainty({5s}), Duration::max());
  EXPECT_EQ(filter.interval(), Duration{50ms});
}

TEST(ClockFilter, TheFirstExchangeIsTakenAtItsMiddleAndDoubtedByHalfItsRoundTrip) {
  World world(1);
  ClockFilter filter;
  ASSERT_TRUE(filter.add(world.exchange(0, 300, 100)));
  EXPECT_NEAR(world.error(filter, 430), 100, 2);
  EXPECT_GE(filter.uncertainty({430us}), 200us);
  EXPECT_FALSE(filter.ready());
}

TEST(ClockFilter, TakesNothingThatCannotBeTrue) {
  World world(1);
  ClockFilter filter;
  const Exchange good = world.exchange(kSecond, 200, 200);
  ASSERT_TRUE(filter.add(good));
  const auto spoilt = [&](auto change) {
    Exchange x = good;
    change(x);
    return x;
  };
  const Duration far{std::int64_t{1} << 60};
  EXPECT_FALSE(filter.add(spoilt([](Exchange& x) { x.arrived = x.sent - 1us; })));
  EXPECT_FALSE(filter.add(spoilt([](Exchange& x) { x.answered = x.received - 1us; })));
  EXPECT_FALSE(filter.add(spoilt([](Exchange& x) { x.answered = x.received + 2ms; })));
  EXPECT_FALSE(filter.add(spoilt([](Exchange& x) { x.sent = x.arrived = ClientTime{1ms}; })));
  EXPECT_FALSE(filter.add(spoilt([&](Exchange& x) { x.received = {far}; })));
  EXPECT_FALSE(filter.add(spoilt([](Exchange& x) { x.answered = {Duration::max()}; })));
  EXPECT_FALSE(filter.add(spoilt([](Exchange& x) { x.sent = {Duration::min()}; })));
  EXPECT_LE(world.error(filter, kSecond), 1);
  EXPECT_TRUE(filter.add(good)) << "the same moment again";
}

TEST(ClockFilter, AnyTimeCanBeConverted) {
  World world(1);
  ClockFilter filter;
  for (int i = 0; i < 10; ++i) filter.add(world.exchange(i * kSecond, 200, 200));
  for (const Duration t : {Duration::max(), Duration::min(), Duration{0}}) {
    const ServerTime there = filter.to_server(filter.to_client({t}));
    EXPECT_LT(std::abs(there.since_start.count()), std::int64_t{1} << 54);
  }
}

TEST(ClockFilter, ThereAndBackAgain) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    world.offset = (world.uniform() - 0.5) * 1e13;
    world.drift = (world.uniform() - 0.5) * 400e-6;
    ClockFilter filter;
    for (int i = 0; i < 60; ++i) {
      filter.add(world.exchange(i * kSecond, world.exponential(2000), world.exponential(2000)));
      const ClientTime now{Duration{world.client(i * kSecond + 5e5)}};
      const Duration off = filter.to_client(filter.to_server(now)) - now;
      ASSERT_LE(std::abs(off.count()), 1) << "seed " << seed << ", exchange " << i;
    }
    EXPECT_NEAR(filter.drift(), world.drift, 20e-6) << "seed " << seed;
  }
}

TEST(ClockFilter, ConvergesOnALan) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    World world(seed);
    world.drift = (world.uniform() - 0.5) * 200e-6;
    ClockFilter filter;
    double t = 0;
    const auto ask_until = [&](double end, double allowed) {
      while (t < end) {
        filter.add(world.exchange(t, 150 + world.exponential(50), 150 + world.exponential(50)));
        t += static_cast<double>(filter.interval().count());
        if (t > kSecond) {
          ASSERT_LT(world.error(filter, t), allowed) << "seed " << seed << ", " << t;
        }
      }
    };
    ask_until(10 * kSecond, 1000);
    ask_until(40 * kSecond, 30);
    EXPECT_TRUE(filter.ready());
    EXPECT_EQ(filter.interval(), Duration{1s});
  }
}

TEST(ClockFilter, AQueueInOneDirectionMovesNothing) {
  World world(3);
  ClockFilter filter;
  double t = 0;
  for (int i = 0; i < 60; ++i, t += kSecond) {
    filter.add(world.exchange(t, 5000 + world.exponential(200), 5000 + world.exponential(200)));
  }
  for (int i = 0; i < 60; ++i, t += kSecond) {
    filter.add(world.exchange(t, 85'000 + world.exponential(5000), 5000 + world.exponential(200)));
    ASSERT_LT(world.error(filter, t), 200) << i << " s into an upload that delays by 80 ms";
  }
  EXPECT_EQ(filter.jumps(), 0);
}

TEST(ClockFilter, APathThatGetsLongerMovesNothing) {
  World world(4);
  ClockFilter filter;
  for (double t = 0; t < 400 * kSecond; t += kSecond) {
    const double base = t < 150 * kSecond ? 1000 : 12'000;
    filter.add(world.exchange(t, base + world.exponential(500), base + world.exponential(500)));
    if (t > 30 * kSecond) {
      ASSERT_LT(world.error(filter, t), 300) << t / kSecond << " s";
    }
  }
  EXPECT_EQ(filter.jumps(), 0);
}

TEST(ClockFilter, AJumpIsFoundAtOnceAndASmallOneAtTheSecondLook) {
  for (const double by : {-3e9, -20'000.0, 5000.0, 400'000.0, 7.2e9}) {
    World world(5);
    ClockFilter filter;
    double t = 0;
    const auto ask = [&] {
      filter.add(world.exchange(t += kSecond, 400 + world.exponential(100), 400 + world.exponential(100)));
    };
    for (int i = 0; i < 100; ++i) ask();
    world.offset += by;
    ask();
    EXPECT_EQ(filter.jumps(), 1) << by;
    EXPECT_LT(world.error(filter, t), 500) << by;
    EXPECT_EQ(filter.interval(), Duration{50ms}) << by;
    EXPECT_TRUE(filter.ready());
    for (int i = 0; i < 10; ++i) ask();
    EXPECT_LT(world.error(filter, t), 100) << by;
    EXPECT_EQ(filter.jumps(), 1) << by;
  }
  // Less than the round trip: one exchange may just have had luck.
  World world(6);
  ClockFilter filter;
  double t = 0;
  const auto ask = [&] {
    filter.add(
        world.exchange(t += kSecond, 30'000 + world.exponential(200), 30'000 + world.exponential(200)));
  };
  for (int i = 0; i < 100; ++i) ask();
  world.offset += 5000;
  ask();
  ask();
  EXPECT_EQ(filter.jumps(), 1);
  for (int i = 0; i < 10; ++i) ask();
  EXPECT_LT(world.error(filter, t), 300);
}

TEST(ClockFilter, TheUncertaintyIsKeptAndGrowsWithoutExchanges) {
  std::size_t kept = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(seed);
    world.drift = (world.uniform() - 0.5) * 100e-6;
    ClockFilter filter;
    for (double t = 0; t < 120 * kSecond; t += kSecond) {
      filter.add(world.exchange(t, 1000 + world.exponential(1500) + world.exponential(1500),
                                1000 + world.exponential(1500) + world.exponential(1500)));
      for (const double later : {1e5, 5e5, 9e5}) {
        const ClientTime now{Duration{world.client(t + later)}};
        ++all;
        kept += world.error(filter, t + later) <= static_cast<double>(filter.uncertainty(now).count());
      }
    }
    const auto doubt = [&](double seconds) {
      return filter.uncertainty({Duration{world.client(seconds * kSecond)}});
    };
    EXPECT_LT(doubt(120), 1ms);
    EXPECT_LT(doubt(120), doubt(600));
    EXPECT_LT(doubt(600), doubt(3600));
  }
  EXPECT_GE(static_cast<double>(kept), 0.95 * static_cast<double>(all));
}

TEST(ClockFilter, AQueueThatStoodFromTheFirstExchangeOnIsDoubted) {
  World world(12);
  ClockFilter filter;
  double t = 0;
  for (int i = 0; i < 6; ++i, t += 50'000) {
    filter.add(world.exchange(t, 45'000 + world.exponential(3000), 500 + world.exponential(100)));
    const auto doubt = static_cast<double>(filter.uncertainty({Duration{world.client(t)}}).count());
    ASSERT_GT(world.error(filter, t), 15'000);
    EXPECT_GE(doubt, 0.7 * world.error(filter, t)) << "exchange " << i;
  }
  for (int i = 0; i < 3; ++i, t += 50'000) {
    filter.add(world.exchange(t, 500 + world.exponential(100), 500 + world.exponential(100)));
    EXPECT_LT(world.error(filter, t), 500);
    EXPECT_LT(filter.uncertainty({Duration{world.client(t)}}), 3ms);
  }
}

TEST(ClockFilter, ErrorsWithoutAnEdgeAreAveraged) {
  for (const bool warmed : {false, true}) {
    double squares = 0;
    std::size_t kept = 0, all = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      World world(seed);
      world.drift = (world.uniform() - 0.5) * 100e-6;
      const double drift = world.drift, offset = world.offset;
      ClockFilter filter;
      const auto noise = [&] {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += world.uniform();
        return 300 + 25 * sum;
      };
      for (double t = 0; t < 300 * kSecond; t += kSecond) {
        // Drift that changes by 0.03 µs/s²: a mean over minutes would be wrong.
        if (warmed) world.offset = offset + 0.015e-12 * t * t;
        filter.add(world.exchange(t, noise(), noise()));
        if (t < 200 * kSecond) continue;
        const double error = world.error(filter, t);
        squares += error * error;
        ++all;
        kept += error <= static_cast<double>(filter.uncertainty({Duration{world.client(t)}}).count());
      }
      EXPECT_NEAR(filter.drift(), drift, warmed ? 12e-6 : 1e-6) << "seed " << seed;
    }
    EXPECT_LT(std::sqrt(squares / static_cast<double>(all)), warmed ? 20 : 3.5) << warmed;
    EXPECT_GE(static_cast<double>(kept), 0.95 * static_cast<double>(all)) << warmed;
  }
}

TEST(ClockFilter, NothingOutsideBreaksIt) {
  World world(9);
  for (int round = 0; round < 200; ++round) {
    ClockFilter filter;
    std::int64_t clock = 0;
    for (int i = 0; i < 60; ++i) {
      const auto any = [&] {
        const auto bits = static_cast<std::int64_t>(world.random()) >> (world.random() % 63);
        return Duration{bits};
      };
      const ClientTime sent{Duration{clock}};
      clock += std::abs(any().count() % 10'000'000);
      const ServerTime received{any()};
      filter.add({sent, received, received + Duration{any().count() % 1000}, {Duration{clock}}});
      ASSERT_LE(std::abs(filter.drift()), 2e-3);
      ASSERT_GE(filter.uncertainty({Duration{clock}}), 0us);
    }
  }
}

TEST(ClockFilter, SaysWhatTheVectorsSay) {
  const std::string path = TUTTI_SOURCE_DIR "/tests/vectors/clock.txt";
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  ClockFilter filter;
  std::string line;
  int checked = 0;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line);
    std::string kind;
    std::int64_t a = 0, b = 0, c = 0, d = 0;
    words >> kind >> a >> b >> c >> d;
    if (kind == "c") filter = ClockFilter();
    if (kind == "x") {
      ASSERT_TRUE(filter.add({{Duration{a}}, {Duration{b}}, {Duration{c}}, {Duration{d}}})) << number;
    }
    if (kind != "e") continue;
    ++checked;
    EXPECT_NEAR(static_cast<double>(filter.to_server({Duration{a}}).since_start.count()),
                static_cast<double>(b), 1)
        << path << ":" << number;
    EXPECT_NEAR(static_cast<double>(filter.uncertainty({Duration{a}}).count()), static_cast<double>(c), 1)
        << path << ":" << number;
  }
  EXPECT_GT(checked, 200);
}

}  // namespace
}  // namespace tutti
