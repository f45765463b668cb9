// A device that nobody hears: takes samples at the pace of the clock, as a real one does. For trying things
// out, and where there is no device.
#pragma once

#include "player/output.h"
#include "player/paced_thread.h"
#include "player/playout.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tutti::player {

class NullOutput : public Output {
 public:
  explicit NullOutput(Duration prebuffer) : prebuffer_(prebuffer) {}

  std::string name() const override { return "null"; }
  bool is_paced() const override { return true; }
  Result<void> open(const PcmFormat& format) override;
  Result<std::size_t> write(std::span<const std::uint8_t> frames) override { return playout_->write(frames); }
  void end() override { playout_->end(); }
  bool drained() const override { return playout_->drained(); }
  Result<void> close() override;
  OutputStatus status() const override { return playout_ ? playout_->status() : OutputStatus{}; }

 private:
  Duration prebuffer_;
  std::optional<Playout> playout_;
  std::vector<std::uint8_t> heard_;
  PacedThread thread_;  // uses both of the above
};

}  // namespace tutti::player
