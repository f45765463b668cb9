#include "app/library.h"

#include "base/log.h"
#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

// A progress line after so many more files.
constexpr std::size_t kLogEvery = 500;

// The range of `map` whose keys lie below `folder`.
template <class Map>
auto below(Map& map, const std::string& folder) {
  // '0' follows '/' in ASCII, so folder + '0' is the first key behind everything that begins with folder +
  // '/'.
  return std::ranges::subrange(map.lower_bound(folder + '/'), map.lower_bound(folder + '0'));
}

}  // namespace

Library::Library(TrackStore& store, Scanner& scanner, unsigned concurrency, Changed changed)
    : store_(store),
      scanner_(scanner),
      concurrency_(std::max(concurrency, 1u)),
      changed_(std::move(changed)) {}

Result<void> Library::load() {
  auto tracks = store_.load_tracks();
  if (!tracks) return tl::make_unexpected(tracks.error());
  index_.reserve(tracks->size());
  for (auto& track : *tracks) {
    next_id_ = std::max(next_id_, track.id.value + 1);
    path_of_[track.id.value] = track.file.path;
    index_[track.file.path] = std::move(track);
  }
  return {};
}

void Library::add_folder(const std::string& folder) {
  folders_.try_emplace(folder);
  rescan(folder);
}

void Library::rescan(const std::string& folder) {
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return;
  if (found->second.walking) {
    found->second.walk_again = true;
    return;
  }
  found->second.walking = true;
  scanner_.walk(folder, [this, folder](auto files) { on_walked(folder, std::move(files)); });
}

void Library::on_walked(const std::string& name, Result<std::vector<FileStamp>> files) {
  Folder& folder = folders_.at(name);
  folder.walking = false;
  if (!files) {
    log::warn("{}: {}", to_valid_utf8(name), files.error().message);
    files = std::vector<FileStamp>();
  }
  bool differs = !folder.walked;
  folder.walked = true;
  folder.files.clear();
  for (const auto& file : *files) {
    folder.files.insert(folder.files.end(), file.path);
    const auto known = present_.find(file.path);
    if (known != present_.end() && index_.at(file.path).file == file) continue;
    const auto bad = bad_files_.find(file.path);
    if (bad != bad_files_.end() && bad->second.file == file) continue;
    if (take_known(file)) {
      differs = true;
    } else {
      probing_[file.path] = file;
      folder.to_probe.insert(file.path);
    }
  }
  const bool lost = drop_missing(name, folder);
  if (folder.to_probe.empty() && differs) {
    log::info("{}: {} tracks", to_valid_utf8(name), tracks_in(name).size());
  } else if (!folder.to_probe.empty()) {
    log::info("{}: {} files, {} of them new", to_valid_utf8(name), folder.files.size(),
              folder.to_probe.size());
  }
  if (differs || lost) changed_(name);
  if (folder.walk_again) {
    folder.walk_again = false;
    rescan(name);
  }
  start_jobs();
}

bool Library::drop_missing(const std::string& name, Folder& folder) {
  const auto is_gone = [&](const std::string& path) {
    return path.starts_with(name + '/') && !folder.files.contains(path);
  };
  std::vector<std::string> gone;
  for (const auto& [path, id] : below(present_, name)) {
    if (is_gone(path)) gone.push_back(path);
  }
  for (const auto& path : gone) forget(path);
  std::erase_if(bad_files_, [&](const auto& bad) { return is_gone(bad.first); });
  std::erase_if(probing_, [&](const auto& file) { return is_gone(file.first); });
  std::erase_if(folder.to_probe, is_gone);
  return !gone.empty();
}

void Library::announce(const std::string& path) {
  for (auto slash = path.rfind('/'); slash != std::string::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const std::string folder = path.substr(0, slash);
    if (folders_.contains(folder)) changed_(folder);
  }
}

bool Library::take_known(const FileStamp& file) {
  const auto known = index_.find(file.path);
  if (known == index_.end() || known->second.file != file) return false;
  present_[file.path] = known->second.id;
  ++changes_;
  if (!known->second.loudness) unmeasured_.insert(known->second.id);
  return true;
}

void Library::forget(const std::string& path) {
  const auto known = present_.find(path);
  if (known == present_.end()) return;
  unmeasured_.erase(known->second);
  present_.erase(known);
  ++changes_;
}

void Library::start_jobs() {
  while (jobs_ < concurrency_ && (start_probe() || start_measurement())) ++jobs_;
}

bool Library::start_probe() {
  // A folder without a track comes first: one is enough for its stations to be on the air.
  const auto has_work = [](const auto& folder) { return !folder.second.to_probe.empty(); };
  auto best = std::ranges::find_if(folders_, has_work);
  if (best == folders_.end()) return false;
  for (auto it = best; it != folders_.end(); ++it) {
    if (has_work(*it) && below(present_, it->first).empty()) {
      best = it;
      break;
    }
  }
  const auto path = best->second.to_probe.extract(best->second.to_probe.begin()).value();
  const auto wanted = probing_.find(path);
  if (wanted == probing_.end())
    return start_probe();  // done already, for another folder that holds this file too
  const FileStamp file = wanted->second;
  scanner_.probe(file, [this, file](auto track) {
    --jobs_;
    on_probed(file, std::move(track));
    start_jobs();
  });
  return true;
}

