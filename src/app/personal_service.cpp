#include "app/personal_service.h"

#include "base/log.h"
#include "base/utf8.h"

#include <utility>

namespace tutti::app {
namespace {

// Each costs a pass over the station's tracks, on the thread that everybody asks.
constexpr int kMostTries = 16;
constexpr std::size_t kLookedAtPerTick = 50;

}  // namespace

struct PersonalService::Search {
  BroadcastId station;
  Rotation::State rotation;
  ServerTime now;
  Done done;
  int tries = 0;
};

void PersonalService::next(BroadcastId station, const Rotation::State& rotation, ServerTime now, Done done) {
  look_further(std::make_shared<Search>(Search{station, rotation, now, std::move(done)}));
}

void PersonalService::look_further(const std::shared_ptr<Search>& search) {
  while (search->tries++ < kMostTries) {
    const auto& tracks = stations_.personal_tracks(search->station, search->now);
    const auto order = stations_.order_of(search->station);
    const auto chosen = next_personal_track(order, search->rotation, tracks);
    if (!chosen) break;
    const Track* track = library_.find(chosen->id);
    if (track) return open(*track, search);
  }
  search->done({search->rotation, nullptr});
}

void PersonalService::open(const Track& track, const std::shared_ptr<Search>& search) {
  const auto known = open_.find(track.id.value);
  if (known != open_.end()) {
    const auto alive = known->second.lock();
    if (alive && alive->file == track.file) return search->done({search->rotation, alive});
  }
  if (track.format != "mp3" || not_as_it_is_.contains(track.id.value)) return open_encoded(track, search);
  files_.open_mp3(track.file, [this, track, search](Result<Mp3Source> source) {
    if (source) return on_open(track, search, std::move(*source));
    log::info("{} is encoded anew for its listeners: {}", to_valid_utf8(track.file.path),
              source.error().message);
    not_as_it_is_.insert(track.id.value);
    open_encoded(track, search);
  });
}

void PersonalService::open_encoded(const Track& track, const std::shared_ptr<Search>& search) {
  cache_.open(track, [this, track, search](Result<Mp3Source> source) {
    if (!source) return look_further(search);
    on_open(track, search, std::move(*source));
  });
}

void PersonalService::on_open(const Track& track, const std::shared_ptr<Search>& search, Mp3Source source) {
  // Others may have asked for the same one meanwhile.
  auto& known = open_[track.id.value];
  auto shared = known.lock();
  if (!shared || shared->file != track.file) {
    shared = std::make_shared<const PersonalTrack>(
        PersonalTrack{++serial_, track.id, track.file, stream_title(track), std::move(source)});
    known = shared;
  }
  search->done({search->rotation, std::move(shared)});
}

void PersonalService::tick(ServerTime now) {
  for (std::size_t looked = 0; looked < kLookedAtPerTick && !cache_.is_preparing(); ++looked) {
    const auto chosen = stations_.personal_track(prepared_++, now);
    if (!chosen) {
      prepared_ = 0;  // through; begins again with the next tick, as the library may have changed
      return;
    }
    const Track* track = library_.find(*chosen);
    if (!track || (track->format == "mp3" && !not_as_it_is_.contains(track->id.value))) continue;
    cache_.prepare(*track);
  }
}

}  // namespace tutti::app
