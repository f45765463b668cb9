// A line that is typed at the terminal while other lines appear above it: editing, history and completion by
// libedit. Where standard input or output is no terminal, lines are read as they come, and written as they
// are.
#pragma once

#include <atomic>
#include <functional>
#include <histedit.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::player {

class LineEditor {
 public:
  // What a line could become: whole lines. Asked on the thread that reads.
  using Complete = std::function<std::vector<std::string>(std::string_view)>;

  // Sets the process's LC_CTYPE: before other threads look at it, and before the first editor.
  static void prepare();
  // One at a time in a process.
  LineEditor(std::string prompt, Complete complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // Whether a person sits there.
  bool is_interactive() const { return edit_ != nullptr; }
  // Waits for a line, without its end; nullopt: there are no more, or close() was called. One thread. Longer
  // ones than 8 KiB are cut.
  std::optional<std::string> read();

  // After that: goes on showing what is said, until close().
  void linger();

  // Any thread, both; they do not wait. Text of one or more lines, which appears above the one that is being
  // typed. What nobody has the time to show (64 KiB) is lost.
  void say(std::string_view text);
  void close();

 private:
  static int get_character(EditLine* edit, wchar_t* out);
  static unsigned char on_tab(EditLine* edit, int key);
  static char* prompt(EditLine* edit);

  // False: closed. What is said meanwhile is shown.
  bool wait(bool for_input);
  std::optional<std::string> read_plain();
  void show_said();
  void show_above(std::string_view text);
  void resize();
  unsigned char complete();

  std::string prompt_;
  Complete complete_;
  int said_[2] = {-1, -1};  // a pipe: what is to be shown; a NUL only wakes
  std::atomic<bool> is_closed_{false};
  bool is_ended_ = false, can_move_ = false;
  bool is_typing_ = false;  // the line is on the screen
  EditLine* edit_ = nullptr;
  History* history_ = nullptr;
  std::string unread_;  // of a standard input that is no terminal
};

}  // namespace tutti::player
