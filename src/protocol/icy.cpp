#include "protocol/icy.h"

#include <algorithm>
#include <utility>

namespace tutti::protocol {

IcyBlockPtr icy_metadata_block(std::string_view title) {
  constexpr std::size_t kRoom = 255 * 16;
  constexpr std::string_view kBefore = "StreamTitle='", kAfter = "';";
  std::string text;
  for (std::size_t i = 0; i < title.size(); ++i) {
    if (title.substr(i, 2) == kAfter) {
      text += "\xE2\x80\x99";
    } else {
      text += title[i];
    }
  }
  std::size_t fits = std::min(text.size(), kRoom - kBefore.size() - kAfter.size());
  if (fits < text.size()) {
    while (fits > 0 && (static_cast<unsigned char>(text[fits]) & 0xC0u) == 0x80u) --fits;
    text.resize(fits);
  }
  const std::string line = std::string(kBefore) + text + std::string(kAfter);
  const std::size_t units = (line.size() + 15) / 16;
  std::vector<std::uint8_t> block(1 + units * 16, 0);
  block[0] = static_cast<std::uint8_t>(units);
  std::ranges::copy(line, block.begin() + 1);
  return std::make_shared<const std::vector<std::uint8_t>>(std::move(block));
}

std::span<const std::uint8_t> IcyInterleaver::front(std::span<const std::uint8_t> audio,
                                                    const IcyBlockPtr& title) {
  if (audio.empty()) return audio;
  if (audio_left_ > 0) return audio.first(std::min<std::size_t>(audio.size(), audio_left_));
  if (!block_) {
    static const auto kNothingNew = std::make_shared<const std::vector<std::uint8_t>>(1, std::uint8_t{0});
    const bool changed = title && (!shown_ || (shown_ != title && *shown_ != *title));
    block_ = changed ? title : kNothingNew;
    if (changed) shown_ = title;
    block_sent_ = 0;
  }
  return std::span(*block_).subspan(block_sent_);
}

std::size_t IcyInterleaver::skip(std::size_t sent) {
  if (audio_left_ > 0) {
    audio_left_ -= static_cast<std::uint32_t>(sent);
    return sent;
  }
  block_sent_ += static_cast<std::uint32_t>(sent);
  if (block_ && block_sent_ >= block_->size()) {
    block_.reset();
    audio_left_ = interval_;
  }
  return 0;
}

}  // namespace tutti::protocol
