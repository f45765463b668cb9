// A device that is made of a clock and plays into a file, a pipe, or to nobody: sync can be tried, and
// measured to the sample, where there is no device.
#pragma once

#include "player/paced_thread.h"
#include "player/sync_output.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace tutti::player {

class PacedSyncOutput : public SyncOutput {
 public:
  // `recording`: takes what is heard, as it comes; nullptr: nobody.
  PacedSyncOutput(std::unique_ptr<Output> recording, SampleFormat format, double drift)
      : recording_(std::move(recording)), format_(format), drift_(drift) {}
  ~PacedSyncOutput() override { static_cast<void>(close()); }

  std::string name() const override { return recording_ ? recording_->name() : "null"; }
  Result<void> open(SyncEngine& engine) override;
  Result<void> close() override;
  Result<void> check() override;

 private:
  void render(SyncEngine& engine, Frames first, std::span<float> out);

  std::unique_ptr<Output> recording_;
  SampleFormat format_;
  double drift_;
  std::vector<float> heard_;
  std::vector<std::uint8_t> bytes_;
  bool is_open_ = false;
  std::optional<PcmFormat> written_;  // of the recording
  Error problem_;                     // of the thread, until it is set,
  std::atomic<bool> has_failed_{false};
  PacedThread thread_;  // uses all of the above
};

}  // namespace tutti::player
