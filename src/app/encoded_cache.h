// Encoded tracks on disk, bounded: what is not MP3 is encoded once, whole, and then streamed to every
// listener of an individual station. The one used longest ago makes room; what somebody listens to does not.
// Owned by the control thread.
#pragma once

#include "app/mp3_files.h"
#include "domain/track.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace tutti::app {

class EncodedCache {
 public:
  struct Settings {
    Encoding encoding;
    std::int64_t max_bytes = std::int64_t{1} << 30;
    unsigned most_jobs = 1;  // for listeners, at the same time
  };

  EncodedCache(EncodedFiles& files, Settings settings) : files_(files), settings_(settings) {}

  // Takes in what earlier starts have left. Once, first.
  void load();

  // For a listener, who may begin while it is still being encoded. Error: it cannot be encoded, or not now:
  // the encoders are busy, or everything in the cache is being listened to.
  void open(const Track& track, Mp3Files::Opened done);
  // Ahead of need: begins to encode it where there is room for more. True if it did; one at a time.
  bool prepare(const Track& track);
  // Nothing more is to be prepared: the cache is full, or one is being prepared.
  bool is_preparing() const { return preparing_ || is_full_; }

  std::int64_t bytes() const { return bytes_; }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::int64_t bytes = 0;  // an estimate while it is being encoded
    std::uint64_t used = 0;  // the higher, the later
    bool encoding = false;
    std::weak_ptr<const ByteFile> file;  // whoever listens to it
  };

  std::string name_of(const Track& track) const;
  std::int64_t estimate(const Track& track) const;
  bool make_room(std::int64_t bytes);
  Result<Mp3Source> start(const Track& track, const std::string& name, bool urgent);
  void on_ended(const std::string& name, const std::string& path, bool urgent,
                const Result<std::int64_t>& bytes);
  void forget(const std::string& name);

  EncodedFiles& files_;
  Settings settings_;
  std::map<std::string, Entry> entries_;  // by name
  std::set<std::string> broken_;          // names of what could not be encoded
  std::int64_t bytes_ = 0;
  std::uint64_t uses_ = 0;
  unsigned jobs_ = 0;  // urgent ones
  bool preparing_ = false;
  bool is_full_ = false;
};

}  // namespace tutti::app
