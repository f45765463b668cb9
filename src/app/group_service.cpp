#include "app/group_service.h"

#include "base/log.h"
#include "base/utf8.h"
#include "domain/group_volume.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

using std::chrono::milliseconds;

// A group's index is a station's; one that is apart has none of those.
constexpr std::uint32_t kApart = 0xFFFF'FFFF;

}  // namespace

GroupService::GroupService(StationService& stations, ProducerFactory& producers, SyncAudience& audience,
                           ClientStore& store, ArtworkSource& covers)
    : stations_(stations), store_(store), covers_(covers), audio_(producers, audience) {}

Result<void> GroupService::open() {
  auto stored = store_.load_clients();
  if (!stored) return tl::make_unexpected(stored.error());
  stored_ = std::move(*stored);
  for (const auto& [route, id] : stations_.broadcasts()) {
    if (stations_.is_individual(id)) continue;
    groups_.push_back({route, route == "/" ? "main" : route.substr(1), false, nullptr, false, 0, 0});
  }
  return {};
}

// --- members

GroupService::Member* GroupService::find(MemberId id) {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

std::uint32_t GroupService::choose_group(const NewMember& member) const {
  const auto index_of = [this](const std::string& route) -> std::optional<std::uint32_t> {
    const auto found = std::ranges::find(groups_, route, &Group::route);
    if (found == groups_.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - groups_.begin());
  };
  if (member.route) {
    if (const auto index = index_of(*member.route)) return *index;
  }
  const auto stored = stored_.find(member.client_id);
  if (stored == stored_.end()) return 0;
  return index_of(stored->second.route).value_or(0);
}

MemberId GroupService::connect(NewMember about, std::shared_ptr<GroupClient> client, ServerTime now) {
  const auto before = by_client_.find(about.client_id);
  if (before != by_client_.end()) {
    const MemberId old = before->second;
    find(old)->client->on_replaced();
    disconnect(old);
  }
  const MemberId id = next_id_++;
  by_client_[about.client_id] = id;
  Member& member = members_[id];
  member.about = std::move(about);
  member.client = std::move(client);
  const bool has_groups = !groups_.empty();
  member.is_apart = !has_groups;
  log::debug("Sendspin: {} is here", to_valid_utf8(member.about.name));
  if (has_groups) {
    enter(id, member, choose_group(member.about), now);
  } else {
    member.client->on_group(view(member));
  }
  return id;
}

void GroupService::disconnect(MemberId id) {
  Member* member = find(id);
  if (!member) return;
  save(*member);
  leave_group(*member);
  log::debug("Sendspin: {} has gone", to_valid_utf8(member->about.name));
  by_client_.erase(member->about.client_id);
  members_.erase(id);
}

void GroupService::count(const Member& member, int change) {
  if (member.is_apart || groups_.empty()) return;
  Group& group = groups_[member.group];
  group.members += static_cast<std::size_t>(change);
  if (member.about.is_player) {
    group.players += static_cast<std::size_t>(change);
    group.has_new_controls = true;
    stations_.count_players(group.route, group.players);
  }
}

void GroupService::leave_group(Member& member) { count(member, -1); }

void GroupService::enter(MemberId id, Member& member, std::uint32_t index, ServerTime now) {
  member.group = index;
  member.is_apart = false;
  member.is_unsaved = true;
  count(member, 1);
  Group& group = groups_[index];
  look(group, now);
  member.client->on_group(view(member));
  tell_playing(member, now);
  tell_controls(member);
  tell_artwork(id, member, now);
}

GroupView GroupService::view(const Member& member) const {
  if (member.is_apart) return {kApart, "apart:" + member.about.client_id, member.about.name, false};
  const Group& group = groups_[member.group];
  return {member.group, group.route, group.name, group.is_playing};
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
  if (!member->is_apart && !groups_.empty()) groups_[member->group].has_new_controls = true;
  if (!state.is_elsewhere || member->is_apart) return;
  leave_group(*member);
  member->is_apart = true;
  member->client->on_group(view(*member));
  tell_playing(*member, now);
  tell_controls(*member);
  tell_artwork(id, *member, now);
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
  if (!std::exchange(member.is_unsaved, false) || groups_.empty()) return;
  const auto& id = member.about.client_id;
  StoredClient client{groups_[member.group].route, member.volume, member.is_muted};
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
    const bool is_together =
        member.is_apart ? &other == &member : !other.is_apart && other.group == member.group;
    if (is_together && other.about.is_player) out.push_back(&other);
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
  if (!member->is_apart && !groups_.empty()) groups_[member->group].has_new_controls = true;
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
  if (!member->is_apart && !groups_.empty()) groups_[member->group].has_new_controls = true;
}

void GroupService::switch_group(MemberId id, ServerTime now) {
  Member* member = find(id);
  if (!member || groups_.empty()) return;
  if (member->is_apart) return enter(id, *member, member->group, now);
  const auto count = static_cast<std::uint32_t>(groups_.size());
  for (std::uint32_t step = 1; step < count; ++step) {
    const std::uint32_t index = (member->group + step) % count;
    look(groups_[index], now);
    if (!groups_[index].is_playing) continue;
    leave_group(*member);
    return enter(id, *member, index, now);
  }
}

void GroupService::next(MemberId id, ServerTime now) {
  Member* member = find(id);
  if (!member || member->is_apart || !member->about.is_operator) return;
  if (const auto done = stations_.next(groups_[member->group].route, now); !done) {
    return log::info("Sendspin: next: {}", done.error().message);
  }
  audio_.refresh(member->group, now);
}

void GroupService::previous(MemberId id, ServerTime now) {
  Member* member = find(id);
  if (!member || member->is_apart || !member->about.is_operator) return;
  if (const auto done = stations_.previous(groups_[member->group].route, now); !done) {
    return log::info("Sendspin: previous: {}", done.error().message);
  }
  audio_.refresh(member->group, now);
}

// --- what they are told

void GroupService::look(Group& group, ServerTime now) {
  const auto station = stations_.view(group.route, now, 0, 0);
  if (!station) return;
  group.is_playing = station->status == Station::Status::on_air;
  auto playing = playing_at(group, *station, now);
  if (group.playing) {
    // The same track, only later: nothing that a client could not reckon.
    NowPlaying known = *group.playing;
    const bool is_on_course =
        known.has_track && playing.has_track && playing.at - playing.position == known.at - known.position;
    known.at = playing.at;
    known.position = playing.position;
    if (known == playing && (is_on_course || !playing.has_track)) return;
  }
  group.playing = std::make_shared<const NowPlaying>(std::move(playing));
}

// From where the track began, so that its message holds for all of it.
NowPlaying GroupService::playing_at(Group& group, const StationView& station, ServerTime now) const {
  NowPlaying out;
  out.at = now;
  if (station.current >= station.aired.size()) return out;
  const AiredTrack& track = station.aired[station.current];
  out.at = track.starts_at;
  out.has_track = true;
  out.title = track.title;
  out.artist = track.artist;
  out.album = track.album;
  out.duration = std::chrono::duration_cast<milliseconds>(track.duration);
  if (const Track* known = stations_.library().find(track.id)) {
    out.year = known->tags.year;
    out.number = known->tags.number;
    out.album_artist = known->tags.album_artist;
  }
  out.track = track.id;
  if (track.has_cover) out.cover = track.id;
  out.is_shuffled = stations_.order_of(stations_.broadcasts().at(group.route)) == Rotation::Order::shuffled;
  return out;
}

NowPlayingPtr GroupService::playing_for(const Member& member) const {
  return member.is_apart ? nullptr : groups_[member.group].playing;
}

void GroupService::tell_playing(Member& member, ServerTime now) const {
  if (const auto playing = playing_for(member)) return member.client->on_now_playing(playing);
  NowPlaying nothing;
  nothing.at = now;
  member.client->on_now_playing(std::make_shared<const NowPlaying>(nothing));
}

GroupControls GroupService::controls_of(const Member& member) const {
  GroupControls out;
  out.may_skip = member.about.is_operator && !member.is_apart;
  std::vector<int> volumes;
  bool is_muted = true;
  std::size_t players = 0;
  for (const auto& [id, other] : members_) {
    const bool is_together =
        member.is_apart ? &other == &member : !other.is_apart && other.group == member.group;
    if (!is_together || !other.about.is_player) continue;
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

void GroupService::tell_changes(std::uint32_t index, ServerTime now) {
  Group& group = groups_[index];
  const auto before = group.playing;
  const bool was_playing = group.is_playing;
  look(group, now);
  const bool has_news = group.playing != before || group.is_playing != was_playing;
  const bool has_controls = std::exchange(group.has_new_controls, false);
  if (!has_news && !has_controls) return;
  std::optional<GroupControls> controls;
  for (auto& [id, member] : members_) {
    if (member.is_apart || member.group != index) continue;
    if (group.is_playing != was_playing) member.client->on_group(view(member));
    if (group.playing != before) {
      tell_playing(member, now);
      tell_artwork(id, member, now);
    }
    if (!has_controls) continue;
    if (!controls) controls = controls_of(member);
    controls->may_skip = member.about.is_operator;
    if (member.controls == controls) continue;
    member.client->on_controls(*controls);
    member.controls = controls;
  }
}

void GroupService::tune_in(const SyncId& id, std::size_t io_thread, ServerTime now) {
  Programmed* programme = id.group < groups_.size() ? stations_.programme(groups_[id.group].route) : nullptr;
  audio_.tune_in(id, programme, io_thread, now);
}

void GroupService::tick(ServerTime now) {
  audio_.tick(now);
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].members > 0) tell_changes(i, now);
  }
  for (auto& [id, member] : members_) {
    if (member.is_unsaved) save(member);
  }
}

}  // namespace tutti::app
