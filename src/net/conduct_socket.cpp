#include "net/conduct_socket.h"

#include "net/identify.h"
#include "net/io_thread.h"
#include "protocol/conduct_wire.h"

#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;

WebSocketLimits conductor_limits() {
  WebSocketLimits limits;
  limits.max_message = protocol::kMostConductBytes;
  // All the rows of ten thousand participants.
  limits.outbox_bytes = 16u << 20;
  return limits;
}

// A coroutine of its own: GCC 12 destroys twice what a lambda captures within co_await.
asio::awaitable<Admission> admit_conductor(WebSocketRequestPtr request, Control& control) {
  Credentials credentials = credentials_of(request->http, request->target);
  const auto verdict = co_await identify(control, std::move(credentials), request->peer);
  if (auto refused = refuse_unless(app::Role::conductor, verdict, request->http)) {
    co_return tl::make_unexpected(std::move(*refused));
  }
  MakeWebSocketHandler make = [user = verdict.identity.user, &control](WebSocket& socket) {
    return std::make_unique<ConductSocket>(socket, user, control);
  };
  co_return make;
}

}  // namespace

WebSocketMount conduct_mount(Control& control) {
  WebSocketMount mount;
  mount.admit = [&control](WebSocketRequestPtr request) {
    return admit_conductor(std::move(request), control);
  };
  mount.limits = conductor_limits();
  return mount;
}

// What control holds of the connection.
class ConductSocket::Conductor : public app::WalkConductor {
 public:
  Conductor(WebSocket& socket, Control& control)
      : control_(control), executor_(socket.executor()), socket_(socket.weak_from_this()) {}

  void on_walk(const app::WalkNewsPtr& news) override {
    walk_ = news->walk;
    say(protocol::print_conduct_walk(*news->walk, news->keys, control_.clock.now()));
  }
  void on_participants(const std::shared_ptr<const app::WalkRows>& rows) override {
    say(protocol::print_conduct_rows(*rows, *walk_));
  }
  void on_event(const std::shared_ptr<const WalkEvent>& event) override {
    say(protocol::print_conduct_event(*event));
  }
  void say(const std::string& text) {
    asio::post(executor_, [frame = protocol::text_frame(text), weak = socket_] {
      if (const auto socket = weak.lock()) socket->send(frame, FrameKind::control);
    });
  }
  void refuse(const std::string& why) {
    asio::post(executor_, [why, weak = socket_] {
      if (const auto socket = weak.lock()) socket->close(protocol::kCloseTryLater, why);
    });
  }

  app::WalkVisit visit = 0;  // control's

 private:
  Control& control_;
  WebSocket::Socket::executor_type executor_;
  std::weak_ptr<WebSocket> socket_;
  std::shared_ptr<const Walk> walk_;  // as it was told last
};

void ConductSocket::on_open() {
  conductor_ = std::make_shared<Conductor>(socket_, control_);
  asio::post(control_.executor, [&walk = control_.walk, conductor = conductor_] {
    const auto visit = walk.conduct(conductor);
    if (visit) {
      conductor->visit = *visit;
    } else {
      conductor->refuse(visit.error().message);
    }
  });
}

void ConductSocket::on_text(std::string_view text) {
  const ServerTime now = control_.clock.now();
  auto said = protocol::parse_conduct(text);
  if (!said) return say(protocol::print_conduct_error(said.error().message));
  if (const auto* time = std::get_if<protocol::ConductTime>(&*said)) {
    return say(protocol::print_conduct_time(*time, now, control_.clock.now()));
  }
  asio::post(control_.executor, [&walk = control_.walk, conductor = conductor_, user = user_,
                                 order = std::get<WalkOrder>(std::move(*said))] {
    walk.order(order, user, [conductor](const Result<void>& done) {
      conductor->say(done ? protocol::print_conduct_done()
                          : protocol::print_conduct_error(done.error().message));
    });
  });
}

void ConductSocket::on_binary(std::span<const std::uint8_t>) {
  say(protocol::print_conduct_error("orders are JSON text"));
}

void ConductSocket::on_closed(std::uint16_t) {
  asio::post(control_.executor,
             [&walk = control_.walk, conductor = conductor_] { walk.leave_conducting(conductor->visit); });
}

void ConductSocket::say(std::string_view text) {
  socket_.send(protocol::text_frame(text), FrameKind::control);
}

}  // namespace tutti::net
