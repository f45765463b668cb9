// /walk/conduct: one conductor of the walk, a page or a terminal, over WebSocket (docs/protocol.md). Says
// what happens as it happens, and takes the orders of the HTTP API.
#pragma once

#include "net/control.h"
#include "net/web_socket.h"
#include "net/web_socket_mounts.h"

#include <memory>
#include <string>

namespace tutti::net {

WebSocketMount conduct_mount(Control& control);

class ConductSocket : public WebSocketHandler {
 public:
  // `user`: who conducts.
  ConductSocket(WebSocket& socket, std::string user, Control& control)
      : socket_(socket), user_(std::move(user)), control_(control) {}

  void on_open() override;
  void on_text(std::string_view text) override;
  void on_binary(std::span<const std::uint8_t> payload) override;
  void on_closed(std::uint16_t code) override;

 private:
  class Conductor;

  void say(std::string_view text);

  WebSocket& socket_;
  std::string user_;
  Control& control_;
  std::shared_ptr<Conductor> conductor_;
};

}  // namespace tutti::net
