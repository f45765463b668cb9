// How patient clients are with a server.
#pragma once

#include "base/time.h"

#include <chrono>

namespace tutti::player {

// Until there is a connection, and, on one, until something is heard.
inline constexpr auto kConnectIn = std::chrono::seconds(10);
inline constexpr auto kSilence = std::chrono::seconds(20);
// A question for the time that is not answered by then is forgotten.
inline constexpr Duration kAnswerIn{2'000'000};
// Between attempts, which come more and more seldom (base/backoff.h).
inline constexpr Duration kFirstWait{500'000}, kLongestWait{15'000'000};

}  // namespace tutti::player
