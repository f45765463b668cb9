// Single keys of who sits at the terminal, without Enter.
#pragma once

#include <chrono>
#include <optional>
#include <termios.h>

namespace tutti::player {

// What a loop that has other things to do waits for one.
inline constexpr auto kKeyPatience = std::chrono::milliseconds(20);

class Keys {
 public:
  // Takes them where standard input is a terminal and this program in front of it; leaves the terminal as it
  // was when it goes.
  Keys();
  ~Keys();
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  // Waits for so long at most, also where there is no terminal.
  std::optional<char> next(std::chrono::milliseconds patience);

 private:
  bool is_taking_ = false;
  termios before_{};
};

}  // namespace tutti::player
