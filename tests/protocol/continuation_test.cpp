#include "protocol/continuation.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

// Wherever the connections break and however they cut the bytes, each byte comes out once.
TEST(Continuation, EveryByteOnceWhateverBreaks) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    const Bytes all = noise(1 + random() % 5000, static_cast<unsigned>(round));
    Continuation continuation;
    Bytes heard;
    for (int attempt = 0; attempt < 50; ++attempt) {
      continuation.restart();
      const std::size_t breaks_at = attempt == 49 ? all.size() : random() % (all.size() + 1);
      for (std::size_t at = 0; at < breaks_at;) {
        const std::size_t length = std::min<std::size_t>(1 + random() % 700, breaks_at - at);
        const auto fresh = continuation.take(std::span(all).subspan(at, length));
        ASSERT_TRUE(fresh);
        heard.insert(heard.end(), fresh->begin(), fresh->end());
        at += length;
      }
      ASSERT_EQ(continuation.total(), static_cast<std::int64_t>(heard.size()));
    }
    ASSERT_EQ(heard, all);
    ASSERT_TRUE(continuation.end());
  }
}

TEST(Continuation, NoticesThatItIsSomethingElse) {
  const Bytes all = noise(1000, 1);
  for (const std::size_t changed : {0u, 499u}) {
    Continuation continuation;
    ASSERT_TRUE(continuation.take(std::span(all).first(500)));
    continuation.restart();
    Bytes other = all;
    other[changed] ^= 1;
    EXPECT_FALSE(continuation.take(other)) << changed;
  }
}

TEST(Continuation, NoticesThatThereIsLess) {
  const Bytes all = noise(1000, 1);
  Continuation continuation;
  ASSERT_TRUE(continuation.take(all));
  EXPECT_TRUE(continuation.end());
  continuation.restart();
  ASSERT_TRUE(continuation.take(std::span(all).first(999)));
  EXPECT_FALSE(continuation.end());
}

}  // namespace
}  // namespace tutti::protocol
