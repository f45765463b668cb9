#include "net/personal_listener.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tutti::net {

PersonalListener::PersonalListener(QuietConnection connection, std::string head,
                                   std::unique_ptr<protocol::IcyInterleaver> icy, std::string key,
                                   std::uint64_t seed)
    : connection_(std::move(connection)), head_(std::move(head)), key_(std::move(key)) {
  if (icy) titles_ = std::make_unique<Titles>(Titles{std::move(*icy), nullptr});
  rotation_.seed = seed;
}

void PersonalListener::take(app::PersonalService::Next next) {
  rotation_ = next.rotation;
  next_ = std::move(next.track);
}

void PersonalListener::begin_next(ServerTime now) {
  track_began_ = std::exchange(begun_, true) ? next_at() : now;
  track_ = std::move(next_);
  next_.reset();
  samples_ = 0;
  rate_ = 0;
  offset_ = track_->source.begin;
  sent_ = 0;
  if (titles_) titles_->block = protocol::icy_metadata_block(track_->title);
}

Duration PersonalListener::go_on_at(ServerTime now) {
  const Duration late = now - next_at();
  track_began_ = track_began_ + late;
  return late;
}

PersonalListener::State PersonalListener::write(const Mp3Piece& piece) {
  constexpr std::size_t kMostParts = 64;
  for (;;) {
    std::array<iovec, kMostParts> parts;
    std::size_t count = 0, bytes = 0;
    const auto add = [&](const void* data, std::size_t size) {
      // iovec serves reading too, so its pointer is not const; writing does not write through it.
      parts[count++] = {const_cast<void*>(data), size};
      bytes += size;
    };
    if (!head_->empty()) add(head_->data(), head_->size());
    auto icy = titles_ ? std::optional(titles_->icy) : std::nullopt;
    auto audio = std::span(piece.bytes).subspan(sent_);
    while (!audio.empty() && count < kMostParts) {
      const auto slice = icy ? icy->front(audio, titles_->block) : audio;
      add(slice.data(), slice.size());
      audio = audio.subspan(icy ? icy->skip(slice.size()) : slice.size());
    }
    if (count > 0 || connection_.has_pending()) {
      const auto sent = connection_.write(std::span(parts).first(count));
      if (!sent) return State::gone;
      advance(piece, *sent);
      if (*sent < bytes || connection_.has_pending()) return State::blocked;
    }
    if (sent_ == piece.bytes.size()) {
      finish(piece);
      return State::ready;
    }
  }
}

void PersonalListener::advance(const Mp3Piece& piece, std::size_t sent) {
  const std::size_t of_head = std::min(sent, head_->size());
  if (of_head > 0) head_.set(head_->substr(of_head));
  sent -= of_head;
  while (sent > 0) {
    const auto audio = std::span(piece.bytes).subspan(sent_);
    const auto slice = titles_ ? titles_->icy.front(audio, titles_->block) : audio;
    const std::size_t n = std::min(sent, slice.size());
    sent_ += static_cast<std::uint32_t>(titles_ ? titles_->icy.skip(n) : n);
    sent -= n;
  }
}

void PersonalListener::finish(const Mp3Piece& piece) {
  sent_ = 0;
  offset_ = piece.next;
  if (piece.rate != rate_ && piece.rate > 0) {  // also in mid-file, where streams were put together
    track_began_ = next_at();
    samples_ = 0;
    rate_ = piece.rate;
  }
  samples_ += piece.samples;
}

}  // namespace tutti::net
