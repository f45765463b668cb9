#include "app/track_search.h"

#include "base/fold_case.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

constexpr Duration kRefreshEvery = std::chrono::seconds(1);

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace

void TrackSearch::refresh(ServerTime now) {
  const bool is_fresh = is_filled_ && library_.changes() == seen_changes_;
  const bool is_fresh_enough = is_filled_ && now - refreshed_at_ < kRefreshEvery;
  if (is_fresh || is_fresh_enough) return;
  is_filled_ = true;
  seen_changes_ = library_.changes();
  refreshed_at_ = now;
  entries_.clear();
  for (const Track* track : library_.tracks()) {
    Text& text = texts_[track->id.value];
    if (text.folded.empty() || text.file != track->file) {
      const auto& tags = track->tags;
      text = {track->file,
              fold_case(tags.title + "\n" + tags.artist + "\n" + tags.album + "\n" + file_name(*track))};
    }
    entries_.push_back({track->id, &text.folded});
  }
}

TrackSearch::Page TrackSearch::find(std::string_view words, std::size_t offset, std::size_t limit,
                                    ServerTime now) {
  refresh(now);
  const auto wanted = split(fold_case(words));
  Page page;
  for (const auto& entry : entries_) {
    const auto is_in = [&](const std::string& word) { return entry.text->find(word) != std::string::npos; };
    if (!std::all_of(wanted.begin(), wanted.end(), is_in)) continue;
    const std::size_t place = page.total++;
    if (place < offset || page.tracks.size() >= limit) continue;
    if (const Track* track = library_.find(entry.id)) page.tracks.push_back(track);
  }
  return page;
}

}  // namespace tutti::app
