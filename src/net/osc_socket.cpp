#include "net/osc_socket.h"

#include "base/log.h"
#include "protocol/conductor_order.h"
#include "protocol/osc.h"

#include <boost/asio/ip/address.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;

// A show sends some cues a minute. What is beyond this is a loop, or somebody who means harm.
constexpr float kPacketsPerSecond = 50, kPacketsAtOnce = 100;
constexpr float kComplaintsPerSecond = 0.5F, kComplaintsAtOnce = 5;

}  // namespace

OscSocket::OscSocket(const asio::any_io_executor& control, const ServerClock& clock, app::WalkService& walk)
    : socket_(control),
      clock_(clock),
      walk_(walk),
      packets_(kPacketsPerSecond, kPacketsAtOnce, clock.now()),
      complaints_(kComplaintsPerSecond, kComplaintsAtOnce, clock.now()) {}

Result<void> OscSocket::open(const std::string& address, unsigned short port) {
  boost::system::error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) return fail("--osc: '" + address + "' is not an address of this machine");
  const udp::endpoint endpoint(parsed, port);
  socket_.open(endpoint.protocol(), error);
  if (!error) socket_.bind(endpoint, error);
  if (error) {
    return fail("--osc: cannot listen on UDP " + address + ":" + std::to_string(port) + ": " +
                error.message());
  }
  wait();
  return {};
}

std::string OscSocket::where() const {
  boost::system::error_code ignored;
  const auto endpoint = socket_.local_endpoint(ignored);
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

void OscSocket::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void OscSocket::wait() {
  socket_.async_receive_from(asio::buffer(buffer_), from_,
                             [this](const boost::system::error_code& error, std::size_t size) {
                               if (error == asio::error::operation_aborted || !socket_.is_open()) return;
                               if (!error) take(size);
                               wait();
                             });
}

void OscSocket::take(std::size_t size) {
  if (!packets_.take(1, clock_.now())) return complain("more than 50 packets a second");
  auto verbs = protocol::parse_osc({buffer_.data(), size});
  if (!verbs) return complain(verbs.error().message);
  const std::string author = "OSC " + from_.address().to_string();
  for (const auto& verb : *verbs) {
    walk_.order(protocol::order_of(verb), author, [this](const Result<void>& done) {
      if (!done) complain(done.error().message);
    });
  }
}

void OscSocket::complain(const std::string& why) {
  if (!complaints_.take(1, clock_.now())) return;
  log::warn("OSC from {}: {}", from_.address().to_string(), why);
}

}  // namespace tutti::net
