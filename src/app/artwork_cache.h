// Artwork that displays have asked for: made once per file, kind and size, whoever asks, and kept while there
// is room; what was asked for longest ago goes first. Owned by the control thread.
#pragma once

#include "app/artwork_source.h"

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace tutti::app {

class ArtworkCache : public ArtworkSource {
 public:
  // Runs what it is given later, on the control thread.
  using Later = std::function<void(std::function<void()>)>;
  // A picture that takes less counts as this, so that the number of entries is bounded too.
  static constexpr std::size_t kEntryBytes = 4096;

  // `maker` outlives this, and answers nothing any more when this has gone.
  ArtworkCache(ArtworkSource& maker, Later later, std::size_t max_bytes)
      : maker_(maker), later_(std::move(later)), max_bytes_(max_bytes) {}

  void read_artwork(const FileStamp& file, const ArtworkFormat& format, Done done) override;
  std::size_t bytes() const { return bytes_; }

 private:
  struct Key {
    std::string path;
    std::int64_t size, mtime_ns;
    ArtworkFormat format;

    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Kept {
    ArtworkPtr artwork;
    std::list<Key>::iterator use;
  };

  void on_made(const Key& key, Result<ArtworkPtr> made);
  static std::size_t cost_of(const ArtworkPtr& artwork);

  ArtworkSource& maker_;
  Later later_;
  std::size_t max_bytes_;
  std::map<Key, Kept> kept_;
  std::list<Key> uses_;  // the latest first
  std::map<Key, std::vector<Done>> waiting_;
  std::size_t bytes_ = 0;
};

}  // namespace tutti::app
