#include "player/terminal.h"

#include "player/write_all.h"

#include <cstdint>
#include <unistd.h>

namespace tutti::player {
namespace {

constexpr const char* kNewLine = "\r\x1b[K";  // back to the line's beginning, and clear it

void put(const std::string& text) {
  static_cast<void>(write_all(
      STDERR_FILENO, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, "the terminal"));
}

}  // namespace

Terminal::Terminal() : watched_(::isatty(STDERR_FILENO) == 1) {}

void Terminal::show(const std::string& line) {
  if (watched_) put(kNewLine + line);
}

void Terminal::say(const std::string& line) {
  if (say_) return say_(line + "\n");
  put((watched_ ? kNewLine : "") + line + "\n");
}

void Terminal::leave() {
  if (watched_) put("\n");
}

}  // namespace tutti::player
