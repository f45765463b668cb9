#include "server/password_prompt.h"

#include "app/identity.h"

#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace tutti::server {
namespace {

// Turns the terminal's echo off, and on again whatever happens.
class WithoutEcho {
 public:
  WithoutEcho() {
    is_terminal_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!is_terminal_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~WithoutEcho() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;

 private:
  termios before_{};
  bool is_terminal_ = false;
};

Result<std::string> read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return fail("no password was given; type one, or pipe one in");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

Result<std::string> ask(const std::string& question) {
  std::cerr << question << std::flush;
  const WithoutEcho silence;
  auto line = read_line();
  std::cerr << "\n";
  return line;
}

}  // namespace

Result<std::string> read_new_password(const std::string& user) {
  const bool is_person = isatty(STDIN_FILENO) != 0;
  auto password = is_person ? ask("Password for " + user + ": ") : read_line();
  if (!password) return password;
  if (auto fine = app::check_new_password(*password); !fine) return tl::make_unexpected(fine.error());
  if (is_person) {
    const auto again = ask("Once more: ");
    if (!again || *again != *password) return fail("the two passwords differ; nothing was changed");
  }
  return password;
}

}  // namespace tutti::server
