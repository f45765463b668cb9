// What a protocol does with one WebSocket: the shell that carries out what its state machine in protocol/ (or
// app/) decides. Made by a mount's factory (web_socket_mounts.h), owned by the WebSocket, and called on its
// I/O thread only.
#pragma once

#include "protocol/websocket_frame.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tutti::net {

class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;

  // Once, first. What is sent here follows the 101 in the same write.
  virtual void on_open() {}
  // A whole message. What `text` and `payload` point to is gone when this returns.
  virtual void on_text(std::string_view text) = 0;  // UTF-8
  virtual void on_binary(std::span<const std::uint8_t> payload) = 0;
  // After WebSocket::ask_for_urgent(): what goes before everything that waits, made at the moment of writing.
  virtual std::vector<protocol::FramePtr> urgent() { return {}; }
  // Everything sent has been taken by the socket, after it had not taken it at once.
  virtual void on_drained() {}
  // Once, last; the handler is destroyed right after it. `code`: what the peer closed with, 1005 where it
  // gave none; 1006 where the connection was lost; else what this side closed with.
  virtual void on_closed(std::uint16_t /*code*/) {}
};

}  // namespace tutti::net
