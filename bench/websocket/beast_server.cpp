// The peer: a Beast websocket stream per connection, with a queue of shared messages each, as Beast's own
// chat example has it. One thread, named as Tutti's.
#include "websocket/options.h"
#include "websocket/ticker.h"

#include <algorithm>
#include <csignal>
#include <deque>
#include <memory>
#include <pthread.h>
#include <set>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;
using Message = std::shared_ptr<const bench::Ticker::Payload>;

class Session;
std::set<std::shared_ptr<Session>> sessions;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : stream_(std::move(socket)) {}

  void run() {
    stream_.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
    stream_.binary(true);
    stream_.async_accept([self = shared_from_this()](const Error& error) {
      if (error) return;
      sessions.insert(self);
      self->read();
    });
  }

  void send(Message message) {
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) write();
  }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](const Error& error, std::size_t) {
      if (error) {
        sessions.erase(self);
        return;
      }
      self->buffer_.clear();
      self->read();
    });
  }

  void write() {
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = shared_from_this()](const Error& error, std::size_t) {
                          if (error) return;
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) self->write();
                        });
  }

  beast::websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  std::deque<Message> queue_;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](const Error& error, tcp::socket socket) {
    if (error) return;
    socket.set_option(tcp::no_delay(true));
    std::make_shared<Session>(std::move(socket))->run();
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options(argc, argv, {{"--port", "0"}, {"--frame-ms", "20"}, {"--bytes", "320"}});
  pthread_setname_np(pthread_self(), "io-0");
  asio::io_context context{1};
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([](const Error&, int) { std::_Exit(0); });
  tcp::acceptor acceptor(
      context, {asio::ip::address_v4::loopback(), static_cast<unsigned short>(options.number("--port"))});
  acceptor.listen(4096);
  accept(acceptor);
  bench::Ticker ticker(context, std::chrono::milliseconds(options.number("--frame-ms")),
                       static_cast<std::size_t>(options.number("--bytes")),
                       [](const bench::Ticker::Payload& payload) {
                         const auto message = std::make_shared<const bench::Ticker::Payload>(payload);
                         for (const auto& session : sessions) session->send(message);
                       });
  std::puts("ready");
  std::fflush(stdout);
  context.run();
}
