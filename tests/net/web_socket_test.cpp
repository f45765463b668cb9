// WebSockets on real loopback sockets, in virtual time: nothing here waits for a clock.
#include "net/web_socket_fanout.h"
#include "net/web_sockets.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace tutti::net {
namespace {

using tcp = boost::asio::ip::tcp;
using namespace std::chrono_literals;
using namespace std::string_literals;
using protocol::text_frame;

std::string text_of(const protocol::FramePtr& frame) { return {frame->bytes.begin(), frame->bytes.end()}; }

// A client's frame with the mask 0, which changes nothing.
std::string masked(unsigned first, std::string_view payload) {
  std::string out{static_cast<char>(first), static_cast<char>(0x80 | payload.size())};
  return out.append("\0\0\0\0"s).append(payload);
}

std::string close_from_client(std::uint16_t code) {
  return masked(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code)});
}

struct Log {
  std::vector<std::string> heard;
  std::vector<std::uint16_t> closed;
  int drained = 0;
};

// Answers text with itself; "bye" with a close.
class Echo : public WebSocketHandler {
 public:
  Echo(WebSocket& socket, Log& log) : socket_(socket), log_(log) {}
  void on_open() override { socket_.send(text_frame("hello"), FrameKind::control); }
  void on_text(std::string_view text) override {
    log_.heard.emplace_back(text);
    if (text == "bye") return socket_.close(protocol::kCloseNormal, "bye");
    if (text == "throw") throw std::runtime_error("on purpose");
    socket_.send(text_frame(text), FrameKind::control);
  }
  void on_binary(std::span<const std::uint8_t> payload) override {
    log_.heard.push_back(std::to_string(payload.size()) + " bytes");
  }
  void on_drained() override { ++log_.drained; }
  void on_closed(std::uint16_t code) override { log_.closed.push_back(code); }

 private:
  WebSocket& socket_;
  Log& log_;
};

class WebSocketTest : public testing::Test {
 protected:
  struct Client {
    tcp::socket socket;
    std::shared_ptr<WebSocket> peer;
    bool closed = false;

    void write(std::string_view bytes) { boost::asio::write(socket, boost::asio::buffer(bytes)); }
    // Everything that has arrived by now.
    std::string read() {
      std::string out(1 << 20, '\0');
      std::size_t size = 0;
      for (;;) {
        const ssize_t got =
            ::recv(socket.native_handle(), out.data() + size, out.size() - size, MSG_DONTWAIT);
        if (got == 0) closed = true;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
      }
      out.resize(size);
      // The server looks at what has been acknowledged; in virtual time that must not wait for a timer.
      socket.set_option(boost::asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_QUICKACK>(true));
      return out;
    }
  };

  template <class Handler = Echo>
  Client connect(int send_buffer = 1 << 20, std::string_view already_read = "") {
    limits_.send_buffer = send_buffer;
    tcp::acceptor acceptor(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    tcp::socket client(context_);
    client.open(tcp::v4());
    client.set_option(boost::asio::socket_base::receive_buffer_size(4096));
    client.connect(acceptor.local_endpoint());
    const auto make = [this](WebSocket& socket) { return std::make_unique<Handler>(socket, log_); };
    auto socket = acceptor.accept();
    socket.set_option(tcp::no_delay(true));  // as the server's acceptor does
    auto peer = sockets_.open(Connection{std::move(socket), Wire()}, "head;", already_read, limits_, make);
    return {std::move(client), std::move(peer)};
  }

  // All that can be done now is done.
  void settle() {
    context_.restart();
    while (context_.poll() > 0) {
    }
  }

  // At least `size` bytes, which may need some time on their way through the kernel.
  std::string read_until(Client& client, std::size_t size) {
    std::string out;
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (out.size() < size && std::chrono::steady_clock::now() < deadline) {
      pollfd waiting{client.socket.native_handle(), POLLIN, 0};
      ::poll(&waiting, 1, 5);
      out += client.read();
      settle();
    }
    return out;
  }

  // What the client gets for `bytes`, after the greeting.
  std::string answer(Client& client, std::string_view bytes) {
    settle();
    client.read();
    client.write(bytes);
    settle();
    return client.read();
  }

  // Seconds pass, second by second.
  void pass(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      now_ = now_ + 1s;
      sockets_.tick(now_);
      settle();
    }
  }

