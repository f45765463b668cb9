// Listeners of an individual station on real loopback sockets, in virtual time: only the reading of pieces,
// on a pool, is waited for.
#include "net/personal_feed.h"

#include "protocol/mpeg_frame.h"
#include "tests/fakes/fake_encoded_files.h"

#include <algorithm>
#include <atomic>
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

// Counts how often it is read.
class CountingFile : public fakes::FakeByteFile {
 public:
  using FakeByteFile::FakeByteFile;
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const override {
    ++reads;
    return FakeByteFile::read_at(offset, out);
  }
  mutable std::atomic<int> reads{0};
};

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
    auto file = std::make_shared<CountingFile>(music(id, frames));
    files_.push_back(file);
    track->source.file = std::move(file);
    tracks_.push_back(std::move(track));
  }
  int reads() const {
    int all = 0;
    for (const auto& file : files_) all += file->reads;
    return all;
  }

  void connect(int send_buffer = 1 << 20) { client_ = connect_another(send_buffer); }
  tcp::socket connect_another(int send_buffer = 1 << 20) {
    tcp::acceptor acceptor(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    tcp::socket client(context_);
    client.connect(acceptor.local_endpoint());
    auto server = acceptor.accept();
    server.set_option(boost::asio::socket_base::send_buffer_size(send_buffer));
    QuietConnection connection({std::move(server), Wire()});
    feed_.add(PersonalListener(std::move(connection), "HEAD", nullptr, "key", 1), now_);
    return client;
  }

  void poll() {
    context_.restart();
    context_.poll();
  }
  // All slots once: one flush interval.
  void flush_all() {
    for (std::size_t slot = 0; slot < PersonalFeed::kSlots; ++slot) feed_.flush(slot, now_);
  }
  static void read(tcp::socket& client, Bytes& received) {
    std::array<std::uint8_t, 65536> buffer;
    for (;;) {
      const ssize_t n = ::recv(client.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n <= 0) return;
      received.insert(received.end(), buffer.begin(), buffer.begin() + n);
    }
  }
  void read() { read(client_, received_); }
  // The client closes, and the feed gets to know it.
  void leave() {
    client_.close();
    for (int second = 0; second < 10 && feed_.listeners() > 0; ++second) {
      now_ = now_ + 1s;
      for (int i = 0; i < 50; ++i) {
        flush_all();
        poll();
        std::this_thread::sleep_for(1ms);
      }
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
  std::vector<std::shared_ptr<CountingFile>> files_;
  std::size_t asked_ = 0;
  bool answers_later_ = false;                 // the test does
  std::vector<PersonalFeed::Answer> answers_;  // that are still to be given
  std::vector<std::pair<std::int64_t, ServerTime>> started_;
  Duration skipped_{0};
  PersonalFeed feed_{pool_,
                     context_.get_executor(),
                     4s,
                     {[this] { return now_; },
                      [this](const Rotation::State& rotation, PersonalFeed::Answer answer) {
                        if (answers_later_) return answers_.push_back(std::move(answer));
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
  leave();
  EXPECT_EQ(feed_.listeners(), 0u);
}

TEST_F(PersonalFeedTest, ThoseAtTheSamePlaceShareWhatIsRead) {
  constexpr std::size_t kCrowd = 3 * PersonalFeed::kMostReadings;
  add_track(1, 1000);
  tracks_.resize(kCrowd, tracks_[0]);
  std::vector<tcp::socket> clients;
  for (std::size_t i = 0; i < kCrowd; ++i) clients.push_back(connect_another());
  const Bytes music_of_burst = music(1, 4 * kFramesPerPiece);
  std::vector<Bytes> received(kCrowd);
  for (std::size_t i = 0; i < kCrowd; ++i) {
    for (int tries = 0; tries < 5000 && received[i].size() < 4 + music_of_burst.size(); ++tries) {
      poll();
      read(clients[i], received[i]);
      if (received[i].size() < 4 + music_of_burst.size()) std::this_thread::sleep_for(1ms);
    }
    ASSERT_EQ(received[i].size(), 4 + music_of_burst.size());
    EXPECT_TRUE(std::equal(received[i].begin() + 4, received[i].end(), music_of_burst.begin()));
  }
  EXPECT_EQ(reads(), 4) << "a second each, once";
}

TEST_F(PersonalFeedTest, WhatWaitsToBeWrittenIsBounded) {
  constexpr int kMost = PersonalFeed::kMostReadings;
  for (std::uint8_t id = 1; id <= 2 * kMost; ++id) add_track(id, 300);
  std::vector<tcp::socket> clients;
  for (int i = 0; i < 2 * kMost; ++i) clients.push_back(connect_another());
  poll();  // all have their track now, and some perhaps a second of it
  std::size_t written = 0;
  for (auto& client : clients) {
    Bytes received;
    read(client, received);
    written += received.size() / (kFramesPerPiece * kFrame);
  }
  // A quick disk may have been done with all of it by then.
  const int most = std::min(kMost + static_cast<int>(written), 2 * kMost * 4);
  for (int i = 0; i < 5000 && reads() < most; ++i) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(reads(), most);
  for (int i = 0; i < 5000 && reads() < 2 * kMost * 4; ++i) {
    poll();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(reads(), 2 * kMost * 4) << "then all have their burst";
}

TEST_F(PersonalFeedTest, NothingIsReadForOneWhoPauses) {
  add_track(1, 20'000);
  connect(16 * 1024);
  int before = -1, same = 0;
  for (int i = 0; i < 3000 && same < 100; ++i) {
    now_ = now_ + 50ms;
    flush_all();
    poll();
    std::this_thread::sleep_for(1ms);
    same = reads() == before ? same + 1 : 0;
    before = reads();
  }
  EXPECT_GE(same, 100) << "the kernel takes no more";
  EXPECT_EQ(feed_.listeners(), 1u);
  now_ = now_ + 6min;
  flush_all();
  EXPECT_EQ(feed_.listeners(), 0u) << "it will not come back";
}

TEST_F(PersonalFeedTest, TheAnswerToOneWhoHasLeftIsNotAnothers) {
  add_track(1, 5000);
  answers_later_ = true;
  connect();
  ASSERT_EQ(answers_.size(), 1u);
  answers_[0]({{}, tracks_[0]});
  ASSERT_EQ(answers_.size(), 2u) << "it has a track, and asks for the next";
  expect_bytes(4 + 4 * kFramesPerPiece * kFrame);
  leave();
  ASSERT_EQ(feed_.listeners(), 0u);
  add_track(2, 500);
  add_track(3, 500);
  connect();
  ASSERT_EQ(answers_.size(), 3u);
  received_.clear();
  answers_[1]({{}, tracks_[1]});
  EXPECT_EQ(started_.size(), 1u) << "nobody begins with the second track";
  answers_[2]({{}, tracks_[2]});
  ASSERT_EQ(started_.size(), 2u);
  EXPECT_EQ(started_[1].first, 3);
  expect_bytes(4 + 4 * kFramesPerPiece * kFrame);
}

}  // namespace
}  // namespace tutti::net
