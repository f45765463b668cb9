// /player: one device of one user, over WebSocket. Reads and answers on its I/O thread; what is to happen is
// decided on control (app/player_service.h).
#pragma once

#include "net/control.h"
#include "net/web_socket.h"
#include "net/web_socket_mounts.h"

#include <memory>
#include <string>

namespace tutti::net {

WebSocketMount player_mount(Control& control);

class PlayerSocket : public WebSocketHandler {
 public:
  PlayerSocket(WebSocket& socket, std::string user, Control& control)
      : socket_(socket), user_(std::move(user)), control_(control) {}

  void on_open() override;
  void on_text(std::string_view text) override;
  // Some clients send their JSON as bytes.
  void on_binary(std::span<const std::uint8_t> payload) override;
  void on_closed(std::uint16_t code) override;

 private:
  class Device;

  void say(std::string_view text);

  WebSocket& socket_;
  std::string user_;
  Control& control_;
  std::shared_ptr<Device> device_;
};

}  // namespace tutti::net
