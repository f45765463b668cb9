#include "player/keys.h"

#include <poll.h>
#include <thread>
#include <unistd.h>

namespace tutti::player {

Keys::Keys() {
  if (::isatty(STDIN_FILENO) != 1 || ::tcgetpgrp(STDIN_FILENO) != ::getpgrp()) return;
  if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  is_taking_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

Keys::~Keys() {
  if (is_taking_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

std::optional<char> Keys::next(std::chrono::milliseconds patience) {
  if (!is_taking_) {
    std::this_thread::sleep_for(patience);
    return std::nullopt;
  }
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
  char key = 0;
  if (::read(STDIN_FILENO, &key, 1) == 1) return key;
  // The terminal has gone; asking on would return at once, for ever.
  is_taking_ = false;
  return std::nullopt;
}

}  // namespace tutti::player
