// /cues: one phone of the earlier sound-walk app, over WebSocket. Carries out on its I/O thread what
// protocol/cues_session.h decides; takes part in the walk (app/walk_service.h, on control) as any phone does.
#pragma once

#include "app/walk_service.h"
#include "net/control.h"
#include "net/web_socket.h"
#include "net/web_socket_mounts.h"
#include "protocol/cues_session.h"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

// `walk` outlives the connections. `?asset=`: which one the app has; else the walk's first.
WebSocketMount cues_mount(Control& control, app::WalkService& walk);

class CuesSocket : public WebSocketHandler {
 public:
  // `number`: of this client, from 1.
  CuesSocket(WebSocket& socket, Control& control, app::WalkService& walk, std::uint32_t number,
             std::string asset);
  ~CuesSocket() override;

  void on_open() override;
  void on_text(std::string_view text) override;
  // Some clients send their JSON as bytes.
  void on_binary(std::span<const std::uint8_t> payload) override;
  void on_closed(std::uint16_t code) override;

 private:
  class Phone;

  void on_walk(const app::WalkNewsPtr& news);
  void on_timer();
  void look(const protocol::CuesSession::Outcome& outcome);
  void perform(const protocol::CuesSession::Outcome& outcome);
  void report();
  void wait();
  const std::string& asset() const;
  ServerTime now() const { return control_.clock.now(); }

  WebSocket& socket_;
  Control& control_;
  app::WalkService& walk_service_;
  std::uint32_t number_;
  std::string asset_;  // "": the first
  protocol::CuesSession session_;
  std::shared_ptr<Phone> phone_;
  app::WalkNewsPtr news_;
  std::int64_t message_ = 0;  // the last one that it was sent, or that is older than the connection
  std::optional<Duration> reported_way_;
  bool reported_audio_ = false;
  boost::asio::steady_timer timer_;
};

}  // namespace tutti::net
