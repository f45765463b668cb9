#include "player/playback.h"

#include <array>
#include <thread>
#include <utility>

namespace tutti::player {
namespace {

constexpr auto kFullWait = std::chrono::milliseconds(10);

}  // namespace

std::optional<Failure> Playback::play(Mailbox<Stream>& streams) {
  std::optional<Failure> failure;
  while (!failure && !interrupted_) {
    const auto stream = streams.take();
    if (!stream) break;
    auto source = open_source(*stream, decoded_);
    if (interrupted_) break;
    failure = source ? play_stream(**source) : Failure{1, source.error().message};
  }
  const auto unfinished = finish_output();
  return failure ? failure : unfinished;
}

std::optional<Failure> Playback::play_stream(Source& source) {
  const PcmFormat format = source.format();
  if (format_ && *format_ != format) {
    if (auto failure = finish_output()) return failure;
  }
  if (!format_) {
    if (auto opened = output_.open(format); !opened) return Failure{2, opened.error().message};
    format_ = format;
  }
  const OutputStatus status = output_.status();
  before_ = status.played + status.buffered;
  return carry(source);
}

std::optional<Failure> Playback::carry(Source& source) {
  std::array<std::uint8_t, 16 << 10> piece{};
  while (!interrupted_) {
    const auto got = source.read(piece);
    if (!got) return Failure{1, got.error().message};
    if (!*got) return {};
    std::span<const std::uint8_t> rest = std::span(piece).first(**got);
    while (!rest.empty() && !interrupted_) {
      const auto taken = output_.write(rest);
      if (!taken) return Failure{1, taken.error().message};
      rest = rest.subspan(*taken);
      if (!rest.empty()) std::this_thread::sleep_for(kFullWait);
      show_progress(false);
    }
    show_progress(false);
  }
  return {};
}

std::optional<Failure> Playback::finish_output() {
  if (!format_) return {};
  output_.end();
  while (!output_.drained() && !interrupted_) {
    std::this_thread::sleep_for(kFullWait);
    show_progress(false);
  }
  auto closed = output_.close();
  show_progress(true);
  terminal_.leave();
  format_.reset();
  if (!closed) return Failure{1, closed.error().message};
  return {};
}

void Playback::show_progress(bool is_due) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_.is_watched() || (!is_due && now - shown_ < kShowEvery)) return;
  shown_ = now;
  const OutputStatus status = output_.status();
  terminal_.show(progress_line(output_.name(), *format_, status, status.played - before_));
}

}  // namespace tutti::player
