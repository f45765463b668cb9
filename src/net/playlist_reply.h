// `/humor.m3u` and `/humor.pls`: what a player opens to subscribe to a station.
#pragma once

#include "net/stream_request.h"

#include <optional>

namespace tutti::net {

// nullopt: the path is no station's playlist. The default station's are `/stream.m3u` and `/stream.pls`.
// `is_secure`: the address inside is https://. A `?token=` is repeated in the address inside, as a player has
// no other way to send it.
std::optional<Reply> answer_playlist(const Routes& routes, const HttpRequest& request,
                                     const protocol::RequestTarget& target, bool is_secure);

}  // namespace tutti::net
