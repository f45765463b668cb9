// The log: one line per event that an operator cares about. Lines go to stderr, so that stdout stays for
// data. Thread-safe. Never pass a secret.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

namespace tutti::log {

enum class Format { text, json };

// Called once at start, before the first thread. `level`: trace, debug, info, warn, error or off.
void configure(Format format, std::string_view level);

// From now on lines, with their ends, go to `take` instead, on whatever thread they are written; nullptr: to
// stderr again. When it returns, the one before is not called any more.
void divert(std::function<void(std::string_view)> take);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  spdlog::debug(format, std::forward<Args>(args)...);
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  spdlog::info(format, std::forward<Args>(args)...);
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  spdlog::warn(format, std::forward<Args>(args)...);
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  spdlog::error(format, std::forward<Args>(args)...);
}

}  // namespace tutti::log
