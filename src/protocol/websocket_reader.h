// Bytes from a WebSocket's peer -> messages. wslay takes frames apart; what makes a message of them, and what
// a peer must not do, is checked here, before memory is taken for it. RFC 6455, sections 5 to 7.
//
//   reader.feed(bytes);
//   while (auto event = reader.next()) …
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tutti::protocol {

struct WebSocketEvent {
  enum class Kind {
    text,    // a whole message, valid UTF-8
    binary,  // a whole message
    ping,    // to be answered by a pong with the same payload
    pong,
    close,      // nothing comes after it
    violation,  // the connection is to be closed with `code` and `payload` as reason; nothing comes after it
  };
  Kind kind;
  std::string_view payload;  // until the next call of the reader. close: the reason
  std::uint16_t code = 0;    // close: the peer's, 1005 where it gave none
};

class WebSocketReader {
 public:
  enum class Peer : bool { client, server };

  // `max_message`: bytes of a message, fragments together.
  explicit WebSocketReader(std::size_t max_message, Peer peer = Peer::client);
  ~WebSocketReader();
  WebSocketReader(const WebSocketReader&) = delete;
  WebSocketReader& operator=(const WebSocketReader&) = delete;

  // `bytes` stay where they are until next() has returned nullopt.
  void feed(std::span<const std::uint8_t> bytes) { input_ = bytes; }
  // nullopt: more bytes are needed, or the last event said that it is over.
  std::optional<WebSocketEvent> next();

  // Nothing of a frame or a message has begun. Then nothing is held in memory either.
  bool is_at_rest() const { return !decoder_; }
  // Frames that have begun, so far.
  std::uint64_t frames() const { return frames_; }

 private:
  struct Decoder;
  std::optional<WebSocketEvent> violation(std::uint16_t code, std::string_view reason);
  std::optional<WebSocketEvent> begin_frame();
  std::optional<WebSocketEvent> end_frame();
  std::optional<WebSocketEvent> close_event();

  std::size_t max_message_;
  std::span<const std::uint8_t> input_;
  std::unique_ptr<Decoder> decoder_;  // there while something has begun: it is large, connections are many
  std::uint64_t frames_ = 0;
  Peer peer_;
  bool is_over_ = false;
};

}  // namespace tutti::protocol
