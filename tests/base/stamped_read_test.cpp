#include "base/stamped_read.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tutti {
namespace {

using namespace std::chrono_literals;

// Two ends of a TCP connection.
class StampedReadTest : public testing::Test {
 protected:
  StampedReadTest() {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
    EXPECT_EQ(::listen(listener, 1), 0);
    EXPECT_EQ(::connect(there_, reinterpret_cast<sockaddr*>(&address), size), 0);
    here_ = ::accept(listener, nullptr, nullptr);
    ::close(listener);
  }
  ~StampedReadTest() override {
    ::close(here_);
    ::close(there_);
  }

  void send(std::string_view text) const {
    EXPECT_EQ(::send(there_, text.data(), text.size(), 0), text.size());
  }
  StampedRead read() { return read_stamped(here_, buffer_); }

  int there_ = ::socket(AF_INET, SOCK_STREAM, 0);
  int here_ = -1;
  std::array<std::uint8_t, 64> buffer_{};
};

TEST_F(StampedReadTest, TellsHowLongItHasWaited) {
  stamp_arrivals(here_);
  // The kernel begins to stamp a moment after it was asked to.
  Duration ago{0};
  for (int i = 0; i < 100 && ago < 20ms; ++i) {
    send("tick");
    std::this_thread::sleep_for(20ms);
    const auto read = this->read();
    ASSERT_EQ(read.bytes, 4);
    ago = read.ago;
  }
  EXPECT_GE(ago, 20ms);
  EXPECT_LE(ago, 1s);
}

TEST_F(StampedReadTest, OfSeveralTheLastCounts) {
  stamp_arrivals(here_);
  for (int i = 0; i < 100; ++i) {
    send("first");
    std::this_thread::sleep_for(50ms);
    send("last");
    const auto read = this->read();
    // Until it is stamped, and this thread was not kept waiting.
    if (read.bytes == 9 && read.ago > Duration(0) && read.ago < 50ms) return;
  }
  FAIL() << "never the last";
}

TEST_F(StampedReadTest, WithoutStampsItHasComeJustNow) {
  send("hello");
  std::this_thread::sleep_for(5ms);
  const auto read = this->read();
  EXPECT_EQ(read.bytes, 5);
  EXPECT_EQ(read.ago, Duration(0));
  EXPECT_EQ(this->read().bytes, -1);
  EXPECT_TRUE(errno == EAGAIN || errno == EWOULDBLOCK);
  ::shutdown(there_, SHUT_WR);
  ssize_t bytes = -1;
  for (int i = 0; i < 1000 && bytes < 0; ++i) {
    std::this_thread::sleep_for(1ms);
    bytes = this->read().bytes;
  }
  EXPECT_EQ(bytes, 0);
}

}  // namespace
}  // namespace tutti
