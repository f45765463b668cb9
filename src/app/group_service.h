// The groups of players in sync: every station is one, and there are private ones. Who is in which, how loud
// it is, what plays, and who may change it. Owned by the control thread.
#pragma once

#include "app/artwork_source.h"
#include "app/client_store.h"
#include "app/group_client.h"
#include "app/private_groups.h"
#include "app/station_group.h"
#include "app/station_service.h"
#include "app/sync_broadcasts.h"
#include "domain/group_wish.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

// One connection of a client.
using MemberId = std::uint64_t;

struct NewMember {
  std::string client_id, name;  // the client's own words
  bool is_player = false;
  bool takes_volume = false, takes_mute = false;
  bool is_operator = false;
  std::optional<std::string> route;  // of the station that was asked for; else the stored one, else the first
  bool wants_solo = false;           // instead: a private group of its own
};

struct MemberState {
  std::optional<int> volume;  // 0 to 100
  std::optional<bool> is_muted;
  bool is_elsewhere = false;  // its output is in use by something else
};

// A group, for people and apps.
struct GroupSummary {
  struct Member {
    std::string name;  // UTF-8
    bool is_player = false;
    std::optional<int> volume;
    std::optional<bool> is_muted;
  };
  GroupView view;
  bool is_private = false;
  NowPlayingPtr playing;         // may be null
  std::optional<TrackId> track;  // of a private one
  std::vector<TrackId> tracks;   // that a private one was given; empty: all
  std::vector<Member> members;
};

class GroupService {
 public:
  GroupService(StationService& stations, ProducerFactory& producers, SyncAudience& audience,
               ClientStore& store, ArtworkSource& covers);

  // After the stations'. Error: the store cannot be read.
  Result<void> open();

  // The client is told its group, what plays and its controls at once. A connection of the same client that
  // is there already is replaced.
  MemberId connect(NewMember member, std::shared_ptr<GroupClient> client, ServerTime now);
  void update(MemberId id, const MemberState& state, ServerTime now);
  // What a channel of its display shows: covers of what plays, or nothing (any more).
  void show(MemberId id, int channel, std::optional<ArtworkFormat> format, ServerTime now);
  // The connection is over; as it may come back, what only it hears goes on for a while.
  void disconnect(MemberId id, ServerTime now);
  // The same, and it has said that it does not come back by itself.
  void depart(MemberId id, ServerTime now);

  // --- its commands; of one that has gone they do nothing
  void set_volume(MemberId id, int volume);
  void set_mute(MemberId id, bool is_muted);
  // On to the next group of the specification's cycle: the one it was in before it was elsewhere; else the
  // stations that play something, private groups of several that play, those of others who play alone, and
  // one of its own.
  void switch_group(MemberId id, ServerTime now);
  void act(MemberId id, GroupAction action, ServerTime now);

  // --- for apps
  // Stations, and private groups that somebody is in.
  std::vector<GroupSummary> groups(ServerTime now);
  std::optional<GroupSummary> group(const std::string& id, ServerTime now);
  // Error: what cannot be done.
  Result<void> arrange(const std::string& id, const GroupWish& wish, ServerTime now);

  // --- audio, for I/O threads
  void tune_in(const SyncId& id, std::size_t io_thread, ServerTime now);
  void leave(const SyncId& id, std::size_t io_thread, ServerTime now) { audio_.leave(id, io_thread, now); }

  void tick(ServerTime now);
  // The last thing before the server stops.
  void stop(ServerTime now) { private_.save_playing(now); }
  std::size_t members() const { return members_.size(); }

 private:
  static constexpr std::size_t kMostChannels = 4;
  struct Member {
    NewMember about;
    std::shared_ptr<GroupClient> client;
    Group* group = nullptr;
    std::string previous;  // where it was before it was elsewhere; else ""
    bool is_elsewhere = false;
    std::optional<int> volume;  // as it is, or as it was asked to be
    std::optional<bool> is_muted;
    bool is_restored = false;  // what was stored has been asked of it
    bool is_unsaved = false;
    std::optional<GroupControls> controls;  // as it was told
    std::array<std::optional<ArtworkFormat>, kMostChannels> channels{};
  };

  Member* find(MemberId id);
  Group* find_group(const std::string& id);
  Group& choose_group(const Member& member);
  PrivateGroup& solo_of(const Member& member);
  std::vector<Group*> cycle(const Member& member, ServerTime now);
  void enter(MemberId id, Member& member, Group& group, ServerTime now);
  void move(MemberId id, Member& member, Group& group, ServerTime now);
  void go_apart(MemberId id, Member& member, ServerTime now);
  void tell_playing(Member& member, ServerTime now) const;
  void tell_controls(Member& member);
  void tell_artwork(MemberId id, Member& member, ServerTime now);
  void tell_artwork(MemberId id, Member& member, std::size_t channel, ServerTime now);
  void tell_news(Group& group, ServerTime now);
  void tell_new_controls(Group& group);
  GroupControls controls_of(const Member& member) const;
  GroupSummary summary(Group& group, bool is_private, ServerTime now);
  std::vector<Member*> players_with(const Member& member);
  void restore(Member& member, const MemberState& state);
  void save(Member& member);

  StationService& stations_;
  ClientStore& store_;
  ArtworkSource& covers_;
  SyncBroadcasts audio_;
  std::vector<std::unique_ptr<StationGroup>> groups_;  // in the order of their routes
  PrivateGroups private_;
  std::map<MemberId, Member> members_;
  std::map<std::string, MemberId> by_client_;
  std::map<std::string, StoredClient> stored_;
  MemberId next_id_ = 1;
};

}  // namespace tutti::app
