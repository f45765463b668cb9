// The source of the benchmark's frames: every so many milliseconds a payload with its number and the time at
// which it was made, as the crowd expects it.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace bench {

class Ticker {
 public:
  using Payload = std::vector<std::uint8_t>;

  Ticker(boost::asio::io_context& context, std::chrono::milliseconds interval, std::size_t bytes,
         std::function<void(const Payload&)> send)
      : interval_(interval), payload_(bytes), send_(std::move(send)), timer_(context) {
    timer_.expires_after(interval_);
    wait();
  }

 private:
  void wait() {
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      const std::uint64_t now =
          static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                         std::chrono::steady_clock::now().time_since_epoch())
                                         .count());
      std::memcpy(payload_.data(), &number_, sizeof number_);
      std::memcpy(payload_.data() + sizeof number_, &now, sizeof now);
      ++number_;
      send_(payload_);
      timer_.expires_at(timer_.expiry() + interval_);
      wait();
    });
  }

  std::chrono::milliseconds interval_;
  Payload payload_;
  std::uint64_t number_ = 0;
  std::function<void(const Payload&)> send_;
  boost::asio::steady_timer timer_;
};

}  // namespace bench
