// Traces and test vectors as text, one thing per line, all times in whole µs:
//
//   # remark
//   x SENT RECEIVED ANSWERED ARRIVED    an exchange, as the client has it
//   t CLIENT SERVER                     what is true: when it is CLIENT here, it is SERVER there
//   c NAME                              (vectors) a new filter from here on
//   e CLIENT SERVER UNCERTAINTY         (vectors) what the filter says now
#pragma once

#include "world.h"

#include <iosfwd>
#include <string>

namespace bench {

// Throws std::runtime_error that names the file and the line.
Trace read_trace(const std::string& path);
void write_trace(std::ostream& out, const Trace& trace);
// What tests/vectors/clock.txt holds: pieces of made-up traces and what the filter makes of them.
void write_vectors(std::ostream& out);

}  // namespace bench
