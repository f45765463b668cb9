// The groups of players in sync: every station is one. Who is in which, how loud it is, what plays, and who
// may change it. Owned by the control thread.
#pragma once

#include "app/artwork_source.h"
#include "app/client_store.h"
#include "app/group_client.h"
#include "app/station_service.h"
#include "app/sync_broadcasts.h"

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
};

struct MemberState {
  std::optional<int> volume;  // 0 to 100
  std::optional<bool> is_muted;
  bool is_elsewhere = false;  // its output is in use by something else
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
  void disconnect(MemberId id);

  // --- its commands; of one that has gone they do nothing
  void set_volume(MemberId id, int volume);
  void set_mute(MemberId id, bool is_muted);
  // On to the next group of the cycle: the one it was in before it was elsewhere, else the next station that
  // plays something.
  void switch_group(MemberId id, ServerTime now);
  // An operator's.
  void next(MemberId id, ServerTime now);
  void previous(MemberId id, ServerTime now);

  // --- audio, for I/O threads
  void tune_in(const SyncId& id, std::size_t io_thread, ServerTime now);
  void leave(const SyncId& id, std::size_t io_thread, ServerTime now) { audio_.leave(id, io_thread, now); }

  void tick(ServerTime now);
  std::size_t members() const { return members_.size(); }

 private:
  static constexpr std::size_t kMostChannels = 4;
  struct Member {
    NewMember about;
    std::shared_ptr<GroupClient> client;
    std::uint32_t group = 0;    // a station's, also while it is apart
    bool is_apart = false;      // in a group of its own, which is silent
    std::optional<int> volume;  // as it is, or as it was asked to be
    std::optional<bool> is_muted;
    bool is_restored = false;  // what was stored has been asked of it
    bool is_unsaved = false;
    std::optional<GroupControls> controls;  // as it was told
    std::array<std::optional<ArtworkFormat>, kMostChannels> channels{};
  };
  struct Group {
    std::string route, name;
    bool is_playing = false;
    NowPlayingPtr playing;  // as the members were told; null: not since there is one
    bool has_new_controls = false;
    std::size_t members = 0, players = 0;
  };

  Member* find(MemberId id);
  std::uint32_t choose_group(const NewMember& member) const;
  GroupView view(const Member& member) const;
  void enter(MemberId id, Member& member, std::uint32_t group, ServerTime now);
  void leave_group(Member& member);
  void count(const Member& member, int change);
  void look(Group& group, ServerTime now);  // at what plays there now
  NowPlaying playing_at(Group& group, const StationView& station, ServerTime now) const;
  void tell_playing(Member& member, ServerTime now) const;
  void tell_controls(Member& member);
  void tell_artwork(MemberId id, Member& member, ServerTime now);
  void tell_artwork(MemberId id, Member& member, std::size_t channel, ServerTime now);
  NowPlayingPtr playing_for(const Member& member) const;
  void tell_changes(std::uint32_t index, ServerTime now);
  GroupControls controls_of(const Member& member) const;
  std::vector<Member*> players_with(const Member& member);
  void restore(Member& member, const MemberState& state);
  void save(Member& member);

  StationService& stations_;
  ClientStore& store_;
  ArtworkSource& covers_;
  SyncBroadcasts audio_;
  std::vector<Group> groups_;  // in the order of their routes
  std::map<MemberId, Member> members_;
  std::map<std::string, MemberId> by_client_;
  std::map<std::string, StoredClient> stored_;
  MemberId next_id_ = 1;
};

}  // namespace tutti::app
