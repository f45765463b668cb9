// The JSON and text answers that clients of the earlier radio servers read (docs/compatibility.md). On the
// control thread.
#pragma once

#include "app/station_service.h"
#include "net/reply.h"

#include <optional>

namespace tutti::net {

struct ApiRequest {
  http::verb method = http::verb::get;
  protocol::RequestTarget target;
  ServerTime now;
};

// 503 with the reason at /readyz. nullopt: it is another path, or there is no `trouble`.
std::optional<Reply> answer_trouble(const std::string& trouble, const ApiRequest& request);

// nullopt: the path is none of these.
std::optional<Reply> answer_radio_api(app::StationService& stations, const ApiRequest& request);

}  // namespace tutti::net
