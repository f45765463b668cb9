#include "player/device_sync_output.h"

#include <algorithm>
#include <utility>

namespace tutti::player {
namespace {

// When a frame is heard is known, however long it takes to get there. So buffers may be long enough that a
// busy machine does not empty them, as those of a player whose sound has to come at once may not.
constexpr double kLeastLatency = 0.1;  // seconds

}  // namespace

DeviceSyncOutput::DeviceSyncOutput(std::shared_ptr<PortAudio> library, AudioDevice device)
    : library_(std::move(library)), device_(std::move(device)) {}

Result<std::unique_ptr<SyncOutput>> DeviceSyncOutput::make(const std::string& wanted) {
  auto library = PortAudio::start();
  if (!library) return tl::make_unexpected(library.error());
  auto device = find_device(output_devices(), wanted);
  if (!device) return tl::make_unexpected(device.error());
  return std::unique_ptr<SyncOutput>(new DeviceSyncOutput(std::move(*library), std::move(*device)));
}

Result<void> DeviceSyncOutput::open(SyncEngine& engine) {
  stream_.reset();
  engine_ = &engine;
  const auto format = pcm_format(engine.rate(), static_cast<int>(engine.channels()), SampleFormat::f32);
  auto stream = DeviceStream::open(device_, format, std::max(device_.latency, kLeastLatency), *this);
  if (!stream) return tl::make_unexpected(stream.error());
  stream_ = std::move(*stream);
  return {};
}

// PortAudio's buffers are as aligned as the samples that they are made of.
void DeviceSyncOutput::render(std::span<std::uint8_t> out, const DeviceMoment& moment) noexcept {
  const std::span<float> samples(reinterpret_cast<float*>(out.data()), out.size() / sizeof(float));
  engine_->render(samples, moment.heard, moment.after_gap);
}

Result<void> DeviceSyncOutput::close() {
  if (stream_) stream_->abort();
  stream_.reset();
  return {};
}

Result<void> DeviceSyncOutput::check() {
  if (!stream_ || stream_->is_active()) return {};
  return fail("the audio device '" + device_.name + "' has stopped; is it still connected?");
}

}  // namespace tutti::player
