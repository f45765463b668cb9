// The audio stream of one file, as packets: what the decoder, the probe, the cover and the loudness reader
// begin with.
#pragma once

#include "base/result.h"
#include "domain/audio_time.h"
#include "media/ffmpeg.h"
#include "media/input_file.h"

#include <memory>
#include <optional>
#include <string>

namespace tutti::media {

enum class Clock {
  exact,   // each tells the very frame, also after a seek
  uneven,  // most do: FFmpeg dates some Ogg Vorbis packets a little late
  coarse,  // milliseconds (Matroska, ASF), or inexact after a seek (Ogg FLAC): only counting from the start
           // tells
};

class AudioFile {
 public:
  static Result<AudioFile> open(const std::string& path);
  // A second, independent reader of a file that is open already.
  static Result<AudioFile> open(std::shared_ptr<const InputFile> file);

  const std::shared_ptr<const InputFile>& input() const { return input_; }
  const AVFormatContext& container() const { return *context_; }
  const AVStream& stream() const { return *stream_; }
  const AVCodecParameters& codec() const { return *stream_->codecpar; }

  // Uncompressed or compressed by a fixed ratio, so that the length follows from the number of bytes.
  bool is_pcm() const;
  // What the stream's timestamps are good for, at `rate`.
  Clock clock(int rate) const;
  // MP4: where the music ends by iTunes' gapless tag or by the track's and the movie's headers.
  std::optional<Frames> edited_length(int rate) const;
  // `timestamp` of the stream, in frames at `rate`.
  Frames to_frames(std::int64_t timestamp, int rate) const;

  // The next packet of the stream; false at the end. Unreadable stretches are passed over.
  bool read(AVPacket& packet);
  // The next packet read is one at or before `frame` (counted at `rate`, on the stream's own time axis).
  bool seek(Frames frame, int rate);

 private:
  explicit AudioFile(std::shared_ptr<const InputFile> file) : input_(std::move(file)), io_(input_) {}
  Result<void> open_container();
  Result<void> choose_stream();

  std::shared_ptr<const InputFile> input_;
  InputStream io_;  // outlives context_, which reads through it
  FormatContextPtr context_;
  AVStream* stream_ = nullptr;
  Duration movie_length_{0};  // as the container's header has it, before FFmpeg's own estimate
};

}  // namespace tutti::media
