// GET /api/v1/library/tracks and …/tracks/ID: what the track ids of players and stations mean (docs/api.md).
// On the control thread.
#pragma once

#include "app/track_search.h"
#include "net/radio_api.h"

#include <optional>

#include <boost/json/object.hpp>

namespace tutti::net {

// Where a track's picture is.
std::string cover_path(TrackId id);

// nullopt: the path is another.
std::optional<Reply> answer_library_api(app::TrackSearch& tracks, const ApiRequest& request);

}  // namespace tutti::net
