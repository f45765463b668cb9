// Feeds and listeners on real loopback sockets, in virtual time: nothing here waits for a clock.
#include "net/feed.h"

#include <random>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using tcp = boost::asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::size_t kPacketBytes = 3200;  // 200 ms at 128 kbit/s

ServerTime at(Duration d) { return {d}; }

// Packet `n` is filled with bytes that tell which one it is.
PacketPtr packet(std::int64_t n) {
  auto out = std::make_shared<Packet>();
  out->bytes.assign(kPacketBytes, static_cast<std::uint8_t>(n % 251));
  out->at = at(n * 200ms);
  out->duration = 200ms;
  static const auto kTitle = std::make_shared<const std::string>("a title");
  out->title = kTitle;
  return out;
}

class FeedTest : public testing::Test {
 protected:
  struct Client {
    tcp::socket socket;
    std::vector<std::uint8_t> received;

    // Everything that has arrived by now.
    void read_all() {
      std::array<std::uint8_t, 65536> buffer;
      for (;;) {
        const ssize_t n = ::recv(socket.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (n <= 0) {
          closed = n == 0;
          return;
        }
        received.insert(received.end(), buffer.begin(), buffer.begin() + n);
      }
    }
    bool closed = false;
  };

  Feed make(std::size_t buffer_size = 2 << 20, std::size_t first_slot = 0) {
    return {buffer_size,
            4s,
            {[this](const std::string& key, ServerTime first) { begun_[key] = first; },
             [this](const std::string& key, Duration lost) { skipped_[key] += lost; }},
            first_slot};
  }

  Client connect(Feed& feed, ServerTime now, std::string head = "", std::string key = "",
                 int send_buffer = 1 << 20) {
    tcp::acceptor acceptor(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    tcp::socket client(context_);
    client.connect(acceptor.local_endpoint());
    auto server = acceptor.accept();
    server.set_option(boost::asio::socket_base::send_buffer_size(send_buffer));
    QuietConnection connection({std::move(server), Wire()});
    feed.add(Listener(std::move(connection), std::move(head), nullptr, std::move(key)), now);
    return {std::move(client), {}};
  }

  // All slots once: one flush interval.
  void flush_all(Feed& feed, ServerTime now) {
    for (std::size_t slot = 0; slot < Feed::kSlots; ++slot) feed.flush(slot, now);
  }

  static void push(Feed& feed, std::int64_t first, std::int64_t last, ServerTime now) {
    std::vector<PacketPtr> packets;
    for (auto n = first; n < last; ++n) packets.push_back(packet(n));
    feed.push(packets, now);
  }

  // Which packets these bytes are; every one must be whole, but for the last.
  static std::vector<std::uint8_t> packets_in(const std::vector<std::uint8_t>& bytes) {
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i < bytes.size(); i += kPacketBytes) {
      const std::size_t end = std::min(i + kPacketBytes, bytes.size());
      for (std::size_t k = i; k < end; ++k) EXPECT_EQ(bytes[k], bytes[i]) << "a packet was cut at byte " << k;
      out.push_back(bytes[i]);
    }
    return out;
  }

