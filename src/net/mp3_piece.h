// MPEG frames of a file in pieces of a second. Where pieces begin follows from the file alone, so that those
// who are at the same second of a track share one.
#pragma once

#include "app/media_files.h"
#include "base/result.h"
#include "domain/audio_time.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace tutti::net {

struct Mp3Piece {
  static constexpr std::size_t kMostBytes = 64 * 1024;

  std::vector<std::uint8_t> bytes;  // whole frames of one rate, nothing between them
  Frames samples = 0;               // at most a second
  int rate = 0;                     // Hz; 0 where there are no frames
  std::int64_t next = 0;            // where the next piece begins
  bool is_last = false;             // nothing that is heard comes after it
};

// Where the music begins: behind the tags, and behind the first frame if that holds a Xing, Info or VBRI
// table. On a worker pool. Error: no frame is found in the first 16 MiB behind the tags.
Result<std::int64_t> find_mp3_begin(const app::ByteFile& file);

// The piece at `offset`, where another has ended or the music begins; what is no frame is passed over. On a
// worker pool. nullptr: the file is growing, and has not got there yet.
std::shared_ptr<const Mp3Piece> read_mp3_piece(const app::ByteFile& file, std::int64_t offset);

}  // namespace tutti::net
