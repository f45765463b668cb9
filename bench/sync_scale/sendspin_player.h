// Sendspin v1 over WebSocket, as a player with a controller and a display of titles.
#pragma once

#include "sync_scale/player.h"

#include <cstddef>
#include <vector>

namespace sync_scale {

class SendspinPlayer : public Player {
 public:
  // `capacity`: bytes of its buffer.
  SendspinPlayer(std::size_t number, bool is_opus, long capacity)
      : number_(number), is_opus_(is_opus), capacity_(capacity) {}

  std::string opening() override;
  std::string question(Micros now) override;
  std::string take(std::span<const std::uint8_t> bytes, Micros now) override;

 private:
  std::size_t wanted() const;
  void on_frame(Micros now, std::string& answer);
  void on_text(std::string_view text, Micros now, std::string& answer);

  std::size_t number_;
  bool is_opus_;
  long capacity_;
  bool is_upgraded_ = false, is_greeted_ = false;
  std::vector<std::uint8_t> head_;  // what of a frame is looked at: all of a text's, and the begin of a chunk
  std::size_t skipped_ = 0;         // bytes to come that are not
};

}  // namespace sync_scale
