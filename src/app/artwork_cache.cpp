#include "app/artwork_cache.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

constexpr std::size_t kMostWaiting = 1000;  // for one picture

}  // namespace

void ArtworkCache::read_artwork(const FileStamp& file, const ArtworkFormat& format, Done done) {
  Key key{file.path, file.size, file.mtime_ns, format};
  // All that ask for more than there is ask for the same.
  key.format.width = std::clamp(format.width, 1, ArtworkFormat::kLargestSide);
  key.format.height = std::clamp(format.height, 1, ArtworkFormat::kLargestSide);
  if (const auto known = kept_.find(key); known != kept_.end()) {
    uses_.splice(uses_.begin(), uses_, known->second.use);
    later_([artwork = known->second.artwork, done = std::move(done)] { done(artwork); });
    return;
  }
  auto& waiting = waiting_[key];
  if (waiting.size() >= kMostWaiting) {
    later_([done = std::move(done)] { done(fail("too many wait for this picture; try again")); });
    return;
  }
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) return;
  maker_.read_artwork(file, key.format,
                      [this, key](Result<ArtworkPtr> made) { on_made(key, std::move(made)); });
}

void ArtworkCache::on_made(const Key& key, Result<ArtworkPtr> made) {
  auto waiting = waiting_.extract(key);
  if (made && cost_of(*made) <= max_bytes_) {
    uses_.push_front(key);
    kept_[key] = {*made, uses_.begin()};
    bytes_ += cost_of(*made);
    while (bytes_ > max_bytes_) {
      const auto oldest = kept_.find(uses_.back());
      bytes_ -= cost_of(oldest->second.artwork);
      kept_.erase(oldest);
      uses_.pop_back();
    }
  }
  for (const Done& done : waiting.mapped()) done(made);
}

std::size_t ArtworkCache::cost_of(const ArtworkPtr& artwork) {
  return std::max(kEntryBytes, artwork ? artwork->bytes.size() : 0);
}

}  // namespace tutti::app
