// The stations: puts them on the air when somebody listens, keeps them in pace, and takes them off when
// nobody does. Owned by the control thread, which calls tick() a few times a second; everything else happens
// on request.
#pragma once

#include "app/audience.h"
#include "app/broadcast.h"
#include "app/library.h"
#include "app/listener_registry.h"
#include "app/producer.h"
#include "app/programme_store.h"
#include "app/programmed.h"
#include "app/station.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tutti::app {

struct ServiceSettings {
  Encoding encoding;
  Duration burst{4'000'000};          // what a listener gets at once when joining
  std::size_t buffer_size = 2 << 20;  // bytes of packets kept per broadcast
  std::uint64_t seed = 0;             // of stations that are new
};

struct StationView {
  std::string route, name;
  Station::Status status = Station::Status::empty;
  std::size_t listeners = 0;
  int bitrate = 0;
  bool is_individual = false;  // then `aired` is what somebody began to hear last
  std::optional<Timeline> timeline;
  std::vector<AiredTrack> aired;
  std::size_t current = 0;  // index into aired; aired.size() when nothing is on air
};

class StationService {
 public:
  StationService(ServiceSettings settings, WallAnchor anchor, Library& library, ProgrammeStore& store,
                 ProducerFactory& producers, Audience& audience);

  // Before the first tick. `stored`: the programmes kept from earlier starts, by route. Brings every station
  // up to `now`.
  void open(std::vector<StationSettings> stations, std::map<std::string, StoredProgramme> stored,
            ServerTime now);

  // Fixed after open().
  std::map<std::string, BroadcastId> broadcasts() const;
  std::set<BroadcastId> individual() const;  // of those, the individual stations

  void tick(ServerTime now);
  void on_library_changed(const std::string& folder);

  // An I/O thread has a first listener. on_air: packets will be delivered to it.
  Station::Status tune_in(BroadcastId id, std::size_t io_thread, ServerTime now);
  Station::Status status(BroadcastId id, ServerTime now);
  void leave(BroadcastId id, std::size_t io_thread, ServerTime now);
  void count_listeners(BroadcastId id, std::size_t io_thread, std::size_t listeners);

  // What plays there, for players in sync; lives as long as this. nullptr: there is no such station, or each
  // listener has a programme of their own.
  Programmed* programme(const std::string& route);
  // How many players in sync hear it: they are listeners of the station.
  void count_players(const std::string& route, std::size_t players);

  // --- individual stations
  bool is_individual(BroadcastId id) const { return channels_.at(id.station)->station.is_individual(); }
  // What a listener's own programme is made of, in path order. Until the next call of anything here.
  const std::vector<RotationTrack>& personal_tracks(BroadcastId id, ServerTime now);
  Rotation::Order order_of(BroadcastId id) const { return channels_.at(id.station)->station.order(); }
  // The index-th track of all individual stations, one after the other; nullopt behind the last.
  std::optional<TrackId> personal_track(std::size_t index, ServerTime now);
  // Somebody begins to hear `track`: that is what the station is said to be playing. `key`: the listener's,
  // or "".
  void note_started(BroadcastId id, TrackId track, ServerTime heard_at, const std::string& key);
  // What this listener has heard last and hears now, oldest first.
  std::vector<AiredTrack> heard_by(const ListenerStart& listener) const;

  std::vector<StationView> views(ServerTime now, std::size_t before, std::size_t after);
  std::optional<StationView> view(const std::string& route, ServerTime now, std::size_t before,
                                  std::size_t after);
  // Looks at the folders of a station again, or of all. False: there is no such station.
  bool rescan(const std::string& route);
  void rescan_all();

  // An operator's wishes: audible as soon as what is made already has been heard, at once where nobody
  // listens; stored like all of the programme. Error: there is no such station, or nothing plays there.
  // The track that plays next, as it is going to be aired.
  Result<AiredTrack> next(const std::string& route, ServerTime now);
  Result<AiredTrack> previous(const std::string& route, ServerTime now);
  // Another shuffle of what is to come, drawn from `seed`; shuffling is on from then on.
  Result<void> shuffle(const std::string& route, std::uint64_t seed, ServerTime now);
  Result<void> set_shuffle(const std::string& route, bool on, std::uint64_t seed, ServerTime now);
  Result<void> clear_history(const std::string& route, ServerTime now);
  bool has(const std::string& route) const { return by_route_.contains(route); }

  const WallAnchor& wall_anchor() const { return anchor_; }
  const std::string& route_of(BroadcastId id) const { return channels_.at(id.station)->station.route(); }
  std::size_t size() const { return channels_.size(); }
  int rate() const { return settings_.encoding.rate; }  // Hz, that programmes are counted at
  ListenerRegistry& listeners() { return listeners_; }
  Library& library() { return library_; }

 private:
  struct Channel;
  class StationProgramme : public Programmed {
   public:
    StationProgramme(StationService& service, Channel& channel) : service_(service), channel_(channel) {}
    FrameClock clock() const override { return channel_.station.clock(); }
    std::vector<Segment> segments(Frames from, ServerTime now) override;
    void on_failed(const Segment& segment, const Error& why, ServerTime now) override;

   private:
    StationService& service_;
    Channel& channel_;
  };

  struct Channel {
    Channel(StationService& service, Station a_station, Broadcast a_broadcast)
        : station(std::move(a_station)), broadcast(std::move(a_broadcast)), programme(service, *this) {}

    Station station;
    Broadcast broadcast;
    StationProgramme programme;          // for players in sync
    std::optional<ServerTime> asked_at;  // when audio was last made of it for those
    std::size_t players = 0;             // in sync
    bool dirty = true;                   // the library changed since the last refresh
    Frames produced_until = 0;           // what the producer was last asked for
    std::optional<Frames> chosen;        // where the entry begins that an operator asked for last
    std::optional<StoredProgramme> saved;
    std::map<std::size_t, std::size_t> personal_listeners;  // by I/O thread
    std::optional<PersonalEntry> latest;                    // what somebody began to hear
    std::deque<PersonalEntry> coming;                       // sent already, heard soon
  };

  void settle(Channel& channel, ServerTime now);  // brings its programme up to the library and `now`
  void start(Channel& channel, ServerTime now);
  void keep_pace(Channel& channel, ServerTime now);
  void on_failed(Channel& channel, const Segment& segment, const Error& why, Frames unmade);
  bool is_heard(const Channel& channel, ServerTime now) const;
  Result<Channel*> find(const std::string& route, ServerTime now);
  Frames unmade_from(const Channel& channel, ServerTime now) const;
  Result<AiredTrack> on_air_from(Channel& channel, Frames frame, ServerTime now);
  StationView describe(Channel& channel, ServerTime now, std::size_t before, std::size_t after);

  ServiceSettings settings_;
  WallAnchor anchor_;
  Library& library_;
  ProgrammeStore& store_;
  ProducerFactory& producers_;
  Audience& audience_;
  ListenerRegistry listeners_;
  std::vector<std::unique_ptr<Channel>> channels_;  // by BroadcastId::station
  std::map<std::string, std::size_t> by_route_;
  std::multimap<std::string, std::size_t> by_folder_;
  std::set<std::size_t> running_;  // with a producer
};

}  // namespace tutti::app
