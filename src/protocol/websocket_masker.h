// A server's frames -> a client's: the same ones, masked (RFC 6455, 5.3). For connections that the server has
// made itself: what it sends is built once for all and unmasked, so it is masked on the way out, in pieces of
// any length.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace tutti::protocol {

class WebSocketMasker {
 public:
  using Key = std::array<std::uint8_t, 4>;

  // `draw`: a key that nobody can guess, for each frame.
  explicit WebSocketMasker(std::function<Key()> draw) : draw_(std::move(draw)) {}

  // `bytes`: what comes next of frames that are whole one day, unmasked. Appends what is to be sent for it.
  void mask(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& out);

 private:
  void end_header(std::vector<std::uint8_t>& out);
  std::size_t header_size() const;

  std::function<Key()> draw_;
  std::array<std::uint8_t, 10> header_{};  // as far as it has come
  std::size_t header_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the payload
  Key key_{};
  std::size_t turn_ = 0;  // which byte of the key is next
};

}  // namespace tutti::protocol
