// One file as a run of PCM frames, exact to the sample: frame 0 is the first frame of music (encoder delay
// skipped), and the padding at the end is left out. Not thread-safe; used by one job at a time.
#pragma once

#include "base/result.h"
#include "domain/audio_time.h"

#include <memory>
#include <span>
#include <string>

namespace tutti::media {

class InputFile;

class Decoder {
 public:
  static Result<Decoder> open(const std::string& path);
  static Result<Decoder> open(std::shared_ptr<const InputFile> file);
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  int rate() const;      // Hz, of the file
  int channels() const;  // of the file

  // The next read begins at `frame` (file rate), to the sample, also in VBR files and after codec preroll.
  Result<void> seek(Frames frame);

  // Up to out.size()/channels() interleaved frames. Returns frames written; 0 at the end. Damaged pieces in
  // the middle are passed over (their place is filled with silence, so that what follows keeps its position).
  // Channel layout changes in mid-file are mapped to the first layout, rate changes are resampled or end the
  // file.
  Result<Frames> read(std::span<float> out);

 private:
  struct State;
  explicit Decoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tutti::media
