#include "player/device_output.h"

#include <cstdint>
#include <utility>

namespace tutti::player {

DeviceOutput::DeviceOutput(std::shared_ptr<PortAudio> library, AudioDevice device, Duration prebuffer)
    : library_(std::move(library)), device_(std::move(device)), prebuffer_(prebuffer) {}

Result<std::unique_ptr<Output>> DeviceOutput::make(const std::string& wanted, Duration prebuffer) {
  auto library = PortAudio::start();
  if (!library) return tl::make_unexpected(library.error());
  auto device = find_device(output_devices(), wanted);
  if (!device) return tl::make_unexpected(device.error());
  return std::unique_ptr<Output>(new DeviceOutput(std::move(*library), std::move(*device), prebuffer));
}

Result<void> DeviceOutput::open(const PcmFormat& format) {
  stream_.reset();
  playout_.emplace(format, prebuffer_);
  auto stream = DeviceStream::open(device_, format, device_.latency, *this);
  if (!stream) return tl::make_unexpected(stream.error());
  stream_ = std::move(*stream);
  return {};
}

void DeviceOutput::render(std::span<std::uint8_t> out, const DeviceMoment&) noexcept {
  playout_->render(out);
}

Result<std::size_t> DeviceOutput::write(std::span<const std::uint8_t> frames) {
  const std::size_t taken = playout_->write(frames);
  if (taken == 0 && !stream_->is_active()) {
    return fail("the audio device '" + device_.name + "' has stopped; is it still connected?");
  }
  return taken;
}

bool DeviceOutput::drained() const {
  // A device that has gone will never ask for the rest.
  return playout_->drained() || !stream_->is_active();
}

Result<void> DeviceOutput::close() {
  if (!stream_) return {};
  // Stopping waits until the device has played what it holds.
  if (playout_->drained()) {
    stream_->stop();
  } else {
    stream_->abort();
  }
  stream_.reset();
  return {};
}

}  // namespace tutti::player
