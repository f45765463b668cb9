// What a player in sync is sent, and when: in virtual time, without a socket.
#include "net/sync_feed.h"

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;
using protocol::sendspin::Role;

constexpr std::size_t kBytes = 991;  // with the head 1,000

PacketPtr packet(ServerTime at, Duration duration = 50ms) {
  auto made = std::make_shared<Packet>();
  made->bytes.resize(kBytes, 7);
  made->at = at;
  made->duration = duration;
  return made;
}

// Keeps when what it was sent is to be heard.
struct FakeOwner : SyncOwner {
  std::vector<ServerTime> heard;
  std::vector<protocol::FramePtr> frames;
  int writes = 0, revoked = 0;
  bool takes = true;
  std::size_t most = 1'000'000;  // that it takes of one write

  bool is_ready() const override { return takes; }
  std::size_t offer(std::span<const protocol::FramePtr> offered, std::span<iovec> parts,
                    std::size_t bytes) override {
    ++writes;
    std::size_t sum = 0;
    for (const auto& part : parts) sum += part.iov_len;
    EXPECT_EQ(sum, bytes);
    const std::size_t taken = std::min(most, offered.size());
    for (const auto& frame : offered.first(taken)) send(frame);
    return taken;
  }
  void send(const protocol::FramePtr& frame) override {
    frames.push_back(frame);
    constexpr std::size_t kHead = 4;  // WebSocket's, of this length
    heard.push_back(protocol::sendspin::parse_binary(std::span(frame->bytes).subspan(kHead))->at);
  }
  void refuse(const std::string&) override {}
  void on_revoked() override { ++revoked; }
};

class SyncFeedTest : public testing::Test {
 protected:
  // Chunks of 50 ms from `from` to `to`.
  void make(ServerTime from, ServerTime to) {
    std::vector<PacketPtr> packets;
    for (ServerTime at = from; at < to; at = at + 50ms) packets.push_back(packet(at));
    feed.push(packets, {}, now);
  }
  void pass(Duration time, Duration step = 50ms) {
    for (const ServerTime end = now + time; now < end;) {
      now = now + step;
      feed.serve(now);
    }
  }

  ServerTime now{100s};
  SyncFeed feed{{Role::player, 0}};
  FakeOwner owner;
  SyncListener listener{owner};
};

TEST_F(SyncFeedTest, WhoComesLateGetsOnlyWhatIsToCome) {
  make({90s}, {110s});
  listener.capacity = 1 << 20;
  feed.add(listener);
  feed.serve(now);
  ASSERT_FALSE(owner.heard.empty());
  EXPECT_EQ(owner.heard.front(), ServerTime{100s + 100ms});
  pass(1s);
  EXPECT_EQ(owner.heard.back(), ServerTime{110s - 50ms});
  for (std::size_t i = 1; i < owner.heard.size(); ++i) {
    ASSERT_EQ(owner.heard[i] - owner.heard[i - 1], Duration{50ms}) << "none left out, none twice";
  }
}

