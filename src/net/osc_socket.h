// Show-control software conducts the walk: Open Sound Control over UDP (protocol/osc.h). UDP knows no user
// and no answer: whoever reaches the address may send, so it is a loopback one unless told otherwise. Lives
// on the control thread.
#pragma once

#include "app/walk_service.h"
#include "base/result.h"
#include "base/server_clock.h"
#include "net/token_bucket.h"

#include <array>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/udp.hpp>

namespace tutti::net {

class OscSocket {
 public:
  // The executor is control's. All outlive this.
  OscSocket(const boost::asio::any_io_executor& control, const ServerClock& clock, app::WalkService& walk);
  OscSocket(const OscSocket&) = delete;
  OscSocket& operator=(const OscSocket&) = delete;

  // `address`: of this machine. Port 0: any that is free. Error: it cannot be bound.
  Result<void> open(const std::string& address, unsigned short port);
  // As "127.0.0.1:9000".
  std::string where() const;
  void close();

 private:
  void wait();
  void take(std::size_t size);
  void complain(const std::string& why);

  boost::asio::ip::udp::socket socket_;
  const ServerClock& clock_;
  app::WalkService& walk_;
  TokenBucket packets_, complaints_;
  boost::asio::ip::udp::endpoint from_;
  std::array<std::uint8_t, 8193> buffer_{};  // one more than a packet may have
};

}  // namespace tutti::net
