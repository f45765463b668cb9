#include "player/terminal.h"

#include "player/write_all.h"

#include <unistd.h>

namespace tutti::player {
namespace {

constexpr const char* kNewLine = "\r\x1b[K";  // back to the line's beginning, and clear it

}  // namespace

Terminal::Terminal() : watched_(::isatty(STDERR_FILENO) == 1) {}

void Terminal::show(const std::string& line) {
  if (watched_) write_text(STDERR_FILENO, kNewLine + line);
}

void Terminal::say(const std::string& line) {
  if (say_) return say_(line + "\n");
  write_text(STDERR_FILENO, (watched_ ? kNewLine : "") + line + "\n");
}

void Terminal::leave() {
  if (watched_) write_text(STDERR_FILENO, "\n");
}

int refuse(Terminal& terminal, const std::string& message, int code) {
  terminal.say("tutti: " + message);
  return code;
}

}  // namespace tutti::player
