// A file that is still arriving: who reads beyond what is there waits for it.
#pragma once

#include "base/spool.h"
#include "media/input_file.h"

#include <memory>
#include <utility>

namespace tutti::media {

class GrowingFile : public InputFile {
 public:
  // Nothing of `bytes` may be forgotten while this is read: a decoder goes back where it likes.
  explicit GrowingFile(std::shared_ptr<const Spool> bytes) : InputFile("", -1), bytes_(std::move(bytes)) {}

  std::int64_t size() const override { return bytes_->is_finished() ? bytes_->size() : -1; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const override {
    return bytes_->read_at(offset, out);
  }

 private:
  std::shared_ptr<const Spool> bytes_;
};

}  // namespace tutti::media
