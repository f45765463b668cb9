// Gathers codec frames into packets with their times and titles.
#pragma once

#include "domain/packet.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace tutti::media {

class PacketBuilder {
 public:
  using Title = std::shared_ptr<const std::string>;
  using Output = std::function<void(PacketPtr packet)>;

  // `epoch`: when frame 0 is on air. Codec frames that end at or before `first` are dropped.
  PacketBuilder(ServerTime epoch, int rate, int frame_length, Frames first)
      : epoch_(epoch), rate_(rate), frame_length_(frame_length), first_(first) {}

  // From frame `at` on the title is this one; begins a new packet even where the text is the same.
  void mark(Frames at, Title title) { marks_.push_back({at, std::move(title)}); }
  // The codec frames follow one another without a gap.
  void add(Frames frame, std::span<const std::uint8_t> bytes, const Output& out);

 private:
  struct Mark {
    Frames at;
    Title title;
  };

  void hand_out(Frames end, const Output& out);
  ServerTime time_of(Frames frame) const { return epoch_ + duration_of(frame, rate_); }

  ServerTime epoch_;
  int rate_;
  int frame_length_;
  Frames first_;
  std::deque<Mark> marks_;
  Title title_ = std::make_shared<const std::string>();
  std::vector<std::uint8_t> bytes_;
  Frames begin_ = 0;  // of the packet being gathered
  int count_ = 0;     // codec frames in it
};

}  // namespace tutti::media
