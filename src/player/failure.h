// Why a program ends that should not.
#pragma once

#include <string>

namespace tutti::player {

// What to tell the shell: 2 where what was asked for cannot be done here, 1 otherwise.
struct Failure {
  int exit_code = 1;
  std::string message;
};

}  // namespace tutti::player
