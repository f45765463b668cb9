#include "base/spool.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

Bytes noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(Spool, GivesBackWhatArrived) {
  const auto spool = *Spool::open();
  ASSERT_TRUE(spool->append(Bytes{1, 2, 3}));
  ASSERT_TRUE(spool->append(Bytes{4, 5}));
  EXPECT_EQ(spool->size(), 5);
  Bytes out(3);
  EXPECT_EQ(spool->read_at(1, out), 3u);
  EXPECT_EQ(out, (Bytes{2, 3, 4}));
  EXPECT_EQ(spool->read_some(4, out, 0ms), 1u) << "as much as there is";
  EXPECT_EQ(out[0], 5);
  EXPECT_EQ(spool->read_some(5, out, 1ms), 0u) << "nothing came in time";
  EXPECT_FALSE(spool->is_finished());
  spool->finish();
  EXPECT_EQ(spool->read_at(4, out), 1u) << "the end is no reason to wait";
  EXPECT_EQ(spool->read_at(5, out), 0u);
  EXPECT_EQ(spool->read_at(99, out), 0u);
}

TEST(Spool, AReaderWaitsForWhatIsStillToCome) {
  const auto spool = *Spool::open();
  const Bytes all = noise(3'000'000, 1);
  std::thread writer([&] {
    for (std::size_t at = 0; at < all.size(); at += 10'007) {
      ASSERT_TRUE(spool->append(std::span(all).subspan(at, std::min<std::size_t>(10'007, all.size() - at))));
    }
    spool->finish();
  });
  Bytes heard, piece(65'536);
  for (;;) {
    const std::size_t n = spool->read_at(static_cast<std::int64_t>(heard.size()), piece);
    heard.insert(heard.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(n));
    if (n < piece.size()) break;
    spool->forget_before(static_cast<std::int64_t>(heard.size()));
  }
  writer.join();
  EXPECT_EQ(heard, all);
}

TEST(Spool, CancelWakesWhoWaitsAndHidesWhatIsThere) {
  const auto spool = *Spool::open();
  ASSERT_TRUE(spool->append(Bytes{1, 2, 3}));
  std::atomic<std::size_t> got{99};
  std::thread reader([&] {
    Bytes out(10);
    got = spool->read_at(0, out);
  });
  spool->cancel();
  reader.join();
  EXPECT_EQ(got, 0u);
  EXPECT_TRUE(spool->is_finished());
}

TEST(Spool, HoldsNoMoreThanItsLimitAndWhatIsForgottenDoesNotCount) {
  const auto spool = *Spool::open(3 << 20);
  const Bytes piece = noise(1 << 20, 2);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(spool->append(piece));
  const auto refused = spool->append(Bytes{1});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("3 MiB"), std::string::npos);
  EXPECT_EQ(spool->size(), 3 << 20);
  spool->forget_before((2 << 20) + 5);
  ASSERT_TRUE(spool->append(piece));
  Bytes out(piece.size());
  EXPECT_EQ(spool->read_at(3 << 20, out), out.size());
  EXPECT_EQ(out, piece);
}

TEST(Spool, SaysWhereItCannotWrite) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before ? before : "";
  setenv("TMPDIR", "/no/such/folder", 1);
  const auto spool = Spool::open();
  before ? setenv("TMPDIR", kept.c_str(), 1) : unsetenv("TMPDIR");
  ASSERT_FALSE(spool);
  EXPECT_NE(spool.error().message.find("/no/such/folder"), std::string::npos);
}

}  // namespace
}  // namespace tutti
