#include "player/wav_output.h"

#include "base/errno_text.h"
#include "player/wav_header.h"
#include "player/write_all.h"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tutti::player {
namespace {

constexpr std::uint64_t kHeaderEvery = 1 << 20;  // bytes of samples between two writings of the header

}  // namespace

Result<std::unique_ptr<Output>> WavOutput::make(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const std::string parent = folder.empty() ? "." : folder.string();
  if (::access(parent.c_str(), W_OK) != 0) {
    return fail("cannot write " + path + ": " + parent + ": " + errno_text());
  }
  if (std::filesystem::is_directory(path)) return fail("cannot write " + path + ": it is a folder");
  return std::unique_ptr<Output>(new WavOutput(path));
}

WavOutput::~WavOutput() {
  if (descriptor_ >= 0) static_cast<void>(close());
}

Result<void> WavOutput::open(const PcmFormat& format) {
  if (descriptor_ >= 0) return fail(path_ + " holds a stream already");
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) return fail("cannot write " + path_ + ": " + errno_text());
  format_ = format;
  written_ = 0;
  return write_header();
}

Result<std::size_t> WavOutput::write(std::span<const std::uint8_t> frames) {
  if (auto done = write_all(descriptor_, frames, path_); !done) return tl::make_unexpected(done.error());
  written_ += frames.size();
  if (written_ - announced_ >= kHeaderEvery) {
    if (auto done = write_header(); !done) return tl::make_unexpected(done.error());
  }
  return frames.size();
}

// Leaves the place for writing after the last sample.
Result<void> WavOutput::write_header() {
  const auto header = wav_header(format_, written_);
  if (::lseek(descriptor_, 0, SEEK_SET) != 0) {
    return fail(path_ + " is no file whose beginning can be written again; take '-' for raw samples");
  }
  auto done = write_all(descriptor_, header, path_);
  ::lseek(descriptor_, static_cast<off_t>(header.size() + written_), SEEK_SET);
  announced_ = written_;
  return done;
}

Result<void> WavOutput::close() {
  if (descriptor_ < 0) return {};
  Result<void> done;
  if (written_ % 2 != 0) done = write_all(descriptor_, std::array<std::uint8_t, 1>{0}, path_);
  if (done) done = write_header();
  if (::close(descriptor_) != 0 && done) done = fail("cannot write " + path_ + ": " + errno_text());
  descriptor_ = -1;
  return done;
}

OutputStatus WavOutput::status() const {
  return {written_ == 0 ? 0 : static_cast<Frames>(written_ / frame_bytes(format_)), 0, 0};
}

}  // namespace tutti::player
