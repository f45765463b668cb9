// What a client of the benchmarks says and reads on a WebSocket: raw bytes, without a socket.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

enum class Opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// The request that opens one at `path`.
std::string upgrade_request(std::string_view path);
// A client's frame, at most 64 KiB: masked, here with a key of zeros (RFC 6455, 5.2).
std::string client_frame(Opcode opcode, std::string_view payload);

// Takes a server's bytes apart. Frames are not fragmented by the servers that are measured.
class FrameReader {
 public:
  using OnFrame = std::function<void(Opcode, std::string_view payload)>;

  // Throws std::runtime_error where the upgrade is refused.
  void take(std::string_view bytes, const OnFrame& on_frame);
  bool is_upgraded() const { return is_upgraded_; }

 private:
  std::string rest_;
  bool is_upgraded_ = false;
};

}  // namespace bench
