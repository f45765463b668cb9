// One audio file of the library.
#pragma once

#include "domain/audio_time.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace tutti {

// Given once per path by the library's index and kept for as long as the index lives.
struct TrackId {
  std::int64_t value = 0;
  friend auto operator<=>(const TrackId&, const TrackId&) = default;
};

struct Tags {
  std::string title, artist, album;  // UTF-8; empty where the file says nothing
  int year = 0, number = 0;          // 0 where the file says nothing
  bool has_cover = false;
  std::string album_artist = {};  // of the whole album, where that is not the artist

  friend bool operator==(const Tags&, const Tags&) = default;
};

// EBU R 128, of the whole track.
struct Loudness {
  double integrated_lufs = 0;
  double true_peak_dbtp = 0;

  friend bool operator==(const Loudness&, const Loudness&) = default;
};

// What tells a file from its next version.
struct FileStamp {
  std::string path;           // absolute; bytes as the file system has them, not always UTF-8
  std::int64_t size = 0;      // bytes
  std::int64_t mtime_ns = 0;  // nanoseconds since the Unix epoch

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct Track {
  TrackId id;
  FileStamp file;
  std::string format;  // container and codec, for people: "mp3", "ogg/opus"
  Frames frames = 0;   // exact length at `rate`, encoder delay and padding taken off
  int rate = 0;        // Hz
  int channels = 0;
  Tags tags;
  std::optional<Loudness> loudness;  // measured later, in the background

  friend bool operator==(const Track&, const Track&) = default;
};

// The title for people: the tag, else the file's name without its ending. Always valid UTF-8.
std::string display_title(const Track& track);
// "Artist - Title" where the artist is known, else the title.
std::string stream_title(const Track& track);
// The file's name with its ending, as valid UTF-8.
std::string file_name(const Track& track);

}  // namespace tutti
