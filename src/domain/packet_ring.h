// The latest packets of one broadcast, bounded by bytes. Readers keep a sequence number of their own; one
// that falls behind the oldest packet has lost what lies between.
#pragma once

#include "domain/packet.h"

#include <cassert>
#include <deque>
#include <utility>

namespace tutti {

class PacketRing {
 public:
  // Holds at most `max_bytes` of audio, but always the newest packet.
  explicit PacketRing(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void push(PacketPtr packet) {
    bytes_ += packet->bytes.size();
    packets_.push_back(std::move(packet));
    while (packets_.size() > 1 && bytes_ > max_bytes_) {
      bytes_ -= packets_.front()->bytes.size();
      packets_.pop_front();
      ++begin_;
    }
  }

  // Forgets what is over by `t`.
  void drop_before(ServerTime t) {
    while (!packets_.empty() && packets_.front()->at + packets_.front()->duration <= t) {
      bytes_ -= packets_.front()->bytes.size();
      packets_.pop_front();
      ++begin_;
    }
  }
  // Takes back what is not over by `t`, the newest packets; their numbers are given anew.
  void take_back(ServerTime t) {
    while (!packets_.empty() && packets_.back()->at + packets_.back()->duration > t) {
      bytes_ -= packets_.back()->bytes.size();
      packets_.pop_back();
    }
  }

  std::uint64_t begin_seq() const { return begin_; }                  // the oldest packet
  std::uint64_t end_seq() const { return begin_ + packets_.size(); }  // one past the newest
  bool empty() const { return packets_.empty(); }
  std::size_t bytes() const { return bytes_; }

  const PacketPtr& operator[](std::uint64_t seq) const {
    assert(seq >= begin_seq() && seq < end_seq());
    return packets_[seq - begin_];
  }

  // The packet that is on air at `t`: the last that begins no later; the oldest if all begin later.
  std::uint64_t seq_at(ServerTime t) const { return seq_after(t) > begin_ ? seq_after(t) - 1 : begin_; }
  // One past the last packet that begins at `t` or before.
  std::uint64_t seq_after(ServerTime t) const {
    std::uint64_t low = begin_, high = end_seq();
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      if ((*this)[middle]->at <= t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  auto begin() const { return packets_.begin(); }
  auto end() const { return packets_.end(); }

 private:
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t begin_ = 0;
  std::deque<PacketPtr> packets_;
};

}  // namespace tutti
