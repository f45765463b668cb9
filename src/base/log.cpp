#include "base/log.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

namespace tutti::log {
namespace {

// %* : the message with the characters that JSON strings must escape.
class JsonMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& msg, const std::tm&, spdlog::memory_buf_t& out) override {
    for (const char c : msg.payload) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
      } else if (byte < 0x20) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
      } else {
        out.push_back(c);
      }
    }
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessage>();
  }
};

// Writes to stderr, or to whoever has asked for it.
class Sink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  Sink() : terminal_(std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {}
  void divert(std::function<void(std::string_view)> take) {
    const std::lock_guard lock(mutex_);
    take_ = std::move(take);
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!take_) return terminal_->log(message);
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    take_({line.data(), line.size()});
  }
  void flush_() override { terminal_->flush(); }
  void set_pattern_(const std::string& pattern) override {
    set_formatter_(std::make_unique<spdlog::pattern_formatter>(pattern));
  }
  void set_formatter_(std::unique_ptr<spdlog::formatter> formatter) override {
    terminal_->set_formatter(formatter->clone());
    formatter_ = std::move(formatter);
  }

 private:
  spdlog::sink_ptr terminal_;
  std::function<void(std::string_view)> take_;
};

std::shared_ptr<Sink> the_sink;  // set by configure(), before the first thread

}  // namespace

void divert(std::function<void(std::string_view)> take) {
  if (the_sink) the_sink->divert(std::move(take));
}

void configure(Format format, std::string_view level) {
  the_sink = std::make_shared<Sink>();
  auto logger = std::make_shared<spdlog::logger>("tutti", the_sink);
  if (format == Format::json) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<JsonMessage>('*').set_pattern(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})");
    logger->set_formatter(std::move(formatter));
  } else {
    logger->set_pattern("%H:%M:%S.%e %^%-5l%$ %v");
  }
  logger->set_level(spdlog::level::from_str(std::string(level)));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace tutti::log
