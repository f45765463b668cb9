// The groups' audio for players in sync: each group's in each encoding that somebody hears, made once. Owned
// by the control thread.
#pragma once

#include "app/sync_audience.h"
#include "app/sync_broadcast.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace tutti::app {

class SyncBroadcasts {
 public:
  // Each costs an encoder and up to a minute of audio. Beyond these there is nothing more to hear; but one
  // that nobody hears any more makes room at once. So much for stations, and so much for private groups, so
  // that these take nothing from those.
  static constexpr std::size_t kMost = 32;
  static constexpr std::size_t kMostBytes = 256u << 20;  // made ahead

  SyncBroadcasts(ProducerFactory& producers, SyncAudience& audience)
      : producers_(producers), audience_(audience) {}

  // An I/O thread has a first player for it, and is sent what there is, once. `programme`: the group's, which
  // outlives this; nullptr: there is nothing to hear.
  void tune_in(const SyncId& id, Programmed* programme, std::size_t io_thread, ServerTime now);
  void leave(const SyncId& id, std::size_t io_thread, ServerTime now);
  void tick(ServerTime now);
  // What the group's number stood for is not to be heard any more, and its programme may go.
  void drop(std::uint32_t group);
  // The programme of the group has changed: what was made of the old one is not to be heard.
  void refresh(std::uint32_t group, ServerTime now);

  std::size_t size() const { return channels_.size(); }

 private:
  struct Channel {
    std::unique_ptr<SyncBroadcast> broadcast;
    ServerTime grid;  // where its first packet began
    std::set<std::size_t> threads;
    std::optional<ServerTime> idle_since;
  };
  bool has_room(const SyncId& id) const;
  bool make_room(const SyncId& id);
  void start(const SyncId& id, Channel& channel, Programmed& programme, ServerTime now);

  ProducerFactory& producers_;
  SyncAudience& audience_;
  std::map<SyncId, Channel> channels_;
};

}  // namespace tutti::app
