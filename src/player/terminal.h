// The terminal's last line, which is written anew as the sound goes on, and the messages above it. Writes to
// standard error; any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace tutti::player {

// How often what goes on is shown anew.
inline constexpr auto kShowEvery = std::chrono::milliseconds(250);

class Terminal {
 public:
  Terminal();
  // Where somebody types at the terminal: lines go to `say` instead, and there is no last one.
  explicit Terminal(std::function<void(const std::string&)> say) : watched_(false), say_(std::move(say)) {}

  // Whether somebody looks: standard error is a terminal.
  bool is_watched() const { return watched_; }
  // Replaces the last line; nothing where nobody looks.
  void show(const std::string& line);
  // A line that stays. Goes out in one piece, so that threads do not mix.
  void say(const std::string& line);
  // The last line stays as it is, and what follows stands below it.
  void leave();

 private:
  bool watched_;
  std::function<void(const std::string&)> say_;
};

// Says why the program ends, and returns what to tell the shell: `code`.
int refuse(Terminal& terminal, const std::string& message, int code);

}  // namespace tutti::player
