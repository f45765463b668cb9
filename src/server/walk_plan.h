// What --walk names: a folder of audio, with or without a walk.toml; a walk.toml; or one audio file.
#pragma once

#include "app/walk_assets.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace tutti::server {

struct WalkPlan {
  std::string path;  // absolute, what the walk is known by in the store
  app::WalkAssets::Plan assets;
  WalkAbout about;
  std::vector<WalkCue> sheet;  // its assets are ids; "": the first
};

// Error: there is no such folder or file, or something in walk.toml, with its line and what was expected
// there.
Result<WalkPlan> plan_walk(const std::string& name);

// What walk.toml says. `name`: of the file, for errors.
Result<void> read_walk_toml(std::string_view text, const std::string& name, WalkPlan& plan);

}  // namespace tutti::server
