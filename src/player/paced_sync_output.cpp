#include "player/paced_sync_output.h"

#include "player/sample_writer.h"

#include <utility>

namespace tutti::player {
namespace {

constexpr Micros kLatency{20'000};  // between the asking for a frame and its being heard

}  // namespace

Result<void> PacedSyncOutput::open(SyncEngine& engine) {
  if (auto closed = close(); !closed) return closed;
  const auto channels = static_cast<int>(engine.channels());
  const PcmFormat format = pcm_format(engine.rate(), channels, format_);
  if (recording_) {
    // Opened again, a file would begin anew.
    if (written_) return fail("the server sends " + describe(format) + " now; a recording has one format");
    written_ = format;
    if (auto opened = recording_->open(format); !opened) return opened;
  }
  is_open_ = true;
  heard_.resize(static_cast<std::size_t>(format.rate) * engine.channels());
  bytes_.resize(heard_.size() * bytes_per_sample(format_));
  thread_.start(format.rate, drift_, [this, &engine](Frames first, Frames count) {
    render(engine, first, std::span(heard_).first(static_cast<std::size_t>(count) * engine.channels()));
  });
  return {};
}

void PacedSyncOutput::render(SyncEngine& engine, Frames first, std::span<float> out) {
  const Micros begun = thread_.begun().time_since_epoch();
  const Micros frame(1e6 / engine.rate() * (1 + drift_));
  engine.render(out, begun + static_cast<double>(first) * frame + kLatency, false);
  if (!recording_ || has_failed_) return;
  const std::size_t size = write_samples(out, format_, bytes_);
  if (const auto written = recording_->write(std::span(bytes_).first(size)); !written) {
    problem_ = written.error();
    has_failed_ = true;
  }
}

Result<void> PacedSyncOutput::close() {
  thread_.stop();
  if (!std::exchange(is_open_, false) || !recording_) return {};
  recording_->end();
  return recording_->close();
}

Result<void> PacedSyncOutput::check() {
  if (!has_failed_) return {};
  return tl::make_unexpected(problem_);
}

}  // namespace tutti::player