  void expect_ended(std::uint16_t code) {
    EXPECT_EQ(log_.closed, std::vector{code});
    EXPECT_EQ(sockets_.size(), 0u);
    EXPECT_EQ(ended_, 1);
  }

  boost::asio::io_context context_;
  ServerTime now_;
  int ended_ = 0;
  Log log_;
  WebSocketLimits limits_;
  WebSockets sockets_{context_, {[this] { return now_; }, [this] { ++ended_; }}};
};

TEST_F(WebSocketTest, HeadAndGreetingComeFirst) {
  auto client = connect();
  settle();
  EXPECT_EQ(client.read(), "head;" + text_of(text_frame("hello")));
}

TEST_F(WebSocketTest, WhatIsSentWhileTheHandlerIsMadeComesAfterTheHead) {
  class Eager : public Echo {
   public:
    Eager(WebSocket& socket, Log& log) : Echo(socket, log) {
      socket.send(text_frame("eager"), FrameKind::control);
    }
  };
  auto client = connect<Eager>();
  settle();
  EXPECT_EQ(client.read(), "head;" + text_of(text_frame("eager")) + text_of(text_frame("hello")));
}

TEST_F(WebSocketTest, WhatCameWithTheRequestIsRead) {
  auto client = connect(1 << 20, masked(0x81, "early"));
  settle();
  EXPECT_EQ(log_.heard, std::vector{"early"s});
}

TEST_F(WebSocketTest, MessagesAreHandedOnAndAnswered) {
  auto client = connect();
  EXPECT_EQ(answer(client, masked(0x81, "one") + masked(0x81, "two") + masked(0x82, "xyz")),
            text_of(text_frame("one")) + text_of(text_frame("two")));
  EXPECT_EQ(log_.heard, (std::vector{"one"s, "two"s, "3 bytes"s}));
}

TEST_F(WebSocketTest, ThePeerMayClose) {
  auto client = connect();
  EXPECT_EQ(answer(client, close_from_client(4321)), text_of(protocol::close_frame(4321, "")));
  EXPECT_TRUE(client.closed);
  expect_ended(4321);
}

TEST_F(WebSocketTest, TheServerClosesAndWaitsForTheAnswer) {
  auto client = connect();
  EXPECT_EQ(answer(client, masked(0x81, "bye") + masked(0x81, "unheard")),
            text_of(protocol::close_frame(1000, "bye")));
  EXPECT_FALSE(client.closed);
  EXPECT_EQ(sockets_.size(), 1u);
  client.write(close_from_client(1000));
  settle();
  client.read();
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(log_.heard, std::vector{"bye"s});
  expect_ended(1000);
}

TEST_F(WebSocketTest, APeerThatDoesNotAnswerACloseIsNotWaitedForLong) {
  auto client = connect();
  answer(client, masked(0x81, "bye"));
  pass(4);
  EXPECT_EQ(sockets_.size(), 1u);
  pass(1);
  expect_ended(1000);
}

