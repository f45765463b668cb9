// A connection that the server makes to a player: looks up its address, connects, asks for a WebSocket, and
// then the player is a client as any other (sendspin_socket.h). Lives on one I/O thread.
#pragma once

#include "app/player_caller.h"
#include "net/connection_stream.h"
#include "net/control.h"
#include "net/io_thread.h"
#include "net/sendspin_socket.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace tutti::net {

class PlayerCall : public SendspinCaller, public std::enable_shared_from_this<PlayerCall> {
 public:
  // On the I/O thread; over() is called once, last.
  struct Events {
    std::function<void(const std::string& client)> up;
    std::function<void(app::CallEnd)> over;
  };

  PlayerCall(IoThread& thread, app::PlayerAddress address, protocol::sendspin::Session::Self self,
             Events events);
  ~PlayerCall() override;

  // From any thread.
  void start();
  void hang_up();

 private:
  using Tcp = boost::asio::ip::tcp;

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<Result<void>> reach();
  boost::asio::awaitable<Result<std::vector<Tcp::endpoint>>> look_up();
  boost::asio::awaitable<Result<std::string>> upgrade();
  void open(const std::string& already_read);
  void finish(app::CallEnd end);
  std::string authority() const;

  void on_up(const std::string& client) override;
  void on_over(std::optional<protocol::sendspin::GoodbyeReason> goodbye, bool is_replaced,
               std::uint16_t code) override;

  IoThread& thread_;
  app::PlayerAddress address_;
  protocol::sendspin::Session::Self self_;
  Events events_;
  WebSocketLimits limits_;
  Tcp::resolver resolver_;
  ConnectionStream stream_;
  std::weak_ptr<WebSocket> socket_;  // once it is one
  bool is_hung_up_ = false, is_over_ = false;
};

}  // namespace tutti::net
