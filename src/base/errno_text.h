// What went wrong in the system call before.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace tutti {

// The text of errno: "No such file or directory".
inline std::string errno_text() { return std::generic_category().message(errno); }

}  // namespace tutti
