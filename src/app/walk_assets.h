// The audio of a walk: finds the files, has each made into what phones download, and tells the walk. One file
// at a time. Owned by the control thread.
#pragma once

#include "app/media_files.h"
#include "app/scanner.h"
#include "domain/walk.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

// How loud an asset is where, for those who draw it (docs/protocol.md). 42 bytes a second of audio.
struct AssetPicture {
  Frames step = 0;                   // samples of a point
  std::vector<std::uint8_t> points;  // two bytes each
};

// Port: makes assets, and keeps them. Implemented over media/ by the server's wiring; every answer arrives on
// the control thread, never within the call.
class AssetMaker {
 public:
  struct Made {
    std::shared_ptr<const ByteFile> file;
    std::int64_t bytes = 0;
    std::string sha256;
    Frames delay = 0;
    std::shared_ptr<const AssetPicture> picture;
  };
  using Done = std::function<void(Result<Made>)>;

  virtual ~AssetMaker() = default;
  // From what was made before, or anew. `source`'s frames and rate are known.
  virtual void make(const Track& source, Done done) = 0;
  // Samples of the asset, of a source of so many frames.
  virtual Frames length(const Track& source) const = 0;
};

class WalkAssets {
 public:
  struct Plan {
    std::string folder;                         // its audio is the walk's; or:
    std::optional<FileStamp> file;              // only this one, as it is
    std::map<std::string, std::string> titles;  // by id; else the file's own, else its name
  };
  using Changed = std::function<void(std::vector<WalkAsset>)>;

  WalkAssets(Scanner& scanner, AssetMaker& maker, Changed changed)
      : scanner_(scanner), maker_(maker), changed_(std::move(changed)) {}

  void open(Plan plan);
  // Files of the folder may be others now.
  void rescan(const std::string& folder);
  // What is downloaded; nullptr: there is none of this id, or it is not ready.
  const AssetMaker::Made* find(const std::string& id) const;

 private:
  struct File {
    FileStamp stamp;
    bool is_probed = false;
    std::optional<Track> track;  // absent once probed: it is no audio
    std::optional<AssetMaker::Made> made;
    bool is_broken = false;
  };

  void walk();
  void on_walked(Result<std::vector<FileStamp>> files);
  void go_on();
  void probe(const File& file);
  void make(const File& file);
  File* current(const FileStamp& stamp);
  void tell();

  Scanner& scanner_;
  AssetMaker& maker_;
  Changed changed_;
  Plan plan_;
  bool is_walking_ = false, walk_again_ = false, is_busy_ = false;
  std::map<std::string, File> files_;         // by path
  std::map<std::string, std::string> paths_;  // by id
};

}  // namespace tutti::app