void Library::on_probed(const FileStamp& file, Result<std::optional<Track>> track) {
  const auto wanted = probing_.find(file.path);
  if (wanted == probing_.end() || wanted->second != file) return;  // gone or written again meanwhile
  probing_.erase(wanted);
  bad_files_.erase(file.path);
  if (!track) {
    note_problem(file, track.error().message);
    forget(file.path);
  } else if (!*track) {
    bad_files_[file.path] = {file, ""};
    forget(file.path);
  } else {
    Track& fresh = **track;
    const auto known = index_.find(file.path);
    fresh.id = known != index_.end() ? known->second.id : TrackId{next_id_++};
    fresh.file = file;
    path_of_[fresh.id.value] = file.path;
    present_[file.path] = fresh.id;
    ++changes_;
    unmeasured_.insert(fresh.id);
    unmeasurable_.erase(fresh.id);
    store_.save_tracks({fresh});
    index_[file.path] = std::move(fresh);
  }
  log_progress();
  announce(file.path);  // if only that the scan is over
}

bool Library::start_measurement() {
  const auto next =
      std::ranges::find_if(unmeasured_, [this](TrackId id) { return !unmeasurable_.contains(id); });
  if (next == unmeasured_.end()) return false;
  const TrackId id = *next;
  unmeasured_.erase(next);
  const FileStamp file = index_.at(path_of_.at(id.value)).file;
  scanner_.measure(file.path, [this, id, file](auto loudness) {
    --jobs_;
    on_measured(id, file, std::move(loudness));
    start_jobs();
  });
  return true;
}

void Library::on_measured(TrackId id, const FileStamp& file, Result<Loudness> loudness) {
  const auto found = index_.find(file.path);
  if (found == index_.end() || found->second.file != file) return;  // replaced meanwhile, and queued again
  if (!loudness) {
    unmeasurable_.insert(id);
    log::debug("{}: loudness: {}", to_valid_utf8(file.path), loudness.error().message);
    return;
  }
  found->second.loudness = *loudness;
  store_.save_tracks({found->second});
}

void Library::note_problem(const FileStamp& file, std::string reason) {
  log::warn("{}: skipped: {}", to_valid_utf8(file.path), reason);
  bad_files_[file.path] = {file, std::move(reason)};
}

void Library::log_progress() {
  const Progress now = progress();
  if (now.scanning && now.scanned < logged_ + kLogEvery) return;
  logged_ = now.scanning ? now.scanned : 0;
  log::info("library: {} of {} files scanned, {} tracks, {} problems", now.scanned, now.found, now.tracks,
            now.problems);
}

std::vector<const Track*> Library::tracks_in(const std::string& folder) const {
  std::vector<const Track*> tracks;
  for (const auto& [path, id] : below(present_, folder)) tracks.push_back(&index_.at(path));
  return tracks;
}

std::vector<const Track*> Library::tracks() const {
  std::vector<const Track*> tracks;
  tracks.reserve(present_.size());
  for (const auto& [path, id] : present_) tracks.push_back(&index_.at(path));
  return tracks;
}

const Track* Library::find(TrackId id) const {
  const auto path = path_of_.find(id.value);
  return path == path_of_.end() ? nullptr : &index_.at(path->second);
}

const Track* Library::find_path(std::string_view relative) const {
  for (const auto& [name, folder] : folders_) {
    const auto found = present_.find(name + '/' + std::string(relative));
    if (found != present_.end()) return &index_.at(found->first);
  }
  return nullptr;
}

const Track* Library::first(std::string_view format) const {
  for (const auto& [path, id] : present_) {
    const Track& track = index_.at(path);
    if (format.empty() || track.format == format) return &track;
  }
  return nullptr;
}

bool Library::is_present(TrackId id) const {
  const auto path = path_of_.find(id.value);
  return path != path_of_.end() && present_.contains(path->second);
}

bool Library::is_scanning(const std::string& folder) const {
  const auto found = folders_.find(folder);
  return found != folders_.end() && (!found->second.walked || !below(probing_, folder).empty());
}

Library::Progress Library::progress() const {
  Progress out;
  out.tracks = present_.size();
  for (const auto& [path, bad] : bad_files_) out.problems += bad.reason.empty() ? 0 : 1;
  for (const auto& [name, folder] : folders_) {
    out.found += folder.files.size();
    out.scanning = out.scanning || !folder.walked;
  }
  out.scanned = out.found - std::min(out.found, probing_.size());
  out.scanning = out.scanning || !probing_.empty();
  return out;
}

std::vector<Library::Problem> Library::problems() const {
  std::vector<Problem> out;
  for (const auto& [name, folder] : folders_) {
    const std::size_t parent = name.rfind('/') + 1;
    for (const auto& [path, bad] : below(bad_files_, name)) {
      if (!bad.reason.empty()) out.push_back({to_valid_utf8(path.substr(parent)), bad.reason});
    }
  }
  return out;
}

}  // namespace tutti::app
