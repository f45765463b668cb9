#include "app/encoded_cache.h"

#include "base/log.h"
#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace tutti::app {

void EncodedCache::load() {
  for (const auto& stored : files_.list()) {
    entries_[stored.name] = {stored.bytes, ++uses_, false, {}};
    bytes_ += stored.bytes;
  }
  make_room(0);  // the bound may be another than last time
}

// The name tells of which version of which file and how: a changed file is another.
std::string EncodedCache::name_of(const Track& track) const {
  return fmt::format("{}-{:x}-{:x}-{}-{}", track.id.value, track.file.size, track.file.mtime_ns,
                     settings_.encoding.rate, settings_.encoding.bitrate);
}

std::int64_t EncodedCache::estimate(const Track& track) const {
  constexpr std::int64_t kMargin = 16 * 1024;
  const double seconds = static_cast<double>(track.frames) / std::max(track.rate, 1);
  return static_cast<std::int64_t>(seconds * settings_.encoding.bitrate / 8) + kMargin;
}

bool EncodedCache::make_room(std::int64_t bytes) {
  using Item = std::map<std::string, Entry>::iterator;
  std::vector<Item> free;
  std::int64_t could_be_freed = 0;
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    if (it->second.encoding || !it->second.file.expired()) continue;
    free.push_back(it);
    could_be_freed += it->second.bytes;
  }
  if (bytes_ - could_be_freed + bytes > settings_.max_bytes && bytes > 0) return false;
  std::ranges::sort(free, {}, [](const Item& item) { return item->second.used; });
  for (const Item& item : free) {
    if (bytes_ + bytes <= settings_.max_bytes) break;
    files_.remove(item->first);
    bytes_ -= item->second.bytes;
    entries_.erase(item);
  }
  return true;
}

void EncodedCache::open(const Track& track, Mp3Files::Opened done) {
  const std::string name = name_of(track);
  if (broken_.contains(name)) return done(fail("it cannot be encoded"));
  const auto found = entries_.find(name);
  if (found == entries_.end()) return done(start(track, name, true));
  found->second.used = ++uses_;
  if (auto file = found->second.file.lock()) return done(Mp3Source{std::move(file), 0});
  files_.open(name, [this, name, track, done = std::move(done)](Result<Mp3Source> source) {
    if (source) {
      const auto entry = entries_.find(name);
      if (entry != entries_.end()) entry->second.file = source->file;
      return done(std::move(source));
    }
    log::info("encoded anew: {}: {}", to_valid_utf8(track.file.path), source.error().message);
    forget(name);
    done(start(track, name, true));
  });
}

bool EncodedCache::prepare(const Track& track) {
  if (is_preparing()) return false;
  const std::string name = name_of(track);
  if (entries_.contains(name) || broken_.contains(name)) return false;
  // Ahead of need nothing is thrown out, or the cache would turn over for ever.
  is_full_ = bytes_ + estimate(track) > settings_.max_bytes;
  return !is_full_ && start(track, name, false).has_value();
}

Result<Mp3Source> EncodedCache::start(const Track& track, const std::string& name, bool urgent) {
  if (entries_.contains(name)) return fail("it is being opened");  // by another listener, in this moment
  if (urgent && jobs_ >= settings_.most_jobs) return fail("the encoders are busy");
  if (!make_room(estimate(track))) return fail("the cache of encoded tracks is full of what is being heard");
  const Frames length = rescale(track.frames, track.rate, settings_.encoding.rate);
  auto source =
      files_.encode({track.id, track.file.path, "", 0, length}, settings_.encoding, name, urgent,
                    [this, name, path = track.file.path, urgent](const Result<std::int64_t>& bytes) {
                      on_ended(name, path, urgent, bytes);
                    });
  entries_[name] = {estimate(track), ++uses_, true, source.file};
  bytes_ += entries_[name].bytes;
  if (urgent) {
    ++jobs_;
  } else {
    preparing_ = true;
  }
  return source;
}

void EncodedCache::on_ended(const std::string& name, const std::string& path, bool urgent,
                            const Result<std::int64_t>& bytes) {
  if (urgent) {
    --jobs_;
  } else {
    preparing_ = false;
  }
  if (!bytes) {
    log::warn("{} cannot be encoded: {}", to_valid_utf8(path), bytes.error().message);
    broken_.insert(name);
    return forget(name);
  }
  Entry& entry = entries_[name];
  bytes_ += *bytes - entry.bytes;
  entry.bytes = *bytes;
  entry.encoding = false;
}

void EncodedCache::forget(const std::string& name) {
  const auto entry = entries_.find(name);
  if (entry == entries_.end()) return;
  bytes_ -= entry->second.bytes;
  entries_.erase(entry);
  files_.remove(name);
  is_full_ = false;
}

}  // namespace tutti::app
