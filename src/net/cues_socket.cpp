#include "net/cues_socket.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using protocol::CuesSession;

WebSocketLimits cues_limits() {
  WebSocketLimits limits;
  limits.max_message = 16 * 1024;
  limits.frames_per_second = 20;
  limits.frames_at_once = 40;
  limits.outbox_bytes = 64 * 1024;
  limits.outbox_frames = 256;
  limits.send_buffer = 32 * 1024;
  return limits;
}

WalkEvent::Kind kind_of(CuesSession::Event::Kind kind) {
  using Kind = CuesSession::Event::Kind;
  if (kind == Kind::downloaded) return WalkEvent::Kind::downloaded;
  return kind == Kind::ack || kind == Kind::played ? WalkEvent::Kind::ack : WalkEvent::Kind::connected;
}

}  // namespace

WebSocketMount cues_mount(Control& control, app::WalkService& walk) {
  WebSocketMount mount;
  mount.limits = cues_limits();
  // The app is no page, and acts for nobody.
  mount.checks_origin = false;
  mount.is_audio = true;
  auto numbers = std::make_shared<std::atomic<std::uint32_t>>(0);
  mount.admit =
      admit_everybody([&control, &walk, numbers](const WebSocketRequest& request, WebSocket& socket) {
        return std::make_unique<CuesSocket>(socket, control, walk, ++*numbers,
                                            std::string(request.target.parameter("asset").substr(0, 200)));
      });
  return mount;
}

// What control holds of the connection. Hands on, to the connection's thread.
class CuesSocket::Phone : public app::WalkClient {
 public:
  explicit Phone(WebSocket& socket) : executor_(socket.executor()), socket_(socket.weak_from_this()) {}

  void on_walk(const app::WalkNewsPtr& news) override {
    on_thread([news](WebSocket&, CuesSocket& self) { self.on_walk(news); });
  }
  void on_replaced() override {}
  void refuse(const std::string& why) {
    on_thread([why](WebSocket& socket, CuesSocket&) { socket.close(protocol::kCloseTryLater, why); });
  }

  app::WalkVisit visit = 0;  // control's

 private:
  template <class Act>
  void on_thread(Act act) {
    asio::post(executor_, [act = std::move(act), weak = socket_] {
      const auto socket = weak.lock();
      auto* self = socket ? dynamic_cast<CuesSocket*>(socket->handler()) : nullptr;
      if (self) act(*socket, *self);
    });
  }

  WebSocket::Socket::executor_type executor_;
  std::weak_ptr<WebSocket> socket_;
};

CuesSocket::CuesSocket(WebSocket& socket, Control& control, app::WalkService& walk, std::uint32_t number,
                       std::string asset)
    : socket_(socket),
      control_(control),
      walk_service_(walk),
      number_(number),
      asset_(std::move(asset)),
      timer_(socket.executor()) {}

CuesSocket::~CuesSocket() = default;

void CuesSocket::on_open() {
  phone_ = std::make_shared<Phone>(socket_);
  perform(session_.on_open(now()));
  wait();
  asio::post(control_.executor, [&walk = walk_service_, phone = phone_, number = number_] {
    const std::string text = std::to_string(number);
    const auto visit = walk.join({"app-" + text, "client " + text, WalkParticipant::Kind::app}, phone);
    if (visit) {
      phone->visit = *visit;
    } else {
      phone->refuse(visit.error().message);
    }
  });
}

void CuesSocket::on_text(std::string_view text) {
  look(session_.on_text(text, now()));
  report();
}

void CuesSocket::on_binary(std::span<const std::uint8_t> payload) {
  on_text({reinterpret_cast<const char*>(payload.data()), payload.size()});
}

void CuesSocket::on_closed(std::uint16_t) {
  timer_.cancel();
  asio::post(control_.executor, [&walk = walk_service_, phone = phone_, number = number_] {
    if (phone->visit == 0) return;
    walk.remark(phone->visit, WalkEvent::Kind::left, "Client " + std::to_string(number) + " disconnected");
    walk.leave(phone->visit);
  });
}

const std::string& CuesSocket::asset() const {
  if (!asset_.empty() || !news_ || news_->walk->assets.empty()) return asset_;
  return news_->walk->assets.front().id;
}

// Messages from before it came are history; what is on is not.
void CuesSocket::on_walk(const app::WalkNewsPtr& news) {
  const bool is_first = !news_;
  news_ = news;
  for (const auto& message : news->walk->messages) {
    if (message.seq <= message_) continue;
    message_ = message.seq;
    if (!is_first)
      socket_.send(protocol::text_frame(protocol::app_message(message.text)), FrameKind::control);
  }
  look({});
  report();
}

void CuesSocket::on_timer() { look(session_.on_time(now())); }

// Carries that out, and then looks what of the walk is to be said now.
void CuesSocket::look(const CuesSession::Outcome& outcome) {
  perform(outcome);
  if (news_) {
    const ServerTime t = now();
    perform(session_.on_cues(protocol::app_cues(*news_->walk, asset(), t), t));
  }
  wait();
}

void CuesSocket::perform(const CuesSession::Outcome& outcome) {
  for (const auto& text : outcome.say) socket_.send(protocol::text_frame(text), FrameKind::control);
  if (outcome.events.empty()) return;
  asio::post(
      control_.executor, [&walk = walk_service_, phone = phone_, number = number_, events = outcome.events] {
        if (phone->visit == 0) return;
        for (const auto& event : events) {
          if (event.kind == CuesSession::Event::Kind::ack && event.cue != 0) {
            walk.ack(phone->visit, {static_cast<std::int64_t>(event.cue), std::nullopt, event.late});
          }
          walk.remark(phone->visit, kind_of(event.kind), protocol::in_words(event, number), event.latency);
        }
      });
}

// What the conductor sees in its row.
void CuesSocket::report() {
  const auto way = session_.one_way();
  if (!news_ || (way == reported_way_ && session_.has_audio() == reported_audio_)) return;
  reported_way_ = way;
  reported_audio_ = session_.has_audio();
  WalkReport report;
  report.latency = way;
  report.is_unlocked = true;
  if (!asset().empty()) {
    const auto* known = news_->walk->find_asset(asset());
    report.assets[asset()] = {known && reported_audio_ ? known->bytes : 0, reported_audio_};
  }
  asio::post(control_.executor, [&walk = walk_service_, phone = phone_, report = std::move(report)] {
    if (phone->visit != 0) walk.report(phone->visit, report);
  });
}

void CuesSocket::wait() {
  // A sheet that runs on its own has more cues than a session takes at once.
  constexpr Duration kLookAgain = 1s;
  ServerTime due = session_.due();
  if (news_ && news_->walk->armed) due = std::min(due, now() + kLookAgain);
  timer_.expires_after(std::max(Duration(1000), due - now()));
  timer_.async_wait([weak = socket_.weak_from_this()](const boost::system::error_code& error) {
    const auto socket = error ? nullptr : weak.lock();
    auto* self = socket ? dynamic_cast<CuesSocket*>(socket->handler()) : nullptr;
    if (self) self->on_timer();
  });
}

}  // namespace tutti::net
