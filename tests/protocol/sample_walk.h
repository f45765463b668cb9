// A walk of which everything is set.
#pragma once

#include "domain/walk.h"

#include <string>

namespace tutti::protocol {

inline Walk sample_walk() {
  using namespace std::chrono_literals;
  Walk walk;
  walk.about = {"Park", "text", "hello", {"en", "ru"}};
  WalkAsset asset;
  asset.id = "forest";
  asset.title = "Лес";
  asset.frames = 345'600'000;
  walk.assets = {asset};
  asset.id = "sea";
  asset.is_ready = true;
  asset.bytes = 384;
  asset.sha256 = std::string(64, 'a');
  asset.delay = 1105;
  walk.assets.push_back(asset);
  walk.sheet = {{"bridge", {"forest", 12'500ms, 47s, 90, true}, "note"}};
  LiveCue cue;
  cue.id = 17;
  cue.name = "bridge";
  cue.part = {"forest", 12'500ms, 47s};
  cue.start = {-5s};
  cue.author = "anna";
  walk.live.now = cue;
  cue.id = 18;
  cue.name.reset();
  cue.stop = WalkStop{{7s}, 500ms};
  walk.live.next = cue;
  walk.messages = {{3, "Turn left", {6s}, "anna"}};
  walk.lead = {1200ms, 830ms, std::nullopt};
  walk.armed = WalkArmed{{9s}, "bridge", 18, "anna"};
  walk.edit = {4, "boris"};
  walk.reached = "bridge";
  return walk;
}

}  // namespace tutti::protocol
