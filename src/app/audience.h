// Port: the listeners' side of the broadcasts. Implemented by net/, which spreads its listeners over I/O
// threads.
#pragma once

#include "domain/packet.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tutti::app {

// A station in one encoding.
struct BroadcastId {
  std::uint32_t station = 0;
  std::uint32_t encoding = 0;

  friend auto operator<=>(const BroadcastId&, const BroadcastId&) = default;
};

class Audience {
 public:
  virtual ~Audience() = default;

  // More packets for those listeners of `broadcast` that I/O thread `io_thread` owns. In order.
  virtual void deliver(std::size_t io_thread, BroadcastId broadcast, std::vector<PacketPtr> packets) = 0;
};

}  // namespace tutti::app
