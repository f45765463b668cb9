#include "net/web_socket_outbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tutti::net {

bool WebSocketOutbox::has_room(std::size_t size, const WebSocketLimits& limits) const {
  if (entries_.empty()) return true;  // else a frame longer than the bound could never be sent
  return bytes_ + size <= limits.outbox_bytes && frames() < limits.outbox_frames;
}

// Lets audio go, the oldest first. False where that is not enough.
bool WebSocketOutbox::make_room(std::size_t size, const WebSocketLimits& limits) {
  for (std::size_t i = first_unsent(); i < entries_.size() && !has_room(size, limits);) {
    if (entries_[i].slot != Slot::audio) {
      ++i;
      continue;
    }
    bytes_ -= entries_[i].frame->bytes.size();
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
    ++dropped_;
    shrink();
  }
  return has_room(size, limits);
}

bool WebSocketOutbox::push(protocol::FramePtr frame, FrameKind kind, std::uint16_t key,
                           const WebSocketLimits& limits) {
  if (is_finished_) return true;
  if (kind == FrameKind::state && replace(frame, Slot::state, key)) return true;
  if (!make_room(frame->bytes.size(), limits)) {
    if (kind != FrameKind::audio) return false;
    ++dropped_;
    return true;
  }
  static_assert(static_cast<int>(FrameKind::audio) == static_cast<int>(Slot::audio) &&
                static_cast<int>(FrameKind::state) == static_cast<int>(Slot::state));
  append(std::move(frame), static_cast<Slot>(kind), key);
  return true;
}

bool WebSocketOutbox::replace(protocol::FramePtr& frame, Slot slot, std::uint16_t key) {
  for (std::size_t i = first_unsent(); i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.slot != slot || entry.key != key) continue;
    bytes_ += frame->bytes.size();
    bytes_ -= entry.frame->bytes.size();
    entry.frame = std::move(frame);
    return true;
  }
  return false;
}

bool WebSocketOutbox::put_state(protocol::FramePtr frame, Slot slot, std::uint16_t key) {
  if (!is_finished_ && !replace(frame, slot, key)) append(std::move(frame), slot, key);
  return true;
}

void WebSocketOutbox::push_first(protocol::FramePtr frame) {
  if (is_finished_) return;
  bytes_ += frame->bytes.size();
  const auto place = entries_.begin() + static_cast<std::ptrdiff_t>(first_unsent());
  entries_.insert(place, {std::move(frame), Slot::control, 0});
}

void WebSocketOutbox::drop_audio() {
  const auto first =
      entries_.begin() + static_cast<std::ptrdiff_t>(std::min(first_unsent(), entries_.size()));
  const auto is_gone = [this](const Entry& entry) {
    if (entry.slot != Slot::audio) return false;
    bytes_ -= entry.frame->bytes.size();
    return true;
  };
  entries_.erase(std::remove_if(first, entries_.end(), is_gone), entries_.end());
  shrink();
}

void WebSocketOutbox::push_rest(protocol::FramePtr frame, FrameKind kind, std::size_t sent) {
  append(std::move(frame), static_cast<Slot>(kind), 0);
  sent_of_head_ = sent;
  bytes_ -= sent;
}

void WebSocketOutbox::finish(protocol::FramePtr close) {
  if (std::exchange(is_finished_, true)) return;
  append(std::move(close), Slot::close, 0);
}

void WebSocketOutbox::clear_unsent() {
  for (std::size_t i = first_unsent(); i < entries_.size(); ++i) bytes_ -= entries_[i].frame->bytes.size();
  entries_.resize(first_unsent());
  shrink();
}

void WebSocketOutbox::append(protocol::FramePtr frame, Slot slot, std::uint16_t key) {
  bytes_ += frame->bytes.size();
  entries_.push_back({std::move(frame), slot, key});
}

std::size_t WebSocketOutbox::gather(std::span<iovec> parts) const {
  std::size_t count = 0;
  std::size_t offset = sent_of_head_;
  for (std::size_t i = head_; i < entries_.size() && count < parts.size(); ++i) {
    const auto& bytes = entries_[i].frame->bytes;
    // iovec serves reading too, so its pointer is not const; writing does not write through it.
    parts[count++] = {const_cast<std::uint8_t*>(bytes.data()) + offset, bytes.size() - offset};
    offset = 0;
  }
  return count;
}

void WebSocketOutbox::advance(std::size_t sent) {
  bytes_ -= sent;
  sent += sent_of_head_;
  while (head_ < entries_.size() && sent >= entries_[head_].frame->bytes.size()) {
    sent -= entries_[head_].frame->bytes.size();
    entries_[head_++].frame.reset();
  }
  sent_of_head_ = sent;
  shrink();
}

// Most connections have nothing waiting most of the time, so memory is given back.
void WebSocketOutbox::shrink() {
  constexpr std::size_t kKept = 8, kLong = 64;
  if (head_ == entries_.size()) {
    entries_.clear();
    if (entries_.capacity() > kKept) entries_ = {};
    head_ = 0;
  } else if (head_ >= kLong && head_ >= entries_.size() / 2) {
    entries_.erase(entries_.begin(), entries_.begin() + head_);
    head_ = 0;
  }
}

}  // namespace tutti::net
