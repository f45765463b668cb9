// Who waits for something of which there is only so much on an I/O thread takes turns, in the order they
// came. Of one thread; shared by those who wait, as some of them end with the thread.
#pragma once

#include "net/await.h"

#include <cstddef>
#include <memory>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class Turns {
 public:
  Turns(boost::asio::io_context& context, std::size_t at_once)
      : left_(at_once), bell_(context, boost::asio::steady_timer::time_point::max()) {}

  // Every one of them is followed by give_back().
  boost::asio::awaitable<void> take() {
    if (left_ > 0) {
      --left_;
      co_return;
    }
    ++waiting_;
    co_await bell_.async_wait(kAwait);
  }
  // The turn goes to who has waited longest.
  void give_back() {
    if (waiting_ == 0) {
      ++left_;
      return;
    }
    --waiting_;
    bell_.cancel_one();
  }

 private:
  std::size_t left_, waiting_ = 0;
  boost::asio::steady_timer bell_;
};
using TurnsPtr = std::shared_ptr<Turns>;

}  // namespace tutti::net
