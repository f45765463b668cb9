#include "net/media_mounts.h"

#include "net/audio_handler.h"
#include "net/io_thread.h"
#include "net/pcm_handler.h"

#include <memory>
#include <vector>

namespace tutti::net {
namespace {

// One door per I/O thread, made when its first connection comes; each is used by its thread only.
class MediaDoors {
 public:
  MediaDoors(WorkerPool& pool, app::MediaFiles& files, Control& control, unsigned io_threads, std::string wav)
      : pool_(pool), files_(files), control_(control), wav_(std::move(wav)), doors_(io_threads) {}

  MediaDoor& of(IoThread& thread) {
    auto& door = doors_.at(thread.index());
    if (!door) {
      door = std::make_unique<MediaDoor>(pool_, files_, control_, thread.context().get_executor(), wav_);
    }
    return *door;
  }

 private:
  WorkerPool& pool_;
  app::MediaFiles& files_;
  Control& control_;
  std::string wav_;
  std::vector<std::unique_ptr<MediaDoor>> doors_;
};

}  // namespace

void mount_media(WebSocketMounts& mounts, WorkerPool& pool, app::MediaFiles& files, Control& control,
                 unsigned io_threads, const std::string& wav) {
  const auto doors = std::make_shared<MediaDoors>(pool, files, control, io_threads, wav);
  WebSocketLimits limits;
  limits.max_message = 16 * 1024;
  limits.frames_per_second = 20;
  limits.frames_at_once = 40;
  // There is a chunk or a fragment in there, and answers to what the client says meanwhile.
  limits.outbox_bytes = 4 << 20;
  limits.outbox_frames = 64;
  WebSocketMount pcm;
  pcm.limits = limits;
  pcm.checks_origin = false;
  pcm.is_audio = true;
  pcm.admit = admit_everybody([doors](const WebSocketRequest& request, WebSocket& socket) {
    PcmHandler::Wanted wanted{std::string(request.target.parameter("track")),
                              request.target.parameter("chunk_frames"),
                              request.target.parameter("first_frame")};
    return std::make_unique<PcmHandler>(socket, doors->of(request.thread), std::move(wanted));
  });
  mounts.add("/pcm", std::move(pcm));
  WebSocketMount audio;
  audio.limits = limits;
  audio.checks_origin = false;
  audio.is_audio = true;
  audio.admit = admit_everybody([doors](const WebSocketRequest& request, WebSocket& socket) {
    return std::make_unique<AudioHandler>(socket, doors->of(request.thread),
                                          std::string(request.target.parameter("track")));
  });
  mounts.add("/audio", std::move(audio));
}

}  // namespace tutti::net
