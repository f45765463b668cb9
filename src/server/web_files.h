// The web app's files as they were built into this binary (cmake/WebAssets.cmake generates the definition).
#pragma once

#include "net/web_assets.h"

#include <array>
#include <cstdint>
#include <span>

namespace tutti::server {

std::span<const net::WebAsset> web_files();

}  // namespace tutti::server
