#include "app/walk_assets.h"

#include "base/log.h"
#include "base/utf8.h"
#include "domain/walk_id.h"

#include <algorithm>
#include <utility>

namespace tutti::app {

void WalkAssets::open(Plan plan) {
  plan_ = std::move(plan);
  walk();
}

void WalkAssets::rescan(const std::string& folder) {
  if (!folder.empty() && folder == plan_.folder) walk();
}

void WalkAssets::walk() {
  if (std::exchange(is_walking_, true)) {
    walk_again_ = true;
    return;
  }
  if (plan_.file) return on_walked(std::vector{*plan_.file});
  scanner_.walk(plan_.folder, [this](auto files) { on_walked(std::move(files)); });
}

void WalkAssets::on_walked(Result<std::vector<FileStamp>> files) {
  is_walking_ = false;
  if (!files) {
    log::error("the walk's folder cannot be read: {}", files.error().message);
    return;
  }
  std::map<std::string, File> found;
  for (auto& stamp : *files) {
    const auto known = files_.find(stamp.path);
    const std::string path = stamp.path;
    if (known != files_.end() && known->second.stamp == stamp) {
      found.emplace(path, std::move(known->second));
    } else {
      found[path].stamp = std::move(stamp);
    }
  }
  files_ = std::move(found);
  tell();
  if (std::exchange(walk_again_, false)) return walk();
  go_on();
}

WalkAssets::File* WalkAssets::current(const FileStamp& stamp) {
  const auto found = files_.find(stamp.path);
  return found != files_.end() && found->second.stamp == stamp ? &found->second : nullptr;
}

// All are looked at first, so that the list is soon whole; then they are made, one by one.
void WalkAssets::go_on() {
  if (is_busy_) return;
  for (const auto& [path, file] : files_) {
    if (!file.is_probed) return probe(file);
  }
  for (const auto& [path, file] : files_) {
    if (file.track && !file.made && !file.is_broken) return make(file);
  }
}

void WalkAssets::probe(const File& file) {
  is_busy_ = true;
  const FileStamp stamp = file.stamp;
  scanner_.probe(stamp, [this, stamp](Result<std::optional<Track>> probed) {
    is_busy_ = false;
    if (File* known = current(stamp)) {
      known->is_probed = true;
      if (!probed) {
        log::warn("the walk goes without {}: {}", to_valid_utf8(stamp.path), probed.error().message);
      } else if (*probed && (*probed)->rate > 0 && (*probed)->frames > 0) {
        known->track = std::move(**probed);
        tell();
      }
    }
    go_on();
  });
}

void WalkAssets::make(const File& file) {
  is_busy_ = true;
  const FileStamp stamp = file.stamp;
  maker_.make(*file.track, [this, stamp](Result<AssetMaker::Made> made) {
    is_busy_ = false;
    if (File* known = current(stamp)) {
      if (made) {
        known->made = std::move(*made);
        log::info("the walk: {} is ready, {} bytes", to_valid_utf8(stamp.path), known->made->bytes);
      } else {
        known->is_broken = true;
        log::error("the walk goes without {}: {}", to_valid_utf8(stamp.path), made.error().message);
      }
      tell();
    }
    go_on();
  });
}

const AssetMaker::Made* WalkAssets::find(const std::string& id) const {
  const auto path = paths_.find(id);
  if (path == paths_.end()) return nullptr;
  const auto file = files_.find(path->second);
  return file != files_.end() && file->second.made ? &*file->second.made : nullptr;
}

void WalkAssets::tell() {
  std::vector<WalkAsset> out;
  paths_.clear();
  for (const auto& [path, file] : files_) {
    if (!file.track || file.is_broken) continue;
    const std::string stem = walk_id(path);
    std::string id = stem;
    for (int n = 2; paths_.contains(id); ++n) id = stem + "-" + std::to_string(n);
    paths_[id] = path;
    WalkAsset asset;
    asset.id = id;
    const auto title = plan_.titles.find(id);
    const std::string own = to_valid_utf8(file.track->tags.title);
    asset.title = title != plan_.titles.end() ? title->second
                  : own.empty()               ? to_valid_utf8(file_stem(path))
                                              : own;
    asset.frames = maker_.length(*file.track);
    if (file.made) {
      asset.is_ready = true;
      asset.bytes = file.made->bytes;
      asset.sha256 = file.made->sha256;
      asset.delay = file.made->delay;
    }
    out.push_back(std::move(asset));
  }
  changed_(std::move(out));
}

}  // namespace tutti::app
