// Reads a socket, and tells when what it gives had come, by the kernel's stamp: on a busy machine its reader
// is woken some milliseconds later, which whoever measures time by messages takes for the network.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <span>
#include <sys/types.h>

namespace tutti {

// From here on the kernel stamps what arrives at the socket. Where it will not, what is read has come just
// now.
void stamp_arrivals(int socket);

struct StampedRead {
  ssize_t bytes = 0;  // as recv() has it: -1 and errno, 0 at the end
  Duration ago{0};    // since the last of them had come; 0 where that is not known
};

// Does not wait.
StampedRead read_stamped(int socket, std::span<std::uint8_t> buffer);

}  // namespace tutti
