// What apps see of the groups, and wish of them.
#include "app/group_service.h"
#include "base/utf8.h"

namespace tutti::app {

GroupSummary GroupService::summary(Group& group, bool is_private, ServerTime now) {
  tell_news(group, now);
  GroupSummary out;
  out.view = group.view();
  out.is_private = is_private;
  out.playing = group.playing();
  if (is_private) {
    const auto& own = static_cast<const PrivateGroup&>(group);
    out.tracks = own.chosen();
    if (const auto place = own.times().place(now)) out.track = place->track;
  }
  for (const auto& [id, member] : members_) {
    if (member.group != &group) continue;
    const auto& about = member.about;
    out.members.push_back({to_valid_utf8(about.name), about.is_player, member.volume, member.is_muted});
  }
  return out;
}

std::vector<GroupSummary> GroupService::groups(ServerTime now) {
  std::vector<GroupSummary> out;
  for (const auto& group : groups_) out.push_back(summary(*group, false, now));
  for (const auto& [id, group] : private_.all()) {
    if (group->members() > 0) out.push_back(summary(*group, true, now));
  }
  return out;
}

std::optional<GroupSummary> GroupService::group(const std::string& id, ServerTime now) {
  Group* group = find_group(id);
  if (!group) return std::nullopt;
  return summary(*group, private_.find(id) == group, now);
}

namespace {

Result<void> carry_out(PrivateGroup& group, const GroupWish& wish, ServerTime now) {
  const auto act = [&](GroupAction action) { group.act(action, false, now); };
  if (wish.tracks && !group.choose(*wish.tracks, now)) return fail("none of these tracks is in the library");
  if (wish.track && !group.go_to(*wish.track, now)) return fail("this track is not among the group's");
  if (wish.is_shuffled) act(*wish.is_shuffled ? GroupAction::shuffle : GroupAction::unshuffle);
  if (wish.repeat) {
    using Repeat = PrivateTimeline::Repeat;
    act(*wish.repeat == Repeat::off   ? GroupAction::repeat_off
        : *wish.repeat == Repeat::one ? GroupAction::repeat_one
                                      : GroupAction::repeat_all);
  }
  if (wish.position) group.seek(*wish.position, now);
  if (wish.is_playing) act(*wish.is_playing ? GroupAction::play : GroupAction::pause);
  if (wish.is_playing.value_or(false) && !group.is_playing()) return fail("there is nothing to play yet");
  return {};
}

}  // namespace

Result<void> GroupService::arrange(const std::string& id, const GroupWish& wish, ServerTime now) {
  PrivateGroup* group = private_.find(id);
  if (!group) {
    return fail(find_group(id) ? id + " is a station: its programme is not a listener's to change"
                               : "there is no group " + id);
  }
  auto done = carry_out(*group, wish, now);
  private_.save(*group, now);
  tell_news(*group, now);
  return done;
}

}  // namespace tutti::app
