// What /pcm and /audio share on one I/O thread: open files, and the frames made of them.
#pragma once

#include "app/media_files.h"
#include "net/control.h"
#include "net/shared_files.h"
#include "protocol/audio_chunks.h"
#include "protocol/websocket_frame.h"

#include <tuple>

namespace tutti::net {

// A chunk of /pcm as it goes over the wire. The last one may hold no frames: then there is nothing to send.
struct PcmChunk {
  protocol::FramePtr frame;
  Frames frames = 0;
};

// Where a message of /audio ends.
struct AudioCut {
  std::size_t length = 0;
  protocol::MpegChunks after;
};

class MediaDoor {
 public:
  MediaDoor(WorkerPool& pool, app::MediaFiles& files, Control& control, boost::asio::any_io_executor home,
            std::string wav);

  Control& control() { return control_; }
  const std::string& wav() const { return wav_; }

  SharedFiles<app::PcmFile> pcm_files;
  SharedFiles<app::ByteFile> byte_files;
  // By serial, frames of a chunk, first frame.
  SharedCache<std::tuple<std::uint64_t, Frames, Frames>, PcmChunk> pcm_chunks;
  // By serial and offset.
  SharedCache<std::pair<std::uint64_t, std::int64_t>, AudioCut> audio_cuts;
  SharedCache<std::pair<std::uint64_t, std::int64_t>, protocol::Frame> audio_fragments;

 private:
  Control& control_;
  std::string wav_;
};

}  // namespace tutti::net
