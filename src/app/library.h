// The library: every track in the scanned folders, kept in step with the file system, and the files that
// cannot be played. Owned by the control thread.
//
// A folder is walked, what the index does not know (by path, size and time of change) is probed, a few files
// at a time; when nothing is left to probe, loudness is measured. Folders found in the index are complete at
// once.
#pragma once

#include "app/scanner.h"
#include "app/track_store.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tutti::app {

class Library {
 public:
  struct Problem {
    std::string path;  // relative to its folder, with the folder's name before it
    std::string reason;
  };
  struct Progress {
    std::size_t tracks = 0;  // that can be played now
    std::size_t problems = 0;
    std::size_t found = 0;    // files seen by the walks
    std::size_t scanned = 0;  // of those, looked at
    bool scanning = false;
  };
  // The tracks below `folder` are others than before.
  using Changed = std::function<void(const std::string& folder)>;

  // `concurrency`: how many files are probed at the same time.
  Library(TrackStore& store, Scanner& scanner, unsigned concurrency, Changed changed);

  // Reads the index. Before the first scan.
  Result<void> load();
  // Begins to hold `folder` (absolute, no trailing slash) and scans it. Again: the same as rescan.
  void add_folder(const std::string& folder);
  // Walks the folder again and takes in what changed. Calls during a walk are answered by one more walk after
  // it.
  void rescan(const std::string& folder);

  // In path order. The pointers live until the next change of the library.
  std::vector<const Track*> tracks_in(const std::string& folder) const;
  // All that are present, likewise.
  std::vector<const Track*> tracks() const;
  // Grows whenever tracks() may have become others.
  std::uint64_t changes() const { return changes_; }
  const Track* find(TrackId id) const;  // also one that left the folders; nullptr if never known
  // One that is there, by its path relative to a folder ("static/audio.mp3"); nullptr if there is none.
  const Track* find_path(std::string_view relative) const;
  // The first one in path order, of this format where that is not ""; nullptr if there is none.
  const Track* first(std::string_view format) const;
  bool is_present(TrackId id) const;
  bool is_scanning(const std::string& folder) const;  // nothing is known for certain yet
  Progress progress() const;
  std::vector<Problem> problems() const;

 private:
  struct Folder {
    bool walking = false, walk_again = false, walked = false;
    std::set<std::string> to_probe;
    std::set<std::string> files;  // as the last walk saw them
  };
  struct BadFile {
    FileStamp file;
    std::string reason;  // empty: not audio, and nobody expected it to be
  };

  void on_walked(const std::string& folder, Result<std::vector<FileStamp>> files);
  void on_probed(const FileStamp& file, Result<std::optional<Track>> track);
  void on_measured(TrackId id, const FileStamp& file, Result<Loudness> loudness);
  bool take_known(const FileStamp& file);                      // true if the index has this very version
  bool drop_missing(const std::string& name, Folder& folder);  // true if a track left
  void announce(const std::string& path);                      // to every folder that holds it
  void forget(const std::string& path);
  void start_jobs();
  bool start_probe();
  bool start_measurement();
  void note_problem(const FileStamp& file, std::string reason);
  void log_progress();

  TrackStore& store_;
  Scanner& scanner_;
  unsigned concurrency_;
  Changed changed_;

  std::map<std::string, Folder> folders_;
  std::unordered_map<std::string, Track> index_;           // by path; also files that are gone
  std::unordered_map<std::int64_t, std::string> path_of_;  // by id
  std::map<std::string, TrackId> present_;                 // by path, so that a folder is a range
  std::map<std::string, BadFile> bad_files_;               // by path
  std::map<std::string, FileStamp> probing_;               // wanted or under way, by path
  std::set<TrackId> unmeasured_;
  std::set<TrackId> unmeasurable_;
  unsigned jobs_ = 0;
  std::uint64_t changes_ = 0;
  std::int64_t next_id_ = 1;
  std::size_t logged_ = 0;
};

}  // namespace tutti::app
