#include "server/refuse.h"

#include <iostream>

namespace tutti::server {

int refuse(const Error& why, int code) {
  std::cerr << "tutti: " << why.message << std::endl;
  return code;
}

}  // namespace tutti::server
