// Port: those who play in sync. Implemented by net/, which spreads them over I/O threads.
#pragma once

#include "base/result.h"
#include "domain/encoding.h"
#include "domain/packet.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tutti::app {

// Numbers of groups' timelines: stations have those below, private groups these.
inline constexpr std::uint32_t kFirstPrivate = 0x8000'0000;

// What a group plays, in one encoding.
struct SyncId {
  std::uint32_t group = 0;
  Encoding encoding;

  friend auto operator<=>(const SyncId&, const SyncId&) = default;
};

// At multiples of this, packets of all of a group's encodings begin: a player goes from one encoding to
// another there, without a gap.
inline constexpr Duration kSyncGrid{100'000};

class SyncAudience {
 public:
  virtual ~SyncAudience() = default;

  // More packets for those whom I/O thread `io_thread` owns. In order. `grid`: a moment from which the
  // multiples of kSyncGrid are counted.
  virtual void deliver(std::size_t io_thread, const SyncId& id, ServerTime grid,
                       std::vector<PacketPtr> packets) = 0;
  // What begins at `from` or later is not going to be heard; other packets follow.
  virtual void revoke(std::size_t io_thread, const SyncId& id, ServerTime from) = 0;
  // There will be no packets: those who wait for them are to be sent away.
  virtual void refuse(std::size_t io_thread, const SyncId& id, Error why) = 0;
};

}  // namespace tutti::app
