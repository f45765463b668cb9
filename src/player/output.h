// Where sound goes: a device, a file, standard output, or nowhere at the pace of a clock.
// Used by one thread, the one that plays. The life of one: open, write and write, end, drained, close.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "domain/audio_time.h"
#include "player/sample_format.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tutti::player {

struct OutputStatus {
  Frames played = 0;          // heard, or written
  Frames buffered = 0;        // written to it and not heard yet
  std::int64_t dropouts = 0;  // times that it had to wait for sound that came too late
};

class Output {
 public:
  virtual ~Output() = default;

  // For people: the device's or the file's name.
  virtual std::string name() const = 0;
  // Whether it takes sound as fast as it is played; a file takes it as fast as it comes.
  virtual bool is_paced() const = 0;
  // Once before the first write, and again after a close(). Error: it cannot take such audio.
  virtual Result<void> open(const PcmFormat& format) = 0;
  // `frames`: whole ones. Returns how many bytes (of whole frames) it took: fewer than given mean that it is
  // full for the moment. Error: it is gone, the disk is full, …
  virtual Result<std::size_t> write(std::span<const std::uint8_t> frames) = 0;
  // Nothing more follows: what is buffered is played, however little it is.
  virtual void end() = 0;
  // After end(): whether all of it has been handed on.
  virtual bool drained() const = 0;
  // Files are finished and whole; a device plays its last buffers out if it is drained, and stops at once if
  // not.
  virtual Result<void> close() = 0;
  virtual OutputStatus status() const = 0;
};

struct OutputChoice {
  std::string name;             // see open_output
  Duration prebuffer{500'000};  // gathered before the first sound, and again after a dropout
};

// `name`: "" the default device; "null"; "-" standard output, raw samples; a name that ends in .wav;
// otherwise a device, by its number or by a part of its name. Error, for a person: there is no such device or
// folder.
Result<std::unique_ptr<Output>> make_output(const OutputChoice& choice);

// Whether such a name is one of a file or of standard output.
bool is_recording(const std::string& name);

}  // namespace tutti::player
