// A broadcast as one I/O thread holds it: the packets, and what each protocol frames once for all listeners.
#pragma once

#include "domain/packet_ring.h"
#include "protocol/icy.h"

#include <deque>
#include <utility>

namespace tutti::net {

class FeedRing {
 public:
  explicit FeedRing(std::size_t max_bytes) : packets_(max_bytes) {}

  void push(PacketPtr packet) {
    const bool same_title = !blocks_.empty() && packet->title == title_;
    if (!same_title) {
      title_ = packet->title;
      blocks_.push_back(title_ ? protocol::icy_metadata_block(*title_) : nullptr);
    } else {
      blocks_.push_back(blocks_.back());
    }
    packets_.push(std::move(packet));
    while (blocks_.size() > packets_.end_seq() - packets_.begin_seq()) blocks_.pop_front();
  }

  const PacketRing& packets() const { return packets_; }
  const protocol::IcyBlockPtr& icy_block(std::uint64_t seq) const {
    return blocks_[seq - packets_.begin_seq()];
  }

 private:
  PacketRing packets_;
  std::shared_ptr<const std::string> title_;  // of the newest packet
  std::deque<protocol::IcyBlockPtr> blocks_;  // one per packet
};

}  // namespace tutti::net
