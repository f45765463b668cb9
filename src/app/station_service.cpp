#include "app/station_service.h"

#include "base/log.h"
#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// How far ahead of what is on air the producer works: more than a tick and a listener's flush are ever late.
constexpr Duration kLead = 1500ms;
// A listener who changes their mind finds the station still running.
constexpr Duration kStationLinger = 10s;
// After a longer pause of the whole machine the past is passed over rather than made up for.
constexpr Duration kTooLate = 30s;
// Who makes audio for players in sync asks what plays some times a second.
constexpr Duration kAsking = 2s;

}  // namespace

StationService::StationService(ServiceSettings settings, WallAnchor anchor, Library& library,
                               ProgrammeStore& store, ProducerFactory& producers, Audience& audience)
    : settings_(settings),
      anchor_(anchor),
      library_(library),
      store_(store),
      producers_(producers),
      audience_(audience) {}

void StationService::open(std::vector<StationSettings> stations,
                          std::map<std::string, StoredProgramme> stored, ServerTime now) {
  for (auto& station : stations) {
    const auto index = static_cast<std::uint32_t>(channels_.size());
    auto kept = stored.extract(station.route);
    by_route_[station.route] = index;
    station.head_start = settings_.burst;
    for (const auto& folder : station.folders) by_folder_.emplace(folder, index);
    channels_.push_back(std::make_unique<Channel>(
        *this,
        Station(std::move(station), settings_.encoding.rate, anchor_, now, settings_.seed + index,
                kept ? std::optional(std::move(kept.mapped())) : std::nullopt),
        Broadcast({index, 0}, settings_.buffer_size)));
    settle(*channels_.back(), now);
  }
}

std::map<std::string, BroadcastId> StationService::broadcasts() const {
  std::map<std::string, BroadcastId> out;
  for (const auto& [route, index] : by_route_) out[route] = {static_cast<std::uint32_t>(index), 0};
  return out;
}

std::set<BroadcastId> StationService::individual() const {
  std::set<BroadcastId> out;
  for (const auto& [route, id] : broadcasts()) {
    if (is_individual(id)) out.insert(id);
  }
  return out;
}

void StationService::on_library_changed(const std::string& folder) {
  const auto [first, last] = by_folder_.equal_range(folder);
  for (auto it = first; it != last; ++it) channels_[it->second]->dirty = true;
}

void StationService::settle(Channel& channel, ServerTime now) {
  if (std::exchange(channel.dirty, false)) {
    channel.station.refresh(library_, now, is_heard(channel, now));
  }
  channel.station.advance(library_, now);
  if (channel.station.is_individual()) return;
  auto state = channel.station.stored();
  if (channel.saved == state) return;
  store_.save_programme(channel.station.route(), state);
  channel.saved = std::move(state);
}

void StationService::tick(ServerTime now) {
  for (auto it = running_.begin(); it != running_.end();) {
    Channel& channel = *channels_[*it];
    const auto idle_since = channel.broadcast.idle_since();
    if (!channel.broadcast.has_audience() && idle_since && now - *idle_since >= kStationLinger) {
      channel.broadcast.stop();
      log::info("{}: off the air, nobody listens", channel.station.route());
      it = running_.erase(it);
      continue;
    }
    keep_pace(channel, now);
    ++it;
  }
}

void StationService::keep_pace(Channel& channel, ServerTime now) {
  if (!channel.broadcast.is_running() || channel.broadcast.is_busy()) return;
  const Frames until = channel.station.frame_at(now + kLead);
  if (until <= channel.produced_until) return;
  if (until - channel.produced_until > frames_in(kTooLate, channel.station.rate()))
    return start(channel, now);
  settle(channel, now);
  auto segments = channel.station.segments(library_, channel.produced_until);
  channel.produced_until = until;
  channel.broadcast.produce(std::move(segments), until);
}

void StationService::start(Channel& channel, ServerTime now) {
  const Frames first = channel.station.audible_from(channel.station.frame_at(now - settings_.burst));
  channel.produced_until = first;
  Producer::Events events;
  events.packets = [this, &channel](auto packets) {
    channel.broadcast.on_packets(std::move(packets), audience_);
  };
  events.failed = [this, &channel](const Segment& segment, const Error& why) {
    on_failed(channel, segment, why, channel.produced_until);
  };
  events.idle = [&channel] { channel.broadcast.on_idle(); };
  const FrameClock clock = channel.station.clock();
  channel.broadcast.start(producers_, settings_.encoding, clock, clock.time_of(first), std::move(events));
  keep_pace(channel, now);
}

void StationService::on_failed(Channel& channel, const Segment& segment, const Error& why, Frames unmade) {
  log::warn("{}: {} cannot be played: {}", channel.station.route(), to_valid_utf8(segment.path), why.message);
  channel.station.drop_unplayable(std::max(segment.first, unmade));
}

bool StationService::is_heard(const Channel& channel, ServerTime now) const {
  return channel.broadcast.is_running() || (channel.asked_at && now - *channel.asked_at < kAsking);
}

std::vector<Segment> StationService::StationProgramme::segments(Frames from, ServerTime now) {
  channel_.asked_at = now;
  service_.settle(channel_, now);
  return channel_.station.segments(service_.library_, from);
}

