#include "player/line_editor.h"

#include "base/utf8.h"
#include "player/write_all.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include <climits>

namespace tutti::player {
namespace {

constexpr std::size_t kMostLine = 8192;
constexpr int kHistory = 500;
// A pipe takes so much in one piece, however many write into it.
constexpr std::size_t kPipePiece = 4096;

LineEditor& editor_of(EditLine* edit) {
  void* self = nullptr;
  el_get(edit, EL_CLIENTDATA, &self);
  return *static_cast<LineEditor*>(self);
}

std::string common_beginning(const std::vector<std::string>& texts) {
  std::string out = texts.front();
  for (const auto& text : texts) {
    const auto end = std::mismatch(out.begin(), out.end(), text.begin(), text.end()).first;
    out.erase(end, out.end());
  }
  while (!out.empty() && !is_valid_utf8(out)) out.pop_back();
  return out;
}

int columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string narrow(const wchar_t* text, std::size_t length) {
  std::string out;
  std::array<char, MB_LEN_MAX> bytes{};
  for (std::size_t i = 0; i < length; ++i) {
    const int count = std::wctomb(bytes.data(), text[i]);
    if (count > 0) out.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return out;
}

}  // namespace

// Text is UTF-8, whatever the locale; that of the user says at least how wide it is.
void LineEditor::prepare() {
  std::setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

LineEditor::LineEditor(std::string prompt, Complete complete)
    : prompt_(std::move(prompt)), complete_(std::move(complete)) {
  if (::pipe2(said_, O_CLOEXEC | O_NONBLOCK) != 0) said_[0] = said_[1] = -1;
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return;
  edit_ = el_init("tutti", stdin, stdout, stderr);
  history_ = history_init();
  if (!edit_ || !history_) return;
  HistEvent event{};
  history(history_, &event, H_SETSIZE, kHistory);
  history(history_, &event, H_SETUNIQUE, 1);
  el_set(edit_, EL_CLIENTDATA, this);
  el_set(edit_, EL_PROMPT, &LineEditor::prompt);
  el_set(edit_, EL_EDITOR, "emacs");
  el_set(edit_, EL_HIST, history, history_);
  el_set(edit_, EL_GETCFN, &LineEditor::get_character);
  el_set(edit_, EL_ADDFN, "tutti-complete", "Completes the line", &LineEditor::on_tab);
  el_set(edit_, EL_BIND, "^I", "tutti-complete", nullptr);
  el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  int is_editing = 0;
  el_get(edit_, EL_EDITMODE, &is_editing);
  const char* terminal = std::getenv("TERM");
  can_move_ = is_editing != 0 && terminal && std::strcmp(terminal, "dumb") != 0;
}

LineEditor::~LineEditor() {
  if (edit_) el_end(edit_);
  if (history_) history_end(history_);
  for (const int end : said_) {
    if (end >= 0) ::close(end);
  }
}

std::optional<std::string> LineEditor::read() {
  if (is_closed_ || is_ended_) return std::nullopt;
  if (!edit_) return read_plain();
  int count = 0;
  is_typing_ = true;
  const char* text = el_gets(edit_, &count);
  is_typing_ = false;
  if (!text || count <= 0 || is_closed_) {
    is_ended_ = true;
    write_text(STDOUT_FILENO, "\n");  // what follows does not stand behind the prompt
    return std::nullopt;
  }
  std::string line(text, static_cast<std::size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  HistEvent event{};
  if (line.find_first_not_of(" \t") != line.npos) history(history_, &event, H_ENTER, line.c_str());
  return line.substr(0, kMostLine);
}

void LineEditor::say(std::string_view text) {
  while (!text.empty()) {
    auto piece = text.substr(0, kPipePiece);
    const auto end = piece.rfind('\n');
    if (end != piece.npos) piece = piece.substr(0, end + 1);
    // Full: nobody has read for long.
    if (::write(said_[1], piece.data(), piece.size()) < 0) return;
    text.remove_prefix(piece.size());
  }
}

void LineEditor::close() {
  is_closed_ = true;
  const char nul = '\0';
  static_cast<void>(::write(said_[1], &nul, 1) == 1);
}

void LineEditor::linger() {
  while (wait(false)) {
  }
}

bool LineEditor::wait(bool for_input) {
  constexpr int kLookAgain = 1000;  // should a pipe that was full have swallowed the end
  for (;;) {
    std::array<pollfd, 2> waiting{{{said_[0], POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    const int ready = ::poll(waiting.data(), for_input ? 2 : 1, kLookAgain);
    if (ready < 0 && errno != EINTR) return false;
    if (ready < 0) continue;
    const bool was_closed = is_closed_;
    if (waiting[0].revents != 0) show_said();
    if (was_closed) return false;
    if (for_input && waiting[1].revents != 0) return true;
  }
}

void LineEditor::show_said() {
  std::string bytes(65536, '\0');
  const auto count = ::read(said_[0], bytes.data(), bytes.size());
  if (count <= 0) return;
  bytes.resize(static_cast<std::size_t>(count));
  std::erase(bytes, '\0');
  if (!bytes.empty()) show_above(bytes);
}

void LineEditor::show_above(std::string_view text) {
  std::string out;
  if (can_move_ && is_typing_) {
    const LineInfoW* line = el_wline(edit_);
    int cells = static_cast<int>(prompt_.size());
    for (const wchar_t* c = line->buffer; c != line->cursor; ++c) cells += std::max(0, ::wcwidth(*c));
    const int up = cells / columns();
    out = up > 0 ? "\r\x1b[" + std::to_string(up) + "A\x1b[J" : "\r\x1b[J";
  } else if (is_typing_) {
    out = "\n";
  }
  out += text;
  if (!out.ends_with('\n')) out += '\n';
  if (edit_) std::fflush(stdout);
  write_text(STDOUT_FILENO, out);
  if (is_typing_ && !is_closed_) {
    el_set(edit_, EL_REFRESH);
    std::fflush(stdout);
  }
}

int LineEditor::get_character(EditLine* edit, wchar_t* out) {
  LineEditor& self = editor_of(edit);
  std::array<char, 4> bytes{};
  std::size_t have = 0, wanted = 1;
  while (have < wanted) {
    if (!self.wait(true)) return 0;
    const auto count = ::read(STDIN_FILENO, &bytes[have], 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return 0;
    const auto byte = static_cast<unsigned char>(bytes[have++]);
    if (have == 1) wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  }
  std::mbstate_t state{};
  wchar_t wide = 0;
  const auto used = std::mbrtowc(&wide, bytes.data(), have, &state);
  *out = used == static_cast<std::size_t>(-1) || used == static_cast<std::size_t>(-2) ? L'?' : wide;
  self.resize();
  return 1;
}

void LineEditor::resize() { el_resize(edit_); }

char* LineEditor::prompt(EditLine* edit) { return editor_of(edit).prompt_.data(); }

unsigned char LineEditor::on_tab(EditLine* edit, int) { return editor_of(edit).complete(); }

unsigned char LineEditor::complete() {
  const LineInfoW* line = el_wline(edit_);
  const auto typed_length = static_cast<std::size_t>(line->cursor - line->buffer);
  const std::string typed = narrow(line->buffer, typed_length);
  const auto candidates = complete_(typed);
  if (candidates.empty()) return CC_REFRESH_BEEP;
  const std::string common = common_beginning(candidates);
  if (common.size() > typed.size() || (candidates.size() == 1 && common != typed)) {
    el_deletestr(edit_, static_cast<int>(typed_length));
    el_insertstr(edit_, common.c_str());
    return CC_REFRESH;
  }
  if (candidates.size() == 1) return CC_REFRESH;
  std::string all;
  for (const auto& candidate : candidates) all += "  " + candidate;
  show_above(all + "\n");
  return CC_REDISPLAY;
}

std::optional<std::string> LineEditor::read_plain() {
  for (;;) {
    const auto end = unread_.find('\n');
    if (end != unread_.npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    if (!wait(true)) return std::nullopt;
    std::array<char, 4096> bytes{};
    const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      is_ended_ = true;
      if (unread_.empty()) return std::nullopt;
      return std::exchange(unread_, {});
    }
    unread_.append(bytes.data(), static_cast<std::size_t>(count));
    if (unread_.size() > kMostLine && unread_.find('\n') == unread_.npos) unread_.resize(kMostLine);
  }
}

}  // namespace tutti::player
