// What is said over a connection: the protocol's side of it, while the connection brings and takes the
// messages. Lives longer than one connection: after a loss it goes on with the next. Used on the network's
// thread.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tutti::player {

class Conversation {
 public:
  enum class Next { more, done };

  virtual ~Conversation() = default;

  // The path and query to ask for instead of the address's; "" for those.
  virtual std::string_view target() const { return ""; }
  // A connection stands. Returns the text to send first; "" for none.
  virtual std::string_view begin() = 0;
  // `arrived`: when the text had come, which is before it was read.
  // Error: there is no point in going on, with this connection or another.
  virtual Result<Next> on_text(std::string_view text, ClientTime arrived) = 0;
  virtual Result<Next> on_binary(std::span<const std::uint8_t> bytes) = 0;
  // The server closed with this code (RFC 6455, 7.4). `more`: too early; another connection may bring the
  // rest.
  virtual Result<Next> on_closed(int code, const std::string& reason) = 0;

  // What else is to be said: the next text, asked for when it can be written, so that what it tells of the
  // time is true. nullopt: nothing for now. Asked again after each text that was heard, at speaks_at(), and
  // when the connection is woken.
  virtual std::optional<std::string> speak() { return std::nullopt; }
  virtual std::chrono::steady_clock::time_point speaks_at() const {
    return std::chrono::steady_clock::time_point::max();
  }
  // The program is to end. True: there is a goodbye to be said first.
  virtual bool leave() { return false; }
  // It is said, and the connection can be closed.
  virtual bool has_left() const { return false; }

  // How far any connection has come, in bytes.
  virtual std::int64_t progress() const = 0;
  // Whether anything has come at all.
  virtual bool has_begun() const = 0;
  // What a listener should know when another connection follows a lost one; "" for nothing.
  virtual std::string consequence() const = 0;
  // No connection follows: who waits for more finds the end.
  virtual void finish() = 0;
  // Nobody listens any more: who waits for more finds the end at once.
  virtual void cancel() = 0;
};

// A close that comes before the end was announced: an error where the server said that it is one.
Result<Conversation::Next> judge_early_close(int code, const std::string& reason);

}  // namespace tutti::player