void StationService::StationProgramme::on_failed(const Segment& segment, const Error& why, ServerTime now) {
  // Another encoding may have met it before: then something else is there by now.
  const Frames unmade = service_.unmade_from(channel_, now);
  const ProgrammeEntry* entry = channel_.station.entry_at(std::max(segment.first, unmade));
  if (!entry || entry->track != segment.track || entry->first != segment.first) return;
  service_.on_failed(channel_, segment, why, unmade);
}

Programmed* StationService::programme(const std::string& route) {
  const auto found = by_route_.find(route);
  if (found == by_route_.end()) return nullptr;
  Channel& channel = *channels_[found->second];
  return channel.station.is_individual() ? nullptr : &channel.programme;
}

void StationService::count_players(const std::string& route, std::size_t players) {
  const auto found = by_route_.find(route);
  if (found != by_route_.end()) channels_[found->second]->players = players;
}

Station::Status StationService::tune_in(BroadcastId id, std::size_t io_thread, ServerTime now) {
  const auto status = this->status(id, now);
  if (status != Station::Status::on_air) return status;
  Channel& channel = *channels_[id.station];
  channel.broadcast.join(io_thread, audience_);
  if (!channel.broadcast.is_running()) {
    log::info("{}: on the air", channel.station.route());
    running_.insert(id.station);
    start(channel, now);
  }
  return status;
}

Station::Status StationService::status(BroadcastId id, ServerTime now) {
  Channel& channel = *channels_.at(id.station);
  settle(channel, now);
  return channel.station.status(library_, now);
}

void StationService::leave(BroadcastId id, std::size_t io_thread, ServerTime now) {
  channels_.at(id.station)->broadcast.leave(io_thread, now);
}

void StationService::count_listeners(BroadcastId id, std::size_t io_thread, std::size_t listeners) {
  Channel& channel = *channels_.at(id.station);
  if (channel.station.is_individual()) {
    channel.personal_listeners[io_thread] = listeners;
  } else {
    channel.broadcast.count(io_thread, listeners);
  }
}

const std::vector<RotationTrack>& StationService::personal_tracks(BroadcastId id, ServerTime now) {
  Channel& channel = *channels_.at(id.station);
  settle(channel, now);
  return channel.station.tracks();
}

std::optional<TrackId> StationService::personal_track(std::size_t index, ServerTime now) {
  for (const auto& channel : channels_) {
    if (!channel->station.is_individual()) continue;
    if (channel->dirty) settle(*channel, now);
    if (index < channel->station.tracks().size()) return channel->station.tracks()[index].id;
    index -= channel->station.tracks().size();
  }
  return std::nullopt;
}

void StationService::note_started(BroadcastId id, TrackId track, ServerTime heard_at,
                                  const std::string& key) {
  constexpr std::size_t kMostComing = 256;
  auto& coming = channels_.at(id.station)->coming;
  if (coming.size() >= kMostComing) coming.pop_front();
  coming.push_back({track, heard_at});
  if (!key.empty()) listeners_.add_track(key, {track, heard_at});
}

std::vector<AiredTrack> StationService::heard_by(const ListenerStart& listener) const {
  std::vector<AiredTrack> out;
  const auto route = by_route_.find(listener.route);
  if (route == by_route_.end()) return out;
  for (const auto& entry : listener.tracks) {
    out.push_back(channels_[route->second]->station.describe(library_, entry.track, entry.heard_at));
  }
  return out;
}

bool StationService::rescan(const std::string& route) {
  const auto found = by_route_.find(route);
  if (found == by_route_.end()) return false;
  for (const auto& folder : channels_[found->second]->station.folders()) library_.rescan(folder);
  return true;
}

void StationService::rescan_all() {
  for (const auto& [folder, index] : by_folder_) library_.rescan(folder);
}

StationView StationService::describe(Channel& channel, ServerTime now, std::size_t before,
                                     std::size_t after) {
  settle(channel, now);
  StationView view;
  view.route = channel.station.route();
  view.name = channel.station.name();
  view.status = channel.station.status(library_, now);
  view.bitrate = settings_.encoding.bitrate;
  view.is_individual = channel.station.is_individual();
  if (view.is_individual) {
    for (const auto& [thread, listeners] : channel.personal_listeners) view.listeners += listeners;
    auto& latest = channel.latest;
    std::erase_if(channel.coming, [&](const PersonalEntry& entry) {
      if (entry.heard_at > now) return false;
      latest = entry;
      return true;
    });
    if (latest) view.aired = {channel.station.describe(library_, latest->track, latest->heard_at)};
  } else {
    view.listeners = channel.broadcast.listeners() + channel.players;
    view.timeline = channel.station.timeline(library_, now);
    view.aired = channel.station.aired(library_, now, before, after);
  }
  const auto on_air = std::ranges::find_if(view.aired, [now](const AiredTrack& track) {
    return track.starts_at <= now && now < track.starts_at + track.duration;
  });
  view.current = static_cast<std::size_t>(on_air - view.aired.begin());
  return view;
}

std::vector<StationView> StationService::views(ServerTime now, std::size_t before, std::size_t after) {
  std::vector<StationView> out;
  for (const auto& [route, index] : by_route_) out.push_back(describe(*channels_[index], now, before, after));
  return out;
}

std::optional<StationView> StationService::view(const std::string& route, ServerTime now, std::size_t before,
                                                std::size_t after) {
  const auto found = by_route_.find(route);
  if (found == by_route_.end()) return std::nullopt;
  return describe(*channels_[found->second], now, before, after);
}

}  // namespace tutti::app
