// The decoded frames of an AudioFile, as FFmpeg gives them: any sample format, damaged packets left out.
#pragma once

#include "base/result.h"
#include "media/audio_file.h"
#include "media/ffmpeg.h"

namespace tutti::media {

class FrameDecoder {
 public:
  static Result<FrameDecoder> open(AudioFile file);

  const AudioFile& file() const { return file_; }
  // Frames (at `rate`) that the codec must have decoded before its output is that of a run from the start.
  Frames preroll(int rate) const;

  // The next frame with at least one sample, valid until the next call; nullptr at the end.
  const AVFrame* next();
  // The next frame lies at or before `frame` on the stream's time axis, at `rate`.
  bool seek(Frames frame, int rate);

 private:
  FrameDecoder(AudioFile file, CodecContextPtr codec);

  AudioFile file_;
  CodecContextPtr codec_;
  AvPacketPtr packet_;
  AvFramePtr frame_;
  bool draining_ = false;
};

}  // namespace tutti::media
