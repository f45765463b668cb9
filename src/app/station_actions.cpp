// What an operator asks of a station while it runs.
#include "app/station_service.h"
#include "base/log.h"

#include <algorithm>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// The producer works in pieces of the codec's size, so it is ahead of its order by up to two of them.
constexpr Duration kPiece = 100ms;
// Players in sync throw away what they hold, and must have what plays instead in time.
constexpr Duration kNotice = 500ms;

}  // namespace

Result<StationService::Channel*> StationService::find(const std::string& route, ServerTime now) {
  const auto found = by_route_.find(route);
  if (found == by_route_.end()) return fail("there is no station at " + route + "; see /streams");
  Channel& channel = *channels_[found->second];
  if (channel.station.is_individual()) {
    return fail("each listener of " + route + " has a programme of their own, which nobody else changes");
  }
  settle(channel, now);
  return &channel;
}

Frames StationService::unmade_from(const Channel& channel, ServerTime now) const {
  const Frames here = channel.station.frame_at(now);
  if (channel.broadcast.is_running()) {
    return std::max(here, channel.produced_until) + frames_in(kPiece, channel.station.rate());
  }
  return is_heard(channel, now) ? channel.station.frame_at(now + kNotice) : here;
}

Result<AiredTrack> StationService::on_air_from(Channel& channel, Frames frame, ServerTime now) {
  settle(channel, now);
  const ProgrammeEntry* entry = channel.station.entry_at(frame);
  if (!entry) return fail("nothing plays on " + channel.station.route());
  channel.chosen = entry->first;
  AiredTrack track = channel.station.describe(library_, *entry);
  log::info("{}: an operator chose {}", channel.station.route(), track.file);
  return track;
}

Result<AiredTrack> StationService::next(const std::string& route, ServerTime now) {
  const auto channel = find(route, now);
  if (!channel) return tl::make_unexpected(channel.error());
  Station& station = (*channel)->station;
  const Frames from = unmade_from(**channel, now);
  const ProgrammeEntry* entry = station.entry_at(from);
  // What plays ends by itself before it could be cut: the next one comes in its own time. But one that was
  // asked for a moment ago, and is not heard yet, is passed over when asked again.
  const bool comes_anyway =
      entry && entry->first > station.frame_at(now) && entry->first != (*channel)->chosen;
  if (!comes_anyway) station.skip(from);
  return on_air_from(**channel, from, now);
}

Result<AiredTrack> StationService::previous(const std::string& route, ServerTime now) {
  const auto channel = find(route, now);
  if (!channel) return tl::make_unexpected(channel.error());
  const Frames from = unmade_from(**channel, now);
  (*channel)->station.back(from);
  return on_air_from(**channel, from, now);
}

Result<void> StationService::shuffle(const std::string& route, std::uint64_t seed, ServerTime now) {
  const auto channel = find(route, now);
  if (!channel) return tl::make_unexpected(channel.error());
  (*channel)->station.choose_order(Rotation::Order::shuffled, seed, unmade_from(**channel, now));
  settle(**channel, now);
  log::info("{}: an operator shuffled what is to come", route);
  return {};
}

Result<void> StationService::set_shuffle(const std::string& route, bool on, std::uint64_t seed,
                                         ServerTime now) {
  const auto channel = find(route, now);
  if (!channel) return tl::make_unexpected(channel.error());
  const auto order = on ? Rotation::Order::shuffled : Rotation::Order::by_path;
  if ((*channel)->station.order() == order) return {};
  (*channel)->station.choose_order(order, seed, unmade_from(**channel, now));
  settle(**channel, now);
  log::info("{}: an operator turned shuffle {}", route, on ? "on" : "off");
  return {};
}

Result<void> StationService::clear_history(const std::string& route, ServerTime now) {
  const auto channel = find(route, now);
  if (!channel) return tl::make_unexpected(channel.error());
  (*channel)->station.forget_history(now);
  settle(**channel, now);
  return {};
}

}  // namespace tutti::app
