#include "net/player_socket.h"

#include "net/player_access.h"
#include "protocol/player_wire.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;

WebSocketLimits player_limits() {
  WebSocketLimits limits;
  limits.max_message = 4 * protocol::kMostPlayerMessageBytes;
  // A phone has 32 KiB of news to catch up with at most; then it connects again and gets the state.
  limits.outbox_bytes = 64 * 1024;
  limits.send_buffer = 32 * 1024;
  return limits;
}

// A coroutine of its own: GCC 12 destroys twice what a lambda captures within co_await.
asio::awaitable<Admission> admit_player(WebSocketRequestPtr request, Control& control) {
  auto user = co_await find_player_user(request->http, request->target, request->peer, request->thread);
  if (!user) co_return tl::make_unexpected(std::move(user.error()));
  MakeWebSocketHandler make = [name = std::move(*user), &control](WebSocket& socket) {
    return std::make_unique<PlayerSocket>(socket, name, control);
  };
  co_return make;
}

}  // namespace

WebSocketMount player_mount(Control& control) {
  WebSocketMount mount;
  mount.admit = [&control](WebSocketRequestPtr request) { return admit_player(std::move(request), control); };
  mount.limits = player_limits();
  mount.plain_status = http::status::bad_request;
  return mount;
}

// What control holds of the connection: turns what it is told into frames, on the connection's thread.
class PlayerSocket::Device : public app::PlayerDevice {
 public:
  explicit Device(WebSocket& socket) : executor_(socket.executor()), socket_(socket.weak_from_this()) {}

  void on_update(const app::TextPtr& text) override {
    on_thread([text](WebSocket& socket) { socket.send(protocol::text_frame(*text), FrameKind::control); });
  }
  void on_state(const std::optional<PlayerState>& state) override {
    on_thread([state](WebSocket& socket) {
      socket.send(protocol::text_frame(protocol::state_message(state)), FrameKind::control);
    });
  }
  void on_error(const std::string& why) override {
    on_thread([why](WebSocket& socket) {
      socket.send(protocol::text_frame(protocol::error_message(why)), FrameKind::control);
    });
  }
  void refuse(const std::string& why) {
    on_error(why);
    on_thread([why](WebSocket& socket) { socket.close(protocol::kCloseTryLater, why); });
  }

  app::DeviceId id;  // control's

 private:
  template <class Act>
  void on_thread(Act act) {
    asio::post(executor_, [act = std::move(act), weak = socket_] {
      if (const auto socket = weak.lock()) act(*socket);
    });
  }

  WebSocket::Socket::executor_type executor_;
  std::weak_ptr<WebSocket> socket_;
};

void PlayerSocket::on_open() {
  device_ = std::make_shared<Device>(socket_);
  asio::post(control_.executor, [&players = control_.players, user = user_, device = device_] {
    const auto id = players.connect(user, device);
    if (id) {
      device->id = *id;
    } else {
      device->refuse(id.error().message);
    }
  });
}

void PlayerSocket::on_text(std::string_view text) {
  auto message = protocol::parse_player_message(text);
  if (!message) return say(protocol::invalid_format_message());
  const WallTime now = control_.clock.date();
  if (const auto* time = std::get_if<protocol::PlayerTimeRequest>(&*message)) {
    return say(protocol::time_message(*time, now));
  }
  asio::post(control_.executor, [&players = control_.players, device = device_, words = std::string(text),
                                 update = std::get<PlayerUpdate>(std::move(*message)), now]() mutable {
    players.update(device->id, std::move(update), std::move(words), now);
  });
}

void PlayerSocket::on_binary(std::span<const std::uint8_t> payload) {
  on_text({reinterpret_cast<const char*>(payload.data()), payload.size()});
}

void PlayerSocket::on_closed(std::uint16_t) {
  const WallTime now = control_.clock.date();
  asio::post(control_.executor,
             [&players = control_.players, device = device_, now] { players.disconnect(device->id, now); });
}

void PlayerSocket::say(std::string_view text) {
  socket_.send(protocol::text_frame(text), FrameKind::control);
}

}  // namespace tutti::net
