// The samples of a walk's asset from any place in it: its MP3 has frames of one size that stand for
// themselves (docs/protocol.md), so a place is found by arithmetic, and a whole file is never looked at. Not
// thread-safe.
#pragma once

#include "base/result.h"
#include "domain/audio_time.h"
#include "media/ffmpeg.h"
#include "media/input_file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tutti::media {

class AssetDecoder {
 public:
  static constexpr int kRate = 48'000;
  static constexpr std::size_t kChannels = 2;

  // `length`, `delay`: of the source in samples, and of the decoded ones before its first, as the walk tells.
  static Result<AssetDecoder> open(const std::string& path, Frames length, Frames delay);

  // Interleaved samples of the source from `first` on. Silence is what lies before it and behind its end, and
  // where the file is damaged.
  void read(Frames first, std::span<float> out);

 private:
  AssetDecoder(std::shared_ptr<const InputFile> file, CodecContextPtr codec, Frames length, Frames delay);

  // Makes `pcm_` of one frame of the file.
  void go_to(std::int64_t frame);
  void decode(std::int64_t frame);

  std::shared_ptr<const InputFile> file_;
  CodecContextPtr codec_;
  AvPacketPtr packet_;
  AvFramePtr frame_;
  Frames length_, delay_;
  std::int64_t decoded_ = -1;  // the frame that pcm_ is of; -1: none
  std::vector<float> pcm_;
};

}  // namespace tutti::media
