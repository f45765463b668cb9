// What one WebSocket may cost. A mount sets them for its connections.
#pragma once

#include <cstddef>

namespace tutti::net {

struct WebSocketLimits {
  // From the client.
  std::size_t max_message = 64 * 1024;  // bytes, fragments together
  float frames_per_second = 100;        // in the long run; control frames and fragments count
  float frames_at_once = 200;
  // To the client: what waits because it does not read. A single frame may be longer.
  std::size_t outbox_bytes = 256 * 1024;
  std::size_t outbox_frames = 1024;
  // Whether it matters when exactly a message has come (WebSocket::arrived_at()).
  bool is_timed = false;
  // The kernel's buffer comes before the outbox.
  int send_buffer = 128 * 1024;
};

}  // namespace tutti::net
