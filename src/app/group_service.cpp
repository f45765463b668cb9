#include "app/group_service.h"

#include "base/log.h"
#include "base/utf8.h"
#include "domain/group_volume.h"

#include <algorithm>
#include <utility>

namespace tutti::app {

GroupService::GroupService(StationService& stations, ProducerFactory& producers, SyncAudience& audience,
                           ClientStore& store, ArtworkSource& covers)
    : stations_(stations),
      store_(store),
      covers_(covers),
      audio_(producers, audience),
      private_(stations.library(), store, stations.wall_anchor(), stations.rate(),
               [this](std::uint32_t number) { audio_.drop(number); }) {}

Result<void> GroupService::open() {
  auto stored = store_.load_clients();
  if (!stored) return tl::make_unexpected(stored.error());
  stored_ = std::move(*stored);
  for (const auto& [route, id] : stations_.broadcasts()) {
    if (stations_.is_individual(id)) continue;
    const auto index = static_cast<std::uint32_t>(groups_.size());
    groups_.push_back(std::make_unique<StationGroup>(stations_, route, index));
  }
  return private_.open();
}

// --- members

GroupService::Member* GroupService::find(MemberId id) {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

Group* GroupService::find_group(const std::string& id) {
  const auto found = std::ranges::find(groups_, id, [](const auto& group) { return group->id(); });
  if (found != groups_.end()) return found->get();
  return private_.find(id);
}

Group& GroupService::choose_group(const Member& member) {
  if (member.about.wants_solo) {
    // Back where it was, also if others have joined it there.
    PrivateGroup* own = private_.of(member.about.client_id);
    const auto last = stored_.find(member.about.client_id);
    return own && last != stored_.end() && last->second.route == own->id() ? *own : solo_of(member);
  }
  if (member.about.route) {
    if (Group* group = find_group(*member.about.route)) return *group;
  }
  const auto stored = stored_.find(member.about.client_id);
  if (stored != stored_.end()) {
    if (Group* group = find_group(stored->second.route)) return *group;
  }
  return groups_.empty() ? static_cast<Group&>(solo_of(member)) : *groups_.front();
}

// The group of its own that nobody else is in. One that others have stayed in is theirs.
PrivateGroup& GroupService::solo_of(const Member& member) {
  const auto& client_id = member.about.client_id;
  const std::string name = to_valid_utf8(member.about.name);
  PrivateGroup* own = private_.of(client_id);
  if (!own) return private_.make(client_id, name);
  const auto other = std::ranges::find_if(members_, [&](const auto& each) {
    return each.second.group == own && each.second.about.client_id != client_id;
  });
  if (other == members_.end()) {
    own->give_to(client_id, name);
    return *own;
  }
  const auto& heir = other->second.about;
  private_.give(*own, heir.client_id, to_valid_utf8(heir.name));
  return private_.make(client_id, name);
}

MemberId GroupService::connect(NewMember about, std::shared_ptr<GroupClient> client, ServerTime now) {
  const auto before = by_client_.find(about.client_id);
  if (before != by_client_.end()) {
    const MemberId old = before->second;
    find(old)->client->on_replaced();
    disconnect(old, now);
  }
  const MemberId id = next_id_++;
  by_client_[about.client_id] = id;
  Member& member = members_[id];
  member.about = std::move(about);
  member.client = std::move(client);
  log::debug("Sendspin: {} is here", to_valid_utf8(member.about.name));
  enter(id, member, choose_group(member), now);
  return id;
}

void GroupService::disconnect(MemberId id, ServerTime now) {
  Member* member = find(id);
  if (!member) return;
  save(*member);
  member->group->leave(member->about.is_player, now);
  log::debug("Sendspin: {} has gone", to_valid_utf8(member->about.name));
  by_client_.erase(member->about.client_id);
  members_.erase(id);
}

void GroupService::depart(MemberId id, ServerTime now) {
  Member* member = find(id);
  if (!member) return;
  Group& group = *member->group;
  const bool was_player = member->about.is_player;
  disconnect(id, now);
  if (was_player) group.abandon(now);
}

void GroupService::enter(MemberId id, Member& member, Group& group, ServerTime now) {
  tell_news(group, now);
  member.group = &group;
  member.is_unsaved = true;
  group.enter(member.about.is_player, now);
  group.look(now);
  if (group.members() == 1) {
    group.told = group.view();
    group.told_playing = group.playing();
  }
  member.client->on_group(group.view());
  tell_playing(member, now);
  tell_controls(member);
  tell_artwork(id, member, now);
}

void GroupService::move(MemberId id, Member& member, Group& group, ServerTime now) {
  member.group->leave(member.about.is_player, now);
  member.group->abandon(now);
  enter(id, member, group, now);
}

void GroupService::update(MemberId id, const MemberState& state, ServerTime now) {
  Member* member = find(id);
  if (!member) return;
  if (!member->is_restored) {
    restore(*member, state);
  } else if (member->volume != state.volume || member->is_muted != state.is_muted) {
    member->volume = state.volume;
    member->is_muted = state.is_muted;
    member->is_unsaved = true;
  }
  member->group->has_new_controls = true;
  if (std::exchange(member->is_elsewhere, state.is_elsewhere) != state.is_elsewhere && state.is_elsewhere) {
    go_apart(id, *member, now);
  }
}

// Its output is in use by something else: "External Source Handling" of the specification.
void GroupService::go_apart(MemberId id, Member& member, ServerTime now) {
  PrivateGroup& solo = solo_of(member);
  if (member.group == &solo) {
    solo.act(GroupAction::pause, member.about.is_operator, now);
    return tell_news(solo, now);
  }
  std::string previous = member.group->id();
  move(id, member, solo, now);
  member.previous = std::move(previous);
}

// What was set when it was here last holds again. What it says of itself at first is what it was made with.
void GroupService::restore(Member& member, const MemberState& state) {
  member.is_restored = true;
  member.volume = state.volume;
  member.is_muted = state.is_muted;
  member.is_unsaved = true;
  const auto stored = stored_.find(member.about.client_id);
  if (stored == stored_.end() || !member.about.is_player) return;
  const auto& [route, volume, is_muted] = stored->second;
  if (volume && member.about.takes_volume && volume != member.volume) {
    member.volume = volume;
    member.client->set_volume(*volume);
  }
  if (is_muted && member.about.takes_mute && is_muted != member.is_muted) {
    member.is_muted = is_muted;
    member.client->set_mute(*is_muted);
  }
}

void GroupService::save(Member& member) {
  if (!std::exchange(member.is_unsaved, false)) return;
  const auto& id = member.about.client_id;
  StoredClient client{member.previous.empty() ? member.group->id() : member.previous, member.volume,
                      member.is_muted};
  const auto before = stored_.find(id);
  if (before == stored_.end() && stored_.size() >= ClientStore::kMostClients) return;
  // Before it has spoken of itself, what is known from before stays.
  if (!member.is_restored && before != stored_.end()) {
    client.volume = before->second.volume;
    client.is_muted = before->second.is_muted;
  }
  if (before != stored_.end() && before->second == client) return;
  stored_[id] = client;
  store_.save_client(id, std::move(client));
}

// --- commands

std::vector<GroupService::Member*> GroupService::players_with(const Member& member) {
  std::vector<Member*> out;
  for (auto& [id, other] : members_) {
    if (other.group == member.group && other.about.is_player) out.push_back(&other);
  }
  return out;
}

void GroupService::set_volume(MemberId id, int volume) {
  Member* member = find(id);
  if (!member) return;
  auto players = players_with(*member);
  std::erase_if(players, [](const Member* each) { return !each->volume || !each->about.takes_volume; });
  std::vector<int> volumes;
  volumes.reserve(players.size());
  for (const Member* each : players) volumes.push_back(*each->volume);
  const auto wanted = set_group_volume(volumes, volume);
  for (std::size_t i = 0; i < players.size(); ++i) {
    if (*players[i]->volume == wanted[i]) continue;
    players[i]->volume = wanted[i];
    players[i]->is_unsaved = true;
    players[i]->client->set_volume(wanted[i]);
  }
  member->group->has_new_controls = true;
}

void GroupService::set_mute(MemberId id, bool is_muted) {
  Member* member = find(id);
  if (!member) return;
  for (Member* each : players_with(*member)) {
    if (!each->about.takes_mute || each->is_muted == is_muted) continue;
    each->is_muted = is_muted;
    each->is_unsaved = true;
    each->client->set_mute(is_muted);
  }
  member->group->has_new_controls = true;
}

// nullptr stands for a group of its own.
std::vector<Group*> GroupService::cycle(const Member& member, ServerTime now) {
  std::vector<Group*> out, alone;
  for (const auto& group : groups_) {
    tell_news(*group, now);
    if (group->is_playing()) out.push_back(group.get());
  }
  for (const auto& [id, group] : private_.all()) {
    if (group->is_playing()) tell_news(*group, now);
    if (!group->is_playing()) continue;
    if (group->members() > 1) {
      out.push_back(group.get());
    } else if (group->players() == 1 && member.group != group.get()) {
      alone.push_back(group.get());
    }
  }
  out.insert(out.end(), alone.begin(), alone.end());
  if (member.about.is_player) out.push_back(nullptr);
  return out;
}

void GroupService::switch_group(MemberId id, ServerTime now) {
  Member* member = find(id);
  if (!member) return;
  if (Group* previous = find_group(std::exchange(member->previous, "")); previous) {
    return move(id, *member, *previous, now);
  }
  const auto groups = cycle(*member, now);
  if (groups.empty()) return;
  const bool is_solo = private_.find(member->group->id()) && member->group->members() == 1;
  const auto here = std::ranges::find(groups, is_solo && member->about.is_player ? nullptr : member->group);
  const auto next = here == groups.end() || here + 1 == groups.end() ? groups.begin() : here + 1;
  if (next == here) return;
  move(id, *member, *next ? **next : static_cast<Group&>(solo_of(*member)), now);
}

void GroupService::act(MemberId id, GroupAction action, ServerTime now) {
  Member* member = find(id);
  if (!member) return;
  member->group->act(action, member->about.is_operator, now);
  if (PrivateGroup* own = private_.find(member->group->id())) private_.save(*own, now);
  audio_.refresh(member->group->timeline(), now);
  tell_news(*member->group, now);
}

// --- what they are told

void GroupService::tell_playing(Member& member, ServerTime now) const {
  if (const auto& playing = member.group->playing()) return member.client->on_now_playing(playing);
  NowPlaying nothing;
  nothing.at = now;
  member.client->on_now_playing(std::make_shared<const NowPlaying>(nothing));
}

GroupControls GroupService::controls_of(const Member& member) const {
  GroupControls out;
  out.rights = member.group->rights(member.about.is_operator);
  std::vector<int> volumes;
  bool is_muted = true;
  std::size_t players = 0;
  for (const auto& [id, other] : members_) {
    if (other.group != member.group || !other.about.is_player) continue;
    if (other.volume) volumes.push_back(*other.volume);
    is_muted = is_muted && other.is_muted.value_or(false);
    ++players;
  }
  out.volume = group_volume(volumes).value_or(0);
  out.is_muted = players > 0 && is_muted;
  return out;
}

void GroupService::tell_controls(Member& member) {
  auto controls = controls_of(member);
  if (member.controls == controls) return;
  member.client->on_controls(controls);
  member.controls = controls;
}

void GroupService::tell_news(Group& group, ServerTime now) {
  group.look(now);
  auto view = group.view();
  const bool is_other_view = group.told != view;
  const bool is_other_track = group.told_playing != group.playing();
  if (!is_other_view && !is_other_track) return;
  group.told = std::move(view);
  group.told_playing = group.playing();
  for (auto& [id, member] : members_) {
    if (member.group != &group) continue;
    if (is_other_view) member.client->on_group(group.told);
    if (!is_other_track) continue;
    tell_playing(member, now);
    tell_artwork(id, member, now);
  }
}

void GroupService::tell_new_controls(Group& group) {
  if (!std::exchange(group.has_new_controls, false)) return;
  std::optional<GroupControls> controls;
  for (auto& [id, member] : members_) {
    if (member.group != &group) continue;
    if (!controls) controls = controls_of(member);
    controls->rights = group.rights(member.about.is_operator);
    if (member.controls == controls) continue;
    member.client->on_controls(*controls);
    member.controls = controls;
  }
}

void GroupService::tune_in(const SyncId& id, std::size_t io_thread, ServerTime now) {
  Group* group = id.group < groups_.size() ? groups_[id.group].get() : nullptr;
  if (!group) group = private_.with_timeline(id.group);
  audio_.tune_in(id, group ? group->programme() : nullptr, io_thread, now);
}

void GroupService::tick(ServerTime now) {
  audio_.tick(now);
  private_.tick(now);
  const auto tell = [&](Group& group) {
    if (group.members() == 0) return;
    tell_news(group, now);
    tell_new_controls(group);
  };
  for (const auto& group : groups_) tell(*group);
  for (const auto& [id, group] : private_.all()) tell(*group);
  for (auto& [id, member] : members_) {
    if (member.is_unsaved) save(member);
  }
}

}  // namespace tutti::app
