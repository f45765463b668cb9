// Tutti's own API, /api/v1 (docs/api.md). On the control thread.
#pragma once

#include "net/control.h"
#include "net/radio_api.h"

#include <functional>
#include <string>

namespace tutti::net {

// Answers once, now or later, on the control thread. False: the path is none of these, and no answer comes.
bool answer_station_api(Control& control, const ApiRequest& request,
                        const std::function<void(Reply)>& answer);

}  // namespace tutti::net