TEST_F(WebSocketTest, ASlowPeerGetsAllThatWasSentBeforeTheClose) {
  limits_.outbox_bytes = 1 << 20;
  auto client = connect(4096);
  const auto frame = protocol::binary_frame(std::vector<std::uint8_t>(100'000));
  settle();
  client.peer->send(frame, FrameKind::control);
  client.peer->close(protocol::kCloseNormal, "\xff");
  std::string got;
  while (got.size() < frame->bytes.size()) {
    const auto piece = read_until(client, 1);
    ASSERT_FALSE(piece.empty()) << "at " << got.size();
    got += piece;
    pass(4);
    ASSERT_TRUE(log_.closed.empty()) << "at " << got.size();
  }
  got += read_until(client, 5 + 7 + frame->bytes.size() + 7 - got.size());
  EXPECT_EQ(got.substr(got.size() - 7), text_of(protocol::close_frame(1000, "\xEF\xBF\xBD")));
}

TEST_F(WebSocketTest, WhoTakesNothingMoreIsNotWaitedForWhenClosing) {
  limits_.outbox_bytes = 1 << 20;
  auto client = connect(4096);
  settle();
  client.peer->send(protocol::binary_frame(std::vector<std::uint8_t>(500'000)), FrameKind::control);
  client.peer->close(protocol::kCloseNormal, "");
  pass(25);
  EXPECT_EQ(sockets_.size(), 1u);
  pass(10);
  expect_ended(protocol::kCloseNormal);
}

TEST_F(WebSocketTest, ALostConnectionIsNoticedAtOnce) {
  auto client = connect();
  settle();
  client.socket.close();
  settle();
  expect_ended(protocol::kCloseLost);
}

TEST_F(WebSocketTest, ViolationsAreAnsweredWithTheirCode) {
  auto client = connect();
  const auto got = answer(client, masked(0xC1, "reserved bit") + masked(0x81, "unheard"));
  ASSERT_GE(got.size(), 4u);
  EXPECT_EQ(got.substr(0, 1) + got.substr(2, 2), "\x88\x03\xEA");
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(sockets_.size(), 1u) << "it may still be reading";
  client.write(std::string(20'000, 'x'));
  client.socket.close();
  settle();
  settle();
  EXPECT_TRUE(log_.heard.empty());
  expect_ended(protocol::kCloseProtocolError);
}

TEST_F(WebSocketTest, AFailingProtocolEndsItsConnectionOnly) {
  auto client = connect(), other = connect();
  EXPECT_EQ(answer(client, masked(0x81, "throw")).substr(2, 2), "\x03\xF3");
  EXPECT_EQ(answer(other, masked(0x81, "fine")), text_of(text_frame("fine")));
}

TEST_F(WebSocketTest, PingsAreAnsweredTheNewestOfTheMany) {
  auto client = connect();
  EXPECT_EQ(answer(client, masked(0x89, "1") + masked(0x89, "2")), text_of(protocol::pong_frame("2")));
}

TEST_F(WebSocketTest, APeerIsPingedEvery20SecondsAndStaysWhileItAnswers) {
  auto client = connect();
  settle();
  client.read();
  int pings = 0;
  for (int i = 0; i < 205; ++i) {
    pass(1);
    if (client.read() != text_of(protocol::ping_frame(""))) continue;
    ++pings;
    client.write(masked(0x8A, ""));
  }
  EXPECT_EQ(pings, 10);
  EXPECT_EQ(sockets_.size(), 1u);
}

TEST_F(WebSocketTest, ADeadPeerIsGoneWithin40SecondsWheneverItDied) {
  for (int alive = 0; alive < 20; ++alive) {
    log_ = {};
    ended_ = 0;
    auto client = connect();
    for (int i = 0; i < alive; ++i) {
      pass(1);
      client.write(masked(0x8A, ""));
      settle();
    }
    pass(40);
    expect_ended(protocol::kCloseLost);
  }
}

TEST_F(WebSocketTest, AFloodIsClosed) {
  auto client = connect();
  std::string flood;
  for (int i = 0; i < 201; ++i) flood += masked(0x81, "x");
  const auto got = answer(client, flood);
  EXPECT_EQ(log_.heard.size(), 200u);
  EXPECT_EQ(got.substr(got.find('\x88') + 2, 2), "\x03\xF0") << "1008";
}

TEST_F(WebSocketTest, ASteadyRateIsNot) {
  auto client = connect();
  for (int second = 0; second < 30; ++second) {
    std::string hundred;
    for (int i = 0; i < 100; ++i) hundred += masked(0x81, "x");
    EXPECT_EQ(answer(client, hundred).size(), 300u);
    now_ = now_ + 1s;
  }
  EXPECT_TRUE(client.peer->is_open());
}

TEST_F(WebSocketTest, AMessageThatDripsIsClosed) {
  auto client = connect();
  answer(client, masked(0x81, "0123456789").substr(0, 8));
  pass(25);
  EXPECT_TRUE(client.peer->is_open());
  client.write("x");  // a sign of life, but still no message
  settle();
  pass(15);
  EXPECT_EQ(log_.closed.size() + (client.peer->is_open() ? 0u : 1u), 2u);
  EXPECT_EQ(log_.closed, std::vector<std::uint16_t>{1008});
}

TEST_F(WebSocketTest, WhoDoesNotReadGetsABoundAndThenAnEnd) {
  limits_.outbox_bytes = 100'000;
  auto client = connect(4096);
  settle();
  const auto frame = protocol::binary_frame(std::vector<std::uint8_t>(10'000));
  for (int i = 0; i < 1000 && client.peer->is_open(); ++i) {
    client.peer->send(frame, FrameKind::control);
    ASSERT_LE(client.peer->pending_bytes(), 100'200u);
    settle();
  }
  EXPECT_FALSE(client.peer->is_open());
  pass(5);
  expect_ended(1013);
}

TEST_F(WebSocketTest, AudioIsDroppedForWhoDoesNotRead) {
  limits_.outbox_bytes = 100'000;
  auto client = connect(4096);
  settle();
  const auto frame = protocol::binary_frame(std::vector<std::uint8_t>(10'000));
  for (int i = 0; i < 200; ++i) {
    client.peer->send(frame, FrameKind::audio);
    settle();
  }
  EXPECT_TRUE(client.peer->is_open());
  EXPECT_GT(client.peer->dropped(), 100u);
  EXPECT_LE(client.peer->pending_bytes(), 100'000u);
  const int drained = log_.drained;
  const std::size_t kept = 200 - client.peer->dropped();
  const auto got = read_until(client, 5 + 7 + kept * text_of(frame).size());
  EXPECT_EQ(got.size(), 5 + 7 + kept * text_of(frame).size()) << "frames stay whole";
  EXPECT_EQ(log_.drained, drained + 1);
}

TEST_F(WebSocketTest, FanOutSendsTheSameToAllAndKeepsWhatDoesNotFit) {
  auto quick = connect(), slow = connect(4096);
  settle();
  quick.read();
  slow.read();
  WebSocketFanout fanout(context_, 0us, FrameKind::audio);
  fanout.add(quick.peer);
  fanout.add(slow.peer);
  const auto frame = protocol::binary_frame(std::vector<std::uint8_t>(3'000, 7));
  std::string expected, got_quick, got_slow;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 5; ++i) {
      fanout.push(frame);
      expected += text_of(frame);
    }
    fanout.flush();
    settle();
    got_quick += quick.read();
    settle();
  }
  EXPECT_GT(slow.peer->pending_bytes(), 10'000u);
  got_slow += read_until(slow, expected.size());
  got_quick += read_until(quick, expected.size() - got_quick.size());
  EXPECT_TRUE(got_quick == expected);
  EXPECT_TRUE(got_slow == expected);
  slow.peer->close(1000, "");
  fanout.push(frame);
  fanout.flush();
  EXPECT_EQ(fanout.size(), 1u);
}

TEST_F(WebSocketTest, FanOutFindsOutWhoIsLost) {
  auto client = connect();
  settle();
  client.read();
  boost::asio::socket_base::linger reset(true, 0);
  client.socket.set_option(reset);
  WebSocketFanout fanout(context_, 0us, FrameKind::audio);
  fanout.add(client.peer);
  client.socket.close();
  fanout.push(text_frame("x"));
  fanout.flush();
  settle();
  expect_ended(protocol::kCloseLost);
}

TEST_F(WebSocketTest, AStopTellsEverybodyAndWaitsForNobody) {
  auto polite = connect(), silent = connect();
  settle();
  polite.read();
  sockets_.stop();
  settle();
  EXPECT_EQ(polite.read(), text_of(protocol::close_frame(1001, "the server is stopping")));
  polite.write(close_from_client(1001));
  settle();
  EXPECT_EQ(sockets_.size(), 1u);
  pass(1);
  EXPECT_EQ(sockets_.size(), 0u);
  EXPECT_EQ(log_.closed, (std::vector<std::uint16_t>{1001, 1001}));
}

}  // namespace
}  // namespace tutti::net
