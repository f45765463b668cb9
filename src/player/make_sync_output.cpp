#include "player/device_sync_output.h"
#include "player/paced_sync_output.h"

namespace tutti::player {

Result<std::unique_ptr<SyncOutput>> make_sync_output(const SyncOutputChoice& choice) {
  if (choice.name == "null") {
    return std::unique_ptr<SyncOutput>(
        std::make_unique<PacedSyncOutput>(nullptr, choice.recorded, choice.drift));
  }
  if (!is_recording(choice.name)) return DeviceSyncOutput::make(choice.name);
  auto recording = make_output({choice.name, Duration(0)});
  if (!recording) return tl::make_unexpected(recording.error());
  return std::unique_ptr<SyncOutput>(
      std::make_unique<PacedSyncOutput>(std::move(*recording), choice.recorded, choice.drift));
}

}  // namespace tutti::player
