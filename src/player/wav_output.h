// A WAV file, the samples as they come. Its header tells the truth at any time, so that a file whose writer
// was killed is short, not broken.
#pragma once

#include "player/output.h"

namespace tutti::player {

class WavOutput : public Output {
 public:
  // Error: the folder is missing or cannot be written to.
  static Result<std::unique_ptr<Output>> make(const std::string& path);
  ~WavOutput() override;

  std::string name() const override { return path_; }
  bool is_paced() const override { return false; }
  Result<void> open(const PcmFormat& format) override;
  Result<std::size_t> write(std::span<const std::uint8_t> frames) override;
  void end() override {}
  bool drained() const override { return true; }
  Result<void> close() override;
  OutputStatus status() const override;

 private:
  explicit WavOutput(std::string path) : path_(std::move(path)) {}
  Result<void> write_header();

  std::string path_;
  int descriptor_ = -1;
  PcmFormat format_;
  std::uint64_t written_ = 0;    // bytes of samples
  std::uint64_t announced_ = 0;  // in the header
};

}  // namespace tutti::player
