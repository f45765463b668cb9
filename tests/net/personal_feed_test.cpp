// Listeners of an individual station on real loopback sockets, in virtual time: only the reading of pieces,
// on a pool, is waited for.
#include "net/personal_feed.h"

#include "protocol/mpeg_frame.h"
#include "tests/fakes/fake_encoded_files.h"

#include <sys/socket.h>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using tcp = boost::asio::ip::tcp;
using Bytes = std::vector<std::uint8_t>;
using namespace std::chrono_literals;

constexpr std::size_t kFrame = 417, kFramesPerPiece = 38;

// So many frames, each filled with bytes that tell where it is from.
Bytes music(std::uint8_t track, int frames) {
  Bytes out;
  for (int i = 0; i < frames; ++i) {
    Bytes frame(kFrame, static_cast<std::uint8_t>(track * 50 + i % 50));
    const Bytes head{0xFF, 0xFB, 0x90, 0x00};
    std::ranges::copy(head, frame.begin());
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

class PersonalFeedTest : public testing::Test {
 protected:
  ~PersonalFeedTest() override {
    feed_.close_all();
    pool_.stop();
    poll();
  }

  void add_track(std::uint8_t id, int frames) {
    auto track = std::make_shared<app::PersonalTrack>();
    track->serial = id;
    track->id = {id};
    track->title = "Track " + std::to_string(id);
    track->source.file = std::make_shared<fakes::FakeByteFile>(music(id, frames));
    tracks_.push_back(std::move(track));
  }

  void connect(int send_buffer = 1 << 20) {
    tcp::acceptor acceptor(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    client_.connect(acceptor.local_endpoint());
    auto server = acceptor.accept();
    server.set_option(boost::asio::socket_base::send_buffer_size(send_buffer));
    feed_.add(
        std::make_shared<PersonalListener>(Connection{std::move(server), Wire()}, "HEAD", nullptr, "key", 1),
        now_);
  }

  void poll() {
    context_.restart();
    context_.poll();
  }
  // All slots once: one flush interval.
  void flush_all() {
    for (std::size_t slot = 0; slot < PersonalFeed::kSlots; ++slot) feed_.flush(slot, now_);
  }
  void read() {
    std::array<std::uint8_t, 65536> buffer;
    for (;;) {
      const ssize_t n = ::recv(client_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n <= 0) return;
      received_.insert(received_.end(), buffer.begin(), buffer.begin() + n);
    }
  }
  // Lets the pool work until so many bytes have come.
  void expect_bytes(std::size_t bytes) {
    for (int i = 0; i < 5000 && received_.size() < bytes; ++i) {
      poll();
      read();
      if (received_.size() < bytes) std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(received_.size(), bytes);
  }

  boost::asio::io_context context_;
  WorkerPool pool_{"test", 1};
  ServerTime now_{100s};
  std::vector<app::PersonalTrackPtr> tracks_;
  std::size_t asked_ = 0;
  std::vector<std::pair<std::int64_t, ServerTime>> started_;
  Duration skipped_{0};
  PersonalFeed feed_{pool_,
                     context_.get_executor(),
                     4s,
                     {[this] { return now_; },
                      [this](const Rotation::State& rotation, PersonalFeed::Answer answer) {
                        const auto track = asked_ < tracks_.size() ? tracks_[asked_++] : nullptr;
                        boost::asio::post(context_, [=] { answer({rotation, track}); });
                      },
                      [this](const std::string&, TrackId track, ServerTime heard_at, bool) {
                        started_.emplace_back(track.value, heard_at);
                      },
                      [this](const std::string&, Duration lost) { skipped_ += lost; }}};
  tcp::socket client_{context_};
  Bytes received_;
};

TEST_F(PersonalFeedTest, TheBurstAtOnceAndThenASecondPerSecond) {
  add_track(1, 1000);
  connect();
  expect_bytes(4 + 4 * kFramesPerPiece * kFrame);
  EXPECT_EQ(std::string(received_.begin(), received_.begin() + 4), "HEAD");
  for (int second = 1; second <= 10; ++second) {
    now_ = now_ + 1s;
    flush_all();
    expect_bytes(4 + static_cast<std::size_t>(4 + second) * kFramesPerPiece * kFrame);
  }
  const Bytes expected = music(1, 1000);
  EXPECT_TRUE(std::equal(received_.begin() + 4, received_.end(), expected.begin())) << "the file's own bytes";
  EXPECT_EQ(skipped_, Duration{0});
}

TEST_F(PersonalFeedTest, TracksFollowEachOtherInTime) {
  for (std::uint8_t id = 1; id <= 3; ++id) add_track(id, 77);  // two seconds and a frame
  connect();
  expect_bytes(4 + (77 + 38) * kFrame);
  ASSERT_GE(started_.size(), 2u);
  EXPECT_EQ(started_[0], (std::pair<std::int64_t, ServerTime>{1, ServerTime{100s}}));
  EXPECT_EQ(started_[1].first, 2);
  EXPECT_EQ(started_[1].second, ServerTime{100s} + duration_of(77 * 1152, 44100));
  now_ = now_ + 2s;
  flush_all();
  expect_bytes(4 + (77 + 77 + 38) * kFrame);
  now_ = now_ + 2s;
  flush_all();
  expect_bytes(4 + 3 * 77 * kFrame);
  EXPECT_EQ(started_.size(), 3u);
}

TEST_F(PersonalFeedTest, OneWhoPausesLosesNothingAndIsNotHurried) {
  add_track(1, 20'000);
  connect(16 * 1024);
  // It does not read until the kernel takes no more; then a minute passes.
  for (int second = 0; second < 300; ++second) {
    now_ = now_ + 200ms;
    for (int i = 0; i < 5; ++i) {
      poll();
      std::this_thread::sleep_for(100us);
    }
    flush_all();
  }
  for (int i = 0; i < 200; ++i) {
    read();
    poll();
    std::this_thread::sleep_for(1ms);
  }
  const std::size_t before = received_.size();
  now_ = now_ + 1s;
  for (int i = 0; i < 200; ++i) {
    flush_all();
    poll();
    read();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_GT(skipped_, 0s) << "its time axis was moved";
  EXPECT_GT(received_.size(), before) << "it goes on";
  EXPECT_LE(received_.size(), before + 6 * kFramesPerPiece * kFrame) << "with no more than a burst";
  const Bytes expected = music(1, 20'000);
  ASSERT_LE(received_.size() - 4, expected.size());
  EXPECT_TRUE(std::equal(received_.begin() + 4, received_.end(), expected.begin()))
      << "not a byte is missing";
}

TEST_F(PersonalFeedTest, WithoutATrackItWaitsAWhileAndIsLetGo) {
  connect();
  for (int second = 0; second < 29; ++second) {
    now_ = now_ + 1s;
    flush_all();
    poll();
  }
  EXPECT_EQ(feed_.listeners(), 1u);
  now_ = now_ + 5s;
  flush_all();
  EXPECT_EQ(feed_.listeners(), 0u);
}

TEST_F(PersonalFeedTest, OneWhoLeavesIsForgotten) {
  add_track(1, 5000);
  connect();
  expect_bytes(4 + 4 * kFramesPerPiece * kFrame);
  client_.close();
  for (int second = 0; second < 10 && feed_.listeners() > 0; ++second) {
    now_ = now_ + 1s;
    for (int i = 0; i < 50; ++i) {
      flush_all();
      poll();
      std::this_thread::sleep_for(1ms);
    }
  }
  EXPECT_EQ(feed_.listeners(), 0u);
}

}  // namespace
}  // namespace tutti::net
