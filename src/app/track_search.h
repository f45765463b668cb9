// Finds tracks of the library by words. Owned by the control thread.
#pragma once

#include "app/library.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tutti::app {

class TrackSearch {
 public:
  struct Page {
    std::size_t total = 0;  // that were found
    std::vector<const Track*> tracks;
  };

  explicit TrackSearch(const Library& library) : library_(library) {}

  // Those tracks that are there now and have every word of `words` in title, artist, album or file name,
  // however it is capitalised; all without words. In the order of their paths, from the `offset`th, at most
  // `limit`. While the library is being scanned, what it found in the last second may be missing. The
  // pointers live until the next change of the library.
  Page find(std::string_view words, std::size_t offset, std::size_t limit, ServerTime now);

  // Also one that left its folder; nullptr if there never was one.
  const Track* track(TrackId id) const { return library_.find(id); }

 private:
  struct Entry {
    TrackId id;
    const std::string* text;  // of texts_
  };
  struct Text {
    FileStamp file;
    std::string folded;
  };

  void refresh(ServerTime now);

  const Library& library_;
  std::uint64_t seen_changes_ = 0;
  ServerTime refreshed_at_;
  bool is_filled_ = false;
  std::vector<Entry> entries_;
  std::unordered_map<std::int64_t, Text> texts_;
};

}  // namespace tutti::app