  boost::asio::io_context context_;
  std::map<std::string, ServerTime> begun_;
  std::map<std::string, Duration> skipped_;
};

TEST_F(FeedTest, AListenerGetsHeadAndBurstAndThenWhatIsDue) {
  Feed feed = make();
  push(feed, 0, 60, at(10s));  // made up to 12 s
  Client client = connect(feed, at(10s), "HEAD", "key");
  client.read_all();
  EXPECT_EQ(begun_["key"], at(6s));
  ASSERT_EQ(client.received.size(), 4 + 21 * kPacketBytes) << "from 6 s to what begins at 10 s";
  EXPECT_EQ(std::string(client.received.begin(), client.received.begin() + 4), "HEAD");
  flush_all(feed, at(11s));
  client.read_all();
  client.received.erase(client.received.begin(), client.received.begin() + 4);
  const auto packets = packets_in(client.received);
  ASSERT_EQ(packets.size(), 26u);
  for (std::size_t i = 0; i < packets.size(); ++i) EXPECT_EQ(packets[i], 30 + i) << "in order, none twice";
}

TEST_F(FeedTest, ASmallCrowdIsWrittenToInOneGo) {
  Feed feed = make(2 << 20, 7);
  push(feed, 0, 100, at(10s));
  std::vector<Client> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(connect(feed, at(10s)));
  for (auto& client : clients) client.read_all();
  for (std::size_t slot = 0; slot < Feed::kSlots; ++slot) {
    feed.flush(slot, at(11s));
    for (auto& client : clients) {
      client.received.clear();
      client.read_all();
      EXPECT_EQ(client.received.empty(), slot != 7) << "slot " << slot;
    }
  }
}

TEST_F(FeedTest, TheFirstListenerIsServedAsPacketsAreMade) {
  Feed feed = make();
  Client client = connect(feed, at(10s), "HEAD");
  client.read_all();
  EXPECT_EQ(client.received.size(), 4u);
  push(feed, 30, 32, at(10s));
  client.read_all();
  EXPECT_EQ(client.received.size(), 4 + 2 * kPacketBytes) << "at once, without a flush";
  push(feed, 32, 60, at(10s));
  client.read_all();
  EXPECT_EQ(client.received.size(), 4 + 21 * kPacketBytes) << "not ahead of time";
  push(feed, 60, 61, at(10s));
  flush_all(feed, at(10s + 200ms));
  client.read_all();
  EXPECT_EQ(client.received.size(), 4 + 22 * kPacketBytes);
}

TEST_F(FeedTest, OneWhoStallsSkipsOnAPacketsEdgeAndDisturbsNobody) {
  Feed feed = make(40 * kPacketBytes);  // 8 s
  push(feed, 0, 25, at(4s));
  Client slow = connect(feed, at(4s), "", "slow", 16 * 1024);
  Client fast = connect(feed, at(4s), "", "fast");
  std::int64_t made = 25;
  for (Duration t = 4s; t < 300s; t += 1s) {
    push(feed, made, made + 5, at(t));
    made += 5;
    flush_all(feed, at(t));
    fast.read_all();
    if (skipped_["slow"] > 0s) break;
  }
  ASSERT_GT(skipped_["slow"], 0s) << "fell out of the ring";
  EXPECT_FALSE(skipped_.contains("fast"));
  EXPECT_EQ(feed.listeners(), 2u) << "one skip does not end a listener";

  // Now the slow one reads again.
  for (Duration t = 0s; t < 20s; t += 1s) {
    const ServerTime now = at(made * 200ms - 1s + t);
    push(feed, made, made + 5, now);
    made += 5;
    slow.read_all();
    flush_all(feed, now);
    fast.read_all();
  }
  slow.read_all();
  int jumps = 0;
  const auto packets = packets_in(slow.received);
  for (std::size_t i = 1; i < packets.size(); ++i) jumps += packets[i] != (packets[i - 1] + 1) % 251;
  EXPECT_GE(jumps, 1);
  EXPECT_LE(jumps, 3);
  const auto all = packets_in(fast.received);
  for (std::size_t i = 1; i < all.size(); ++i)
    ASSERT_EQ(all[i], (all[i - 1] + 1) % 251) << "the other lost nothing";
}

TEST_F(FeedTest, OneWhoNeverReadsIsClosedInTheEnd) {
  Feed feed = make(40 * kPacketBytes);
  push(feed, 0, 25, at(4s));
  Client slow = connect(feed, at(4s), "", "slow", 16 * 1024);
  std::int64_t made = 25;
  Duration t = 4s;
  for (; t < 600s && feed.listeners() > 0; t += 1s) {
    push(feed, made, made + 5, at(t));
    made += 5;
    flush_all(feed, at(t));
  }
  EXPECT_EQ(feed.listeners(), 0u);
  EXPECT_TRUE(feed.is_unused());
  EXPECT_GE(t, 15s) << "not at the first skip";
}

TEST_F(FeedTest, OneWhoLeavesIsForgotten) {
  Feed feed = make();
  push(feed, 0, 60, at(10s));
  std::vector<Client> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(connect(feed, at(10s)));
  EXPECT_EQ(feed.listeners(), 50u);
  clients.erase(clients.begin(), clients.begin() + 30);
  std::int64_t made = 60;
  for (Duration t = 10s; t < 14s; t += 1s) {
    push(feed, made, made + 5, at(t));
    made += 5;
    flush_all(feed, at(t));
  }
  EXPECT_EQ(feed.listeners(), 20u);
  feed.close_all();
  EXPECT_EQ(feed.listeners(), 0u);
  for (auto& client : clients) {
    client.read_all();
    EXPECT_TRUE(client.closed);
  }
}

TEST_F(FeedTest, OneWhoLeavesBeforeTheFirstPacketIsForgotten) {
  Feed feed = make();
  {
    Client client = connect(feed, at(10s), "HEAD");
    Client other = connect(feed, at(10s), "HEAD");
  }
  Client stays = connect(feed, at(10s), "HEAD");
  EXPECT_EQ(feed.listeners(), 3u);
  push(feed, 30, 40, at(10s));  // not yet ahead of the air
  push(feed, 40, 60, at(10s));
  push(feed, 60, 65, at(11s));
  flush_all(feed, at(11s));
  EXPECT_EQ(feed.listeners(), 1u);
  stays.read_all();
  EXPECT_EQ(stays.received.size(), 4 + 26 * kPacketBytes);
}

TEST_F(FeedTest, AnExpectedListenerKeepsTheFeed) {
  Feed feed = make();
  EXPECT_TRUE(feed.is_unused());
  feed.expect();
  EXPECT_FALSE(feed.is_unused());
  feed.expected();
  EXPECT_TRUE(feed.is_unused());
}

}  // namespace
}  // namespace tutti::net
