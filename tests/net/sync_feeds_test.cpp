// The feeds of one I/O thread, and what control is told of them: control is played by the test, which hears
// and answers late.
#include "net/sync_feeds.h"

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

struct FakeOwner : SyncOwner {
  std::vector<ServerTime> heard;
  std::vector<std::string> refusals;
  bool is_ready() const override { return true; }
  std::size_t offer(std::span<const protocol::FramePtr> frames, std::span<iovec>, std::size_t) override {
    for (const auto& frame : frames) send(frame);
    return frames.size();
  }
  void send(const protocol::FramePtr& frame) override {
    constexpr std::size_t kHead = 2;  // WebSocket's, of this length
    heard.push_back(protocol::sendspin::parse_binary(std::span(frame->bytes).subspan(kHead))->at);
  }
  void refuse(const std::string& why) override { refusals.push_back(why); }
  void on_revoked() override {}
};

class SyncFeedsTest : public testing::Test {
 protected:
  SyncFeeds::Events events() {
    SyncFeeds::Events out;
    out.now = [this] { return now; };
    out.tune_in = [this](const app::SyncId&) { ++tuned_in; };
    out.leave = [this](const app::SyncId&, std::function<void()> left) { leaves.push_back(std::move(left)); };
    return out;
  }
  // What control sends: chunks of 100 ms.
  void deliver(ServerTime from, ServerTime to) {
    std::vector<PacketPtr> packets;
    for (ServerTime at = from; at < to; at = at + 100ms) {
      auto made = std::make_shared<Packet>();
      made->bytes.resize(10);
      made->at = at;
      made->duration = 100ms;
      packets.push_back(std::move(made));
    }
    feeds.deliver(id, {}, packets);
  }

  ServerTime now{10s};
  app::SyncId id{0, player_encoding(Encoding::Codec::opus, 48'000, 2, 16).value()};
  int tuned_in = 0;
  std::vector<std::function<void()>> leaves;
  boost::asio::io_context context;
  SyncFeeds feeds{context, events()};
  FakeOwner first_owner, owner;
  SyncListener first{first_owner}, listener{owner};
};

TEST_F(SyncFeedsTest, WhatWasOnItsWayWhenTheLastOneLeftIsNotTheNextOnes) {
  first.capacity = listener.capacity = 100'000;
  feeds.add(id, first);
  deliver({10s}, {12s});
  feeds.remove(id, first);
  feeds.add(id, listener);
  EXPECT_EQ(tuned_in, 2);
  deliver({12s}, {14s});  // control has not heard of it
  feeds.refuse(id, {"what is over"});
  leaves.at(0)();
  deliver({10s}, {14s});
  feeds.tick(now);
  ASSERT_FALSE(owner.heard.empty());
  EXPECT_EQ(owner.heard.front(), now + 100ms);
  for (std::size_t i = 1; i < owner.heard.size(); ++i) {
    ASSERT_EQ(owner.heard[i] - owner.heard[i - 1], Duration{100ms});
  }
  EXPECT_TRUE(owner.refusals.empty());
}

TEST_F(SyncFeedsTest, WhoComesAndGoesIsToldToControlEachTime) {
  for (int i = 0; i < 3; ++i) {
    feeds.add(id, listener);
    feeds.remove(id, listener);
  }
  EXPECT_EQ(tuned_in, 3);
  ASSERT_EQ(leaves.size(), 3u);
  listener.capacity = 100'000;
  feeds.add(id, listener);
  for (const auto& left : leaves) {
    deliver({10s}, {11s});
    feeds.tick(now);
    EXPECT_TRUE(owner.heard.empty());
    left();
  }
  deliver({10s}, {11s});
  feeds.tick(now);
  EXPECT_EQ(owner.heard.size(), 9u);
}

}  // namespace
}  // namespace tutti::net
