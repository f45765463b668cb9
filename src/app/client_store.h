// Port: what is remembered of a client of the groups, for when it comes again, and of private groups.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "domain/private_timeline.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tutti::app {

struct StoredClient {
  std::string route;  // the group it was in: a station's, or the id of a private one
  std::optional<int> volume;
  std::optional<bool> is_muted;

  friend bool operator==(const StoredClient&, const StoredClient&) = default;
};

struct StoredGroup {
  std::string owner, name;      // the client's whose own group it is
  std::vector<TrackId> tracks;  // that it plays; empty: all
  std::optional<TrackId> track;
  Duration position{0};  // in it, at `at`
  WallTime at;
  bool is_playing = false;
  PrivateTimeline::Repeat repeat = PrivateTimeline::Repeat::off;
  std::optional<PrivateTimeline::Shuffle> shuffle;

  friend bool operator==(const StoredGroup&, const StoredGroup&) = default;
};

class ClientStore {
 public:
  // So many are remembered; further ones are not.
  static constexpr std::size_t kMostClients = 10'000;

  virtual ~ClientStore() = default;
  // Who this server is to its clients: drawn once, kept for ever.
  virtual Result<std::string> load_server_id() = 0;
  // By client id.
  virtual Result<std::map<std::string, StoredClient>> load_clients() = 0;
  virtual void save_client(std::string id, StoredClient client) = 0;
  // By the group's id.
  virtual Result<std::map<std::string, StoredGroup>> load_groups() = 0;
  // Without a group: forgets it.
  virtual void save_group(std::string id, std::optional<StoredGroup> group) = 0;
};

}  // namespace tutti::app