TEST_F(SyncFeedTest, SendsNoMoreThanIsHeldAndWritesSeldom) {
  make({100s}, {130s});
  listener.capacity = 100'000;  // 100 chunks: five seconds
  feed.add(listener);
  for (int i = 0; i < 20 * 20; ++i) {
    pass(50ms);
    std::size_t held = 0;
    for (const ServerTime at : owner.heard) held += at + Duration{50ms} > now ? 1'000 : 0;
    ASSERT_LE(held, 100'000u);
    if (i > 20) {
      ASSERT_GE(held, 60'000u) << "a third has been played at most";
    }
  }
  EXPECT_LE(owner.writes, 16) << "in twenty seconds";
}

TEST_F(SyncFeedTest, ABufferForLessThanAChunkStillHearsSomething) {
  make({100s}, {110s});
  listener.capacity = 10;
  feed.add(listener);
  pass(5s);
  EXPECT_GT(owner.heard.size(), 20u);
}

TEST_F(SyncFeedTest, NoMoreThanHalfAMinuteAhead) {
  make({100s}, {160s});
  listener.capacity = std::int64_t{1} << 40;
  feed.add(listener);
  pass(2s);
  EXPECT_LE(owner.heard.back(), now + 30s);
  EXPECT_GE(owner.heard.back(), now + 27s);
}

TEST_F(SyncFeedTest, WhoTakesNothingIsSentNothingAndGoesOnWhereItIs) {
  make({100s}, {140s});
  listener.capacity = 20'000;
  feed.add(listener);
  pass(1s);
  owner.takes = false;
  const auto before = owner.heard.size();
  pass(10s);
  EXPECT_EQ(owner.heard.size(), before);
  owner.takes = true;
  pass(500ms);
  EXPECT_GE(owner.heard.at(before), ServerTime{111s}) << "what it missed is left out";
}

TEST_F(SyncFeedTest, WhatASocketDoesNotTakeIsOfferedAgain) {
  make({100s}, {110s});
  listener.capacity = 100'000;
  owner.most = 3;
  feed.add(listener);
  pass(1s);
  EXPECT_EQ(owner.heard.size(), 60u) << "as much as it takes each time";
  EXPECT_EQ(listener.sent_until, owner.heard.back() + Duration{50ms});
  owner.most = 0;
  pass(500ms);
  EXPECT_EQ(owner.heard.size(), 60u);
  owner.most = 1000;
  pass(50ms);
  EXPECT_GT(owner.heard.size(), 100u) << "it is not made to wait";
  for (std::size_t i = 1; i < owner.heard.size(); ++i) {
    ASSERT_EQ(owner.heard[i] - owner.heard[i - 1], Duration{50ms}) << "none left out, none twice";
  }
}

TEST_F(SyncFeedTest, WhatIsRevokedIsSentAnewFromNow) {
  make({100s}, {110s});
  FakeOwner small_owner;
  SyncListener small{small_owner};
  listener.capacity = 1 << 20;
  small.capacity = 20'000;  // a second
  feed.add(listener);
  feed.add(small);
  pass(1s);
  const auto revoked = feed.revoke({105s}, now);
  EXPECT_EQ(revoked, std::vector{&listener}) << "the other has nothing of it yet";
  make({105s}, {112s});
  owner.heard.clear();
  pass(50ms);
  EXPECT_EQ(owner.heard.front(), now + 100ms) << "also what is before the change";
  pass(1s);
  EXPECT_EQ(owner.heard.back(), ServerTime{112s - 50ms});
  for (std::size_t i = 1; i < owner.heard.size(); ++i) {
    ASSERT_EQ(owner.heard[i] - owner.heard[i - 1], Duration{50ms});
  }
}

TEST_F(SyncFeedTest, AllOfAFeedShareItsFrames) {
  make({100s}, {105s});
  FakeOwner other_owner;
  SyncListener other{other_owner};
  listener.capacity = other.capacity = 1 << 20;
  feed.add(listener);
  feed.add(other);
  pass(1s);
  EXPECT_EQ(owner.frames, other_owner.frames) << "the very same pieces of memory";
}

TEST_F(SyncFeedTest, AnotherEncodingGoesOnAtTheGrid) {
  make({100s}, {110s});
  listener.capacity = 3'500;
  feed.add(listener);
  feed.serve(now);
  ASSERT_EQ(owner.heard.size(), 3u);
  ASSERT_EQ(listener.sent_until, ServerTime{100s + 250ms});
  feed.finish(listener, now);
  feed.remove(listener);
  ASSERT_EQ(listener.sent_until, ServerTime{100s + 300ms}) << "one chunk further";

  SyncFeed other{{Role::player, 0}};
  std::vector<PacketPtr> packets;
  for (ServerTime at{100s}; at < ServerTime{110s}; at = at + 20ms) packets.push_back(packet(at, 20ms));
  other.push(packets, {}, now);
  listener.from = *listener.sent_until;
  other.add(listener);
  other.serve(now);
  EXPECT_EQ(owner.heard.size(), 4u) << "its buffer is still full of the first";
  for (int i = 0; i < 10; ++i) other.serve(now = now + 50ms);
  EXPECT_EQ(owner.heard.at(4), ServerTime{100s + 300ms}) << "without a gap";
}

}  // namespace
}  // namespace tutti::net
