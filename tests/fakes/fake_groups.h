// What groups of players in sync need: a store that remembers, an audience that keeps what it is sent, no
// covers.
#pragma once

#include "app/artwork_source.h"
#include "app/client_store.h"
#include "app/sync_audience.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakeClientStore : public app::ClientStore {
 public:
  std::map<std::string, app::StoredClient> clients;
  Result<std::string> load_server_id() override { return "server-1"; }
  Result<std::map<std::string, app::StoredClient>> load_clients() override { return clients; }
  void save_client(std::string id, app::StoredClient client) override { clients[id] = std::move(client); }
  std::map<std::string, app::StoredGroup> groups;
  Result<std::map<std::string, app::StoredGroup>> load_groups() override { return groups; }
  void save_group(std::string id, std::optional<app::StoredGroup> group) override {
    groups.erase(id);
    if (group) groups[id] = std::move(*group);
  }
};

class FakeSyncAudience : public app::SyncAudience {
 public:
  std::map<app::SyncId, std::vector<PacketPtr>> packets;
  std::vector<app::SyncId> refused;
  std::vector<ServerTime> revoked;
  void deliver(std::size_t, const app::SyncId& id, ServerTime, std::vector<PacketPtr> more) override {
    packets[id].insert(packets[id].end(), more.begin(), more.end());
  }
  void revoke(std::size_t, const app::SyncId&, ServerTime from) override { revoked.push_back(from); }
  void refuse(std::size_t, const app::SyncId& id, Error) override { refused.push_back(id); }
};

class FakeCovers : public app::ArtworkSource {
 public:
  void read_artwork(const FileStamp&, const ArtworkFormat&, Done) override {}
};

}  // namespace tutti::fakes
