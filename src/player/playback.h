// Carries what arrives to an output, shows how it goes, and sees it to its end. Runs on the thread that calls
// play().
#pragma once

#include "base/mailbox.h"
#include "player/failure.h"
#include "player/output.h"
#include "player/progress.h"
#include "player/source.h"
#include "player/terminal.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

namespace tutti::player {

class Playback {
 public:
  // `decoded`: how samples of files are handed to the output.
  Playback(Output& output, SampleFormat decoded, Terminal& terminal, const std::atomic<bool>& interrupted)
      : output_(output), decoded_(decoded), terminal_(terminal), interrupted_(interrupted) {}

  // Until no stream is left and the last is heard to its end, or until interrupted. The output is closed
  // then: a file is whole.
  std::optional<Failure> play(Mailbox<Stream>& streams);

 private:
  std::optional<Failure> play_stream(Source& source);
  std::optional<Failure> carry(Source& source);
  // Waits until the output has played all, and closes it.
  std::optional<Failure> finish_output();
  void show_progress(bool is_due);

  Output& output_;
  SampleFormat decoded_;
  Terminal& terminal_;
  const std::atomic<bool>& interrupted_;
  std::optional<PcmFormat> format_;  // while the output is open
  Frames before_ = 0;                // played of earlier streams
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace tutti::player
