// Individual stations: each listener has a programme of their own, from its start, when they connect. What is
// here chooses and opens the tracks; which bytes go out when is the business of the I/O thread that has the
// listener. Owned by the control thread.
#pragma once

#include "app/encoded_cache.h"
#include "app/station_service.h"
#include "domain/personal_rotation.h"

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace tutti::app {

// A track that is open for listeners. Shared between all that are at it, of all threads.
struct PersonalTrack {
  std::uint64_t serial = 0;  // another one for each opening: what is cached of its bytes goes by it
  TrackId id;
  FileStamp file;
  std::string title;  // stream title, UTF-8
  Mp3Source source;
};
using PersonalTrackPtr = std::shared_ptr<const PersonalTrack>;

class PersonalService {
 public:
  struct Next {
    Rotation::State rotation;  // after `track`
    PersonalTrackPtr track;    // null: no track is ready; ask again in a second
  };
  using Done = std::function<void(Next)>;

  PersonalService(StationService& stations, Library& library, Mp3Files& files, EncodedCache& cache)
      : stations_(stations), library_(library), files_(files), cache_(cache) {}

  // The track after `rotation` in a programme of this station. Passes over what cannot be played, and over
  // what is not ready while the encoders are busy. Answers on the control thread, perhaps within the call.
  void next(BroadcastId station, const Rotation::State& rotation, ServerTime now, Done done);
  // A few times a second: encodes ahead of need.
  void tick(ServerTime now);

 private:
  struct Search;

  void look_further(const std::shared_ptr<Search>& search);
  void open(const Track& track, const std::shared_ptr<Search>& search);
  void open_encoded(const Track& track, const std::shared_ptr<Search>& search);
  void on_open(const Track& track, const std::shared_ptr<Search>& search, Mp3Source source);

  StationService& stations_;
  Library& library_;
  Mp3Files& files_;
  EncodedCache& cache_;
  std::unordered_map<std::int64_t, std::weak_ptr<const PersonalTrack>> open_;  // by track id
  std::unordered_set<std::int64_t> not_as_it_is_;  // MP3s that can only be played encoded
  std::uint64_t serial_ = 0;
  std::size_t prepared_ = 0;  // how far ahead of need the tracks have been looked through
};

}  // namespace tutti::app
