#include "net/media_door.h"

#include <utility>

namespace tutti::net {
namespace {

// Of the latest frames, beyond what is on its way to somebody. Listeners of one file who began within this
// much of each other share its reading.
constexpr std::size_t kSoundKept = 8 << 20;
constexpr std::size_t kCutsKept = 1 << 16;

}  // namespace

MediaDoor::MediaDoor(WorkerPool& pool, app::MediaFiles& files, Control& control,
                     boost::asio::any_io_executor home, std::string wav)
    : pcm_files(pool, home, [&files](const std::string& path) { return files.open_pcm(path); }),
      byte_files(pool, home, [&files](const std::string& path) { return files.open_bytes(path); }),
      pcm_chunks(pool, home, kSoundKept),
      audio_cuts(pool, home, kCutsKept),
      audio_fragments(pool, home, kSoundKept),
      control_(control),
      wav_(std::move(wav)) {}

}  // namespace tutti::net
