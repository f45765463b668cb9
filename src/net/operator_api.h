// What an operator does to a station that is on the air, at the paths of the earlier radio servers
// (docs/compatibility.md).
#pragma once

#include "app/station_service.h"
#include "net/reply.h"

#include <optional>
#include <string>

namespace tutti::net {

struct OperatorAction {
  enum class Kind { next, previous, shuffle, shuffle_on, shuffle_off, clear_history };

  Kind kind = Kind::next;
  std::string route;  // normalised
};

// `/next-track/ROUTE`, `/prev-track/ROUTE`, `/shuffle-playlist/ROUTE`, `/set-shuffle/ROUTE/on` (`off`),
// `/clear-history/ROUTE`. Without a ROUTE it is the station at "/". nullopt: none of these.
std::optional<OperatorAction> match_operator_action(const std::string& path);

// Carries it out, on the control thread.
Reply carry_out(app::StationService& stations, const OperatorAction& action, ServerTime now);

// Scripts ask by `X-Requested-With: XMLHttpRequest` or `?ajax=1` and get the answer; a form in a page gets
// the status page.
Reply for_form_or_script(Reply reply, const HttpRequest& request, const protocol::RequestTarget& target);

}  // namespace tutti::net
