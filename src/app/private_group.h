// A group with a timeline of its own over the library. Who is in it may do everything. It costs nothing while
// it does not play, and plays no longer than somebody hears it. Owned by the control thread.
#pragma once

#include "app/client_store.h"
#include "app/group.h"
#include "app/library.h"
#include "domain/private_timeline.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

class PrivateGroup : public Group, private Programmed {
 public:
  // What they all need; outlives them.
  struct Surroundings {
    Library& library;
    WallAnchor anchor;
    int rate = 44100;  // Hz, that their timelines are counted at
    // The whole library, as it was some seconds ago at most; nullptr: nothing is known of it yet.
    std::function<PrivateTimeline::Tracks()> all_tracks;
    // A number for audio that nobody has made yet; that of the one before is not wanted any more. 0: there
    // was none.
    std::function<std::uint32_t(std::uint32_t before)> another_timeline;
    std::function<std::uint64_t()> seed;
  };
  // The last player has gone: if none comes back so soon, it is where that one left it.
  static constexpr Duration kPatience{30'000'000};

  PrivateGroup(Surroundings& around, std::string id, StoredGroup stored);

  const std::string& owner() const { return owner_; }
  void give_to(std::string owner, std::string name);
  bool is_idle() const { return members() == 0 && !timeline_.is_playing(); }
  // Idle, and it holds nothing that it could do without: a look would see nothing new.
  bool is_asleep() const { return is_idle() && !all_; }
  // Nobody has ever done anything with it.
  bool is_blank() const;
  // By the last player since the start; before that: 0.
  ServerTime left_at() const { return left_ ? left_->at : ServerTime{}; }

  // --- a wish of somebody who is not in it, or that no remote control has. False: there is nothing to play.
  // The tracks it plays, the first of them from its beginning; empty: all of the library. Those that are not
  // there are passed over while they are not; if none is, nothing changes.
  bool choose(std::vector<TrackId> tracks, ServerTime now);
  bool go_to(TrackId track, ServerTime now);
  void seek(Duration position, ServerTime now);
  const std::vector<TrackId>& chosen() const { return chosen_; }
  const PrivateTimeline& times() const { return timeline_; }

  // What is to be stored since this was asked last; nullopt: nothing new.
  std::optional<StoredGroup> take_unsaved(ServerTime now);
  StoredGroup stored(ServerTime now) const;

  // --- Group
  std::uint32_t timeline() const override { return number_; }
  Programmed* programme() override { return timeline_.is_playing() ? this : nullptr; }
  void look(ServerTime now) override;
  bool is_playing() const override { return timeline_.is_playing(); }
  const NowPlayingPtr& playing() const override { return playing_; }
  GroupRights rights(bool) const override { return GroupRights::everything; }
  void act(GroupAction action, bool is_operator, ServerTime now) override;
  void abandon(ServerTime now) override;

 private:
  void on_players(ServerTime now) override;

  // --- Programmed
  FrameClock clock() const override { return timeline_.clock(); }
  std::vector<Segment> segments(Frames from, ServerTime now) override;
  void on_failed(const Segment& segment, const Error& why, ServerTime now) override;

  struct Left {
    ServerTime at;
    PrivateTimeline::State state;
  };
  void take_tracks(ServerTime now);
  void pause_unheard(ServerTime now);
  PrivateTimeline::Tracks tracks_of(const std::vector<TrackId>& ids) const;
  NowPlaying playing_at(ServerTime now) const;

  Surroundings& around_;
  std::string owner_;
  std::vector<TrackId> chosen_;  // empty: all
  PrivateTimeline timeline_;
  PrivateTimeline::Tracks all_;            // as it was when the tracks were taken
  std::optional<ServerTime> played_till_;  // before a restart it did
  std::optional<Left> left_;               // by the last player
  std::vector<TrackId> unplayable_;        // heard of, not acted upon
  std::uint64_t turn_ = 0;
  std::uint32_t number_ = 0;
  NowPlayingPtr playing_;
  bool is_unsaved_ = false;
  ServerTime saved_at_;
};

}  // namespace tutti::app
