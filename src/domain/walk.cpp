#include "domain/walk.h"

#include <algorithm>

namespace tutti {

const WalkAsset* Walk::find_asset(const std::string& id) const {
  const auto found =
      std::find_if(assets.begin(), assets.end(), [&](const auto& each) { return each.id == id; });
  return found == assets.end() ? nullptr : &*found;
}

const WalkCue* Walk::find_cue(const std::string& name) const {
  const auto found =
      std::find_if(sheet.begin(), sheet.end(), [&](const auto& each) { return each.name == name; });
  return found == sheet.end() ? nullptr : &*found;
}

WalkKeys changed(const Walk& before, const Walk& after) {
  WalkKeys out;
  out.about = before.about != after.about;
  out.assets = before.assets != after.assets;
  out.sheet = before.sheet != after.sheet;
  out.live = before.live != after.live || before.reached != after.reached;
  out.messages = before.messages != after.messages;
  out.lead = before.lead != after.lead;
  out.armed = before.armed != after.armed;
  out.edit = before.edit != after.edit;
  return out;
}

}  // namespace tutti
