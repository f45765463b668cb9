#include "base/state_folder.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace tutti {
namespace {

std::string default_path() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state && *state == '/') return std::string(state) + "/tutti";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/tmp") + "/.local/state/tutti";
}

}  // namespace

Result<std::string> find_state_folder(const std::string& name) {
  std::string path = name.empty() ? default_path() : name;
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail("cannot make the state folder " + path + ": " + error.message());
  return path;
}

}  // namespace tutti
