// How the program ends where it does not do what it was asked.
#pragma once

#include "base/result.h"

namespace tutti::server {

// Exit codes: it could not be done; it makes no sense.
inline constexpr int kImpossible = 1, kSenseless = 2;

// Says on stderr why. The exit code: `code`.
int refuse(const Error& why, int code);

}  // namespace tutti::server
