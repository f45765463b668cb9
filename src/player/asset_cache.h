// Files that were downloaded, by their hash, in a folder that several players may share: whole ones, and
// pieces of those that are still coming. Whole ones that nobody has used for longest make room for others.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>

namespace tutti::player {

// A file while it comes. Nobody else writes it meanwhile.
class PartialFile {
 public:
  // Error: the folder cannot be written, or another player is bringing it.
  static Result<PartialFile> open(const std::string& path);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  // Bytes that are there, from its beginning.
  std::int64_t have() const { return have_; }
  Result<void> append(std::span<const std::uint8_t> bytes);
  Result<void> clear();
  // Of all that is there; "" where `stops` says so.
  Result<std::string> hash(const std::function<bool()>& stops) const;
  // Made durable, under its own name.
  Result<void> finish(const std::string& path);

 private:
  PartialFile(std::string path, int file, std::int64_t have)
      : path_(std::move(path)), file_(file), have_(have) {}

  std::string path_;
  int file_;
  std::int64_t have_;
};

class AssetCache {
 public:
  // `folder`: made if it is missing. `most`: bytes of whole files. Error: it cannot be made.
  static Result<AssetCache> open(std::string folder, std::int64_t most);

  // Where the file of this hash is, once it is whole.
  std::string path_of(const std::string& sha256) const;
  // Whether it is there, of this length and hash. What is spoilt is removed. False too where `stops` says so.
  bool has(const std::string& sha256, std::int64_t bytes, const std::function<bool()>& stops) const;
  Result<PartialFile> open_partial(const std::string& sha256) const;
  // So that `bytes` more have room; `kept`: hashes that stay. Error: too much is to be kept.
  Result<void> make_room(std::int64_t bytes, const std::set<std::string>& kept) const;

 private:
  AssetCache(std::string folder, std::int64_t most) : folder_(std::move(folder)), most_(most) {}

  std::string folder_;
  std::int64_t most_;
};

}  // namespace tutti::player
