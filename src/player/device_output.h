// An audio device, by PortAudio.
#pragma once

#include "player/device_stream.h"
#include "player/output.h"
#include "player/playout.h"
#include "player/portaudio.h"

#include <memory>
#include <optional>

namespace tutti::player {

class DeviceOutput : public Output, private DeviceSource {
 public:
  // `wanted`: see find_device.
  static Result<std::unique_ptr<Output>> make(const std::string& wanted, Duration prebuffer);

  std::string name() const override { return device_.name; }
  bool is_paced() const override { return true; }
  Result<void> open(const PcmFormat& format) override;
  Result<std::size_t> write(std::span<const std::uint8_t> frames) override;
  void end() override { playout_->end(); }
  bool drained() const override;
  Result<void> close() override;
  OutputStatus status() const override { return playout_ ? playout_->status() : OutputStatus{}; }

 private:
  DeviceOutput(std::shared_ptr<PortAudio> library, AudioDevice device, Duration prebuffer);

  void render(std::span<std::uint8_t> out, const DeviceMoment& moment) noexcept override;

  std::shared_ptr<PortAudio> library_;
  AudioDevice device_;
  Duration prebuffer_;
  std::optional<Playout> playout_;
  std::unique_ptr<DeviceStream> stream_;  // null while closed; reads playout_
};

}  // namespace tutti::player
