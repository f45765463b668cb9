// All private groups: whose they are, and what is remembered of them. Owned by the control thread.
#pragma once

#include "app/private_group.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tutti::app {

class PrivateGroups {
 public:
  // So many that nobody is in are remembered. Of more, those are forgotten that nobody has done anything
  // with, then those that have been left longest.
  static constexpr std::size_t kMostIdle = 1000;

  // `drop`: audio with this number is not wanted any more.
  PrivateGroups(Library& library, ClientStore& store, WallAnchor anchor, int rate,
                std::function<void(std::uint32_t number)> drop);

  // Error: the store cannot be read.
  Result<void> open();

  // Until the next tick().
  PrivateGroup* find(const std::string& id);
  PrivateGroup* with_timeline(std::uint32_t number);
  // The one that is this client's own; nullptr: it has none yet.
  PrivateGroup* of(const std::string& owner);
  PrivateGroup& make(const std::string& owner, const std::string& name);
  // To one of its members. What that one had of its own is nobody's any more.
  void give(PrivateGroup& group, const std::string& owner, const std::string& name);
  const std::map<std::string, std::unique_ptr<PrivateGroup>>& all() const { return groups_; }

  void tick(ServerTime now);
  // What has happened to it is not lost any more.
  void save(PrivateGroup& group, ServerTime now);
  // Where those that play are, before the server stops.
  void save_playing(ServerTime now);

 private:
  PrivateTimeline::Tracks all_tracks();
  void forget_some();

  Library& library_;
  ClientStore& store_;
  PrivateGroup::Surroundings around_;
  std::map<std::string, std::unique_ptr<PrivateGroup>> groups_;  // by id
  std::map<std::string, std::string> by_owner_;                  // ids
  std::uint64_t next_id_ = 1;
  std::uint32_t next_number_;
  PrivateTimeline::Tracks all_;
  std::optional<std::uint64_t> seen_changes_;  // of the library
  ServerTime looked_at_, now_;
};

}  // namespace tutti::app
