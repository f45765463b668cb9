// Standard output: the samples and nothing else, for the next program of a pipe.
#pragma once

#include "player/output.h"

#include <optional>

namespace tutti::player {

class RawOutput : public Output {
 public:
  std::string name() const override { return "standard output"; }
  bool is_paced() const override { return false; }
  // Raw samples carry no header: a second format cannot follow the first.
  Result<void> open(const PcmFormat& format) override;
  Result<std::size_t> write(std::span<const std::uint8_t> frames) override;
  void end() override {}
  bool drained() const override { return true; }
  Result<void> close() override { return {}; }
  OutputStatus status() const override { return {played_, 0, 0}; }

 private:
  std::optional<PcmFormat> format_;
  Frames played_ = 0;
};

}  // namespace tutti::player
