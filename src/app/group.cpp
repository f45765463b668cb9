#include "app/group.h"

namespace tutti::app {

bool is_told(const NowPlayingPtr& told, const NowPlaying& now) {
  if (!told) return false;
  // The same track, only later: nothing that a client could not reckon.
  NowPlaying known = *told;
  const bool is_on_course =
      now.is_moving ? now.at - now.position == known.at - known.position : now.position == known.position;
  known.at = now.at;
  known.position = now.position;
  return known == now && (is_on_course || !now.has_track);
}

}  // namespace tutti::app
