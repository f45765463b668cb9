// Puts media's files behind app's port.
#pragma once

#include "app/media_files.h"

namespace tutti::server {

class MediaFileReader : public app::MediaFiles {
 public:
  Result<std::shared_ptr<const app::ByteFile>> open_bytes(const std::string& path) override;
  Result<std::shared_ptr<const app::PcmFile>> open_pcm(const std::string& path) override;
};

}  // namespace tutti::server
