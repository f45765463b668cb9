// Port: what is remembered of a client of the groups, for when it comes again.
#pragma once

#include "base/result.h"

#include <map>
#include <optional>
#include <string>

namespace tutti::app {

struct StoredClient {
  std::string route;  // the station it was with
  std::optional<int> volume;
  std::optional<bool> is_muted;

  friend bool operator==(const StoredClient&, const StoredClient&) = default;
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
};

}  // namespace tutti::app
