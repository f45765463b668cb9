// The web app's files, built into the binary.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tutti::net {

struct WebAsset {
  std::string_view path;  // "/index.html", "/assets/…"
  std::span<const std::uint8_t> bytes;
};

// All of them; index.html is among them.
class WebAssets {
 public:
  explicit WebAssets(std::span<const WebAsset> assets) : assets_(assets) {}

  // nullptr: there is no such file.
  const WebAsset* find(std::string_view path) const;

 private:
  std::span<const WebAsset> assets_;
};

}  // namespace tutti::net
