#include "protocol/websocket_masker.h"

#include <algorithm>

namespace tutti::protocol {
namespace {

constexpr std::uint8_t kMasked = 0x80, kLength = 0x7F;
constexpr std::size_t kShortHeader = 2;

}  // namespace

// Of the header that has begun; at least its first two bytes are there.
std::size_t WebSocketMasker::header_size() const {
  const std::uint8_t length = header_[1] & kLength;
  return kShortHeader + (length == 127 ? 8 : length == 126 ? 2 : 0);
}

void WebSocketMasker::end_header(std::vector<std::uint8_t>& out) {
  left_ = header_bytes_ == kShortHeader ? header_[1] & kLength : 0;
  for (std::size_t i = kShortHeader; i < header_bytes_; ++i) left_ = left_ << 8U | header_[i];
  key_ = draw_();
  turn_ = 0;
  header_[1] |= kMasked;
  out.insert(out.end(), header_.begin(), header_.begin() + static_cast<std::ptrdiff_t>(header_bytes_));
  out.insert(out.end(), key_.begin(), key_.end());
  header_bytes_ = 0;
}

void WebSocketMasker::mask(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& out) {
  while (!bytes.empty()) {
    if (left_ == 0) {
      header_[header_bytes_++] = bytes.front();
      bytes = bytes.subspan(1);
      if (header_bytes_ >= kShortHeader && header_bytes_ == header_size()) end_header(out);
      continue;
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    for (const std::uint8_t byte : bytes.first(size)) {
      out.push_back(byte ^ key_[turn_]);
      turn_ = (turn_ + 1) % key_.size();
    }
    left_ -= size;
    bytes = bytes.subspan(size);
  }
}

}  // namespace tutti::protocol
