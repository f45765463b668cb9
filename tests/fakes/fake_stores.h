// Stores that remember.
#pragma once

#include "app/programme_store.h"
#include "app/track_store.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakeTrackStore : public app::TrackStore {
 public:
  std::map<std::int64_t, Track> tracks;

  Result<std::vector<Track>> load_tracks() override {
    std::vector<Track> out;
    for (const auto& [id, track] : tracks) out.push_back(track);
    return out;
  }
  void save_tracks(std::vector<Track> saved) override {
    for (auto& track : saved) tracks[track.id.value] = std::move(track);
  }
};

class FakeProgrammeStore : public app::ProgrammeStore {
 public:
  std::map<std::string, app::StoredProgramme> programmes;

  Result<std::map<std::string, app::StoredProgramme>> load_programmes() override { return programmes; }
  void save_programme(std::string route, app::StoredProgramme programme) override {
    programmes[std::move(route)] = std::move(programme);
  }
};

}  // namespace tutti::fakes
