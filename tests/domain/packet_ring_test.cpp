#include "domain/packet_ring.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti {
namespace {

PacketPtr packet(std::int64_t at_ms, std::size_t bytes) {
  auto out = std::make_shared<Packet>();
  out->bytes.resize(bytes);
  out->at = {std::chrono::milliseconds(at_ms)};
  out->duration = std::chrono::milliseconds(100);
  return out;
}

ServerTime at(std::int64_t ms) { return {std::chrono::milliseconds(ms)}; }

TEST(PacketRing, HoldsTheNewestWithinItsBound) {
  std::mt19937_64 random(1);
  PacketRing ring(10'000);
  for (std::int64_t i = 0; i < 5000; ++i) {
    ring.push(packet(i * 100, 1 + random() % 3000));
    ASSERT_LE(ring.bytes(), 10'000u);
    ASSERT_EQ(ring.end_seq(), static_cast<std::uint64_t>(i) + 1) << "a packet's number never changes";
    for (auto seq = ring.begin_seq(); seq < ring.end_seq(); ++seq) {
      ASSERT_EQ(ring[seq]->at, at(static_cast<std::int64_t>(seq) * 100)) << "in order";
    }
  }
}

TEST(PacketRing, KeepsOnePacketHoweverLarge) {
  PacketRing ring(100);
  ring.push(packet(0, 50));
  ring.push(packet(100, 5000));
  EXPECT_EQ(ring.begin_seq(), 1u);
  EXPECT_EQ(ring.end_seq(), 2u);
}

TEST(PacketRing, FindsWhatIsOnAir) {
  PacketRing ring(1 << 20);
  for (std::int64_t i = 10; i < 20; ++i) ring.push(packet(i * 100, 10));
  EXPECT_EQ(ring.seq_at(at(0)), 0u) << "the oldest when all begin later";
  EXPECT_EQ(ring.seq_at(at(1000)), 0u);
  EXPECT_EQ(ring.seq_at(at(1099)), 0u);
  EXPECT_EQ(ring.seq_at(at(1100)), 1u);
  EXPECT_EQ(ring.seq_at(at(9999)), 9u);
  EXPECT_EQ(ring.seq_after(at(999)), 0u);
  EXPECT_EQ(ring.seq_after(at(1000)), 1u);
  EXPECT_EQ(ring.seq_after(at(99999)), 10u);
  EXPECT_EQ(PacketRing(10).seq_at(at(5)), 0u);
}

TEST(PacketRing, ForgetsWhatIsOverAndTakesBackWhatIsNot) {
  PacketRing ring(1 << 20);
  for (std::int64_t i = 10; i < 20; ++i) ring.push(packet(i * 100, 10));
  ring.drop_before(at(1199));
  EXPECT_EQ(ring.begin_seq(), 1u);
  ring.drop_before(at(1200));
  EXPECT_EQ(ring.begin_seq(), 2u);
  EXPECT_EQ(ring[2]->at, at(1200));
  ring.take_back(at(1600));
  EXPECT_EQ(ring.end_seq(), 6u);
  ring.take_back(at(1599));
  EXPECT_EQ(ring.end_seq(), 5u) << "what is not over then goes";
  EXPECT_EQ(ring[4]->at, at(1400));
  EXPECT_EQ(ring.bytes(), 30u);
  ring.drop_before(at(9999));
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(ring.begin_seq(), 5u);
  EXPECT_EQ(ring.bytes(), 0u);
}

}  // namespace
}  // namespace tutti
