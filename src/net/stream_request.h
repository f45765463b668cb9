// A request for a station's audio: which one, and the head of its answer.
#pragma once

#include "app/audience.h"
#include "net/reply.h"
#include "net/settings.h"

#include <map>
#include <optional>
#include <string>

namespace tutti::net {

// Stations by route; fixed while the server runs, so that I/O threads read it without asking.
using Routes = std::map<std::string, app::BroadcastId>;

struct StreamRequest {
  std::string route;
  app::BroadcastId broadcast;
  bool wants_titles = false;  // Icy-MetaData: 1
  std::string key;            // ?listener=, or empty
};

// The station that the request's path names: a route, or `/stream` and `/direct-stream` for the default
// station (or that of `?route=`). nullopt: none.
std::optional<StreamRequest> match_stream(const Routes& routes, const HttpRequest& request,
                                          const protocol::RequestTarget& target);

// A browser that opens the address as a document is to see the page; players and <audio> are to get the
// audio.
bool wants_page(const HttpRequest& request);

// Status line and headers, up to and with the empty line. The body has no length: it ends with the
// connection.
std::string stream_head(const StreamRequest& request, int bitrate, bool head_only);

}  // namespace tutti::net
