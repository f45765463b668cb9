#include "media/folder_watch.h"

#include "base/log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <set>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tutti::media {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using Moment = SteadyClock::time_point;

constexpr auto kQuiet = 250ms;       // a copy of many files is one change
constexpr auto kLongestWait = 1s;    // but one that goes on is told meanwhile
constexpr auto kLeastPause = 500ms;  // between two calls for one folder
constexpr auto kUnwatched = 60s;     // between two calls where the kernel does not tell

constexpr std::uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO |
                                  IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

// What is known of one folder's changes, and when to tell of them.
class Debounce {
 public:
  void note(Moment now) {
    if (!first_) first_ = now;
    last_ = now;
  }
  void told(Moment now) {
    first_.reset();
    told_ = now;
  }
  std::optional<Moment> due(bool is_unwatched) const {
    std::optional<Moment> due;
    if (first_) due = std::max(std::min(last_ + kQuiet, *first_ + kLongestWait), told_ + kLeastPause);
    if (is_unwatched) due = std::min(due.value_or(Moment::max()), told_ + kUnwatched);
    return due;
  }

 private:
  std::optional<Moment> first_;
  Moment last_{};
  Moment told_{};
};

struct Folder {
  std::set<int> watches;
  bool is_unwatched = false;  // at least one directory has no watch
  Debounce changes;
};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

}  // namespace

class FolderWatch::State {
 public:
  explicit State(Changed changed) : changed_(std::move(changed)), thread_([this] { run(); }) {}
  ~State() {
    stopping_ = true;
    wake();
    thread_.join();
  }

  void watch(const std::string& name, const std::vector<std::string>& directories);

 private:
  void run();
  void wake() const;
  int wait_ms() const;
  void read_events();
  void on_event(const inotify_event& event, std::string_view name);
  std::vector<std::string> take_due();
  void add_watches(Folder& folder, const std::string& name, const std::vector<std::string>& directories);
  void warn_once(int code);

  const Changed changed_;
  const Descriptor inotify_{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
  const Descriptor wake_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  mutable std::mutex mutex_;
  std::map<std::string, Folder> folders_;
  bool has_warned_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

void FolderWatch::State::watch(const std::string& name, const std::vector<std::string>& directories) {
  {
    const std::lock_guard lock(mutex_);
    auto [place, is_new] = folders_.try_emplace(name);
    Folder& folder = place->second;
    if (is_new) folder.changes.told(SteadyClock::now());
    const std::set<int> before = std::exchange(folder.watches, {});
    folder.is_unwatched = false;
    add_watches(folder, name, directories);
    for (const int watch : before) {
      const auto uses_it = [&](const auto& other) { return other.second.watches.contains(watch); };
      if (std::ranges::none_of(folders_, uses_it)) ::inotify_rm_watch(inotify_.get(), watch);
    }
    if (directories.empty()) folders_.erase(place);
  }
  wake();
}

// A directory that is watched already answers with the watch it has; one that was replaced by another of the
// same name gets a new one.
void FolderWatch::State::add_watches(Folder& folder, const std::string& name,
                                     const std::vector<std::string>& directories) {
  for (const std::string& directory : directories) {
    // Only the folder that the user named may be a link.
    const std::uint32_t events = directory == name ? kEvents : kEvents | IN_DONT_FOLLOW;
    const int watch = ::inotify_add_watch(inotify_.get(), directory.c_str(), events);
    if (watch >= 0) {
      folder.watches.insert(watch);
    } else if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
      folder.is_unwatched = true;
      warn_once(errno);
    }
  }
}

void FolderWatch::State::warn_once(int code) {
  if (std::exchange(has_warned_, true)) return;
  log::warn(
      "the kernel watches no more directories ({}): changes are looked for once a minute; raise "
      "fs.inotify.max_user_watches",
      std::generic_category().message(code));
}

void FolderWatch::State::wake() const {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof one));
}

void FolderWatch::State::run() {
  while (!stopping_) {
    std::array<pollfd, 2> waits{{{wake_.get(), POLLIN, 0}, {inotify_.get(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), wait_ms());
    if (waits[0].revents) {
      std::uint64_t count = 0;
      static_cast<void>(!::read(wake_.get(), &count, sizeof count));
    }
    if (waits[1].revents) read_events();
    for (const std::string& folder : take_due()) {
      if (!stopping_) changed_(folder);
    }
  }
}

// Until the first folder is due; -1 where none will be.
int FolderWatch::State::wait_ms() const {
  const std::lock_guard lock(mutex_);
  std::optional<Moment> first;
  for (const auto& [name, folder] : folders_) {
    const auto due = folder.changes.due(folder.is_unwatched);
    if (due) first = std::min(first.value_or(*due), *due);
  }
  if (!first) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - SteadyClock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

std::vector<std::string> FolderWatch::State::take_due() {
  const std::lock_guard lock(mutex_);
  const Moment now = SteadyClock::now();
  std::vector<std::string> names;
  for (auto& [name, folder] : folders_) {
    const auto due = folder.changes.due(folder.is_unwatched);
    if (!due || *due > now) continue;
    folder.changes.told(now);
    names.push_back(name);
  }
  return names;
}

void FolderWatch::State::read_events() {
  alignas(inotify_event) std::array<char, 16 << 10> buffer;
  const ssize_t size = ::read(inotify_.get(), buffer.data(), buffer.size());
  const std::lock_guard lock(mutex_);
  for (ssize_t at = 0; at < size;) {
    inotify_event event{};
    std::memcpy(&event, buffer.data() + at, sizeof event);
    const char* name = buffer.data() + at + sizeof event;
    on_event(event, event.len > 0 ? std::string_view(name) : std::string_view());
    at += static_cast<ssize_t>(sizeof event + event.len);
  }
}

void FolderWatch::State::on_event(const inotify_event& event, std::string_view name) {
  if (event.mask & IN_IGNORED) return;  // the watch is gone; why was an event of its own
  if (name.starts_with('.')) return;    // hidden: no part of any folder
  const bool concerns_all = event.mask & IN_Q_OVERFLOW;
  const Moment now = SteadyClock::now();
  for (auto& [folder_name, folder] : folders_) {
    if (concerns_all || folder.watches.contains(event.wd)) folder.changes.note(now);
  }
}

FolderWatch::FolderWatch(Changed changed) : state_(std::make_unique<State>(std::move(changed))) {}
FolderWatch::~FolderWatch() = default;

void FolderWatch::watch(const std::string& folder, std::vector<std::string> directories) {
  state_->watch(folder, directories);
}

}  // namespace tutti::media
