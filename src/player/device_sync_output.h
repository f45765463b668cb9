// An audio device that plays in sync, by PortAudio.
#pragma once

#include "player/device_stream.h"
#include "player/sync_output.h"

#include <memory>

namespace tutti::player {

class DeviceSyncOutput : public SyncOutput, private DeviceSource {
 public:
  // `wanted`: see find_device.
  static Result<std::unique_ptr<SyncOutput>> make(const std::string& wanted);

  std::string name() const override { return device_.name; }
  Result<void> open(SyncEngine& engine) override;
  Result<void> close() override;
  Result<void> check() override;

 private:
  DeviceSyncOutput(std::shared_ptr<PortAudio> library, AudioDevice device);
  void render(std::span<std::uint8_t> out, const DeviceMoment& moment) noexcept override;

  std::shared_ptr<PortAudio> library_;
  AudioDevice device_;
  SyncEngine* engine_ = nullptr;
  std::unique_ptr<DeviceStream> stream_;  // null while closed
};

}  // namespace tutti::player
