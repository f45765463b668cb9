// Snapcast's binary protocol, version 2, as snapclient 0.26 speaks it. Source: Snapcast's
// doc/binary_protocol.md.
#pragma once

#include "sync_scale/player.h"

#include <cstddef>
#include <vector>

namespace sync_scale {

class SnapcastPlayer : public Player {
 public:
  SnapcastPlayer(std::size_t number, bool is_opus) : number_(number), is_opus_(is_opus) {}

  std::string opening() override;
  std::string question(Micros now) override;
  std::string take(std::span<const std::uint8_t> bytes, Micros now) override;

 private:
  std::size_t wanted() const;
  void on_message(Micros now);

  std::size_t number_;
  bool is_opus_;
  bool is_greeted_ = false;
  std::uint16_t next_id_ = 0;
  std::vector<std::uint8_t> head_;  // what of a message is looked at
  std::size_t skipped_ = 0;         // bytes to come that are not
};

}  // namespace sync_scale
