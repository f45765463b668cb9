#include "app/private_groups.h"

#include "app/rotation_track.h"
#include "app/sync_audience.h"
#include "base/secret.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>
#include <vector>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

// While folders are looked through, the library changes with every file.
constexpr Duration kLooking = 2s;
constexpr std::string_view kPrefix = "private-";

std::uint64_t number_of(const std::string& id) {
  std::uint64_t number = 0;
  if (id.starts_with(kPrefix)) std::from_chars(id.data() + kPrefix.size(), id.data() + id.size(), number);
  return number;
}

}  // namespace

PrivateGroups::PrivateGroups(Library& library, ClientStore& store, WallAnchor anchor, int rate,
                             std::function<void(std::uint32_t number)> drop)
    : library_(library),
      store_(store),
      around_{library,
              anchor,
              rate,
              [this] { return all_tracks(); },
              [this, drop = std::move(drop)](std::uint32_t before) {
                if (before >= kFirstPrivate) drop(before);
                if (next_number_ < kFirstPrivate)
                  next_number_ = kFirstPrivate;  // after two thousand millions
                return next_number_++;
              },
              [] { return random_number(); }},
      next_number_(kFirstPrivate) {}

Result<void> PrivateGroups::open() {
  auto stored = store_.load_groups();
  if (!stored) return tl::make_unexpected(stored.error());
  for (auto& [id, group] : *stored) {
    next_id_ = std::max(next_id_, number_of(id) + 1);
    if (!group.owner.empty()) by_owner_[group.owner] = id;
    groups_[id] = std::make_unique<PrivateGroup>(around_, id, std::move(group));
  }
  return {};
}

PrivateGroup* PrivateGroups::find(const std::string& id) {
  const auto found = groups_.find(id);
  return found == groups_.end() ? nullptr : found->second.get();
}

PrivateGroup* PrivateGroups::with_timeline(std::uint32_t number) {
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const auto& each) { return each.second->timeline() == number; });
  return found == groups_.end() ? nullptr : found->second.get();
}

PrivateGroup* PrivateGroups::of(const std::string& owner) {
  const auto found = by_owner_.find(owner);
  return found == by_owner_.end() ? nullptr : find(found->second);
}

PrivateGroup& PrivateGroups::make(const std::string& owner, const std::string& name) {
  const std::string id = std::string(kPrefix) + std::to_string(next_id_++);
  StoredGroup fresh;
  fresh.owner = owner;
  fresh.name = name;
  by_owner_[owner] = id;
  return *(groups_[id] = std::make_unique<PrivateGroup>(around_, id, std::move(fresh)));
}

void PrivateGroups::give(PrivateGroup& group, const std::string& owner, const std::string& name) {
  if (PrivateGroup* before = of(owner); before && before != &group) before->give_to("", before->name());
  if (group.owner() != owner) by_owner_.erase(group.owner());
  by_owner_[owner] = group.id();
  group.give_to(owner, name);
}

PrivateTimeline::Tracks PrivateGroups::all_tracks() {
  if (seen_changes_ == library_.changes() || (seen_changes_ && now_ - looked_at_ < kLooking)) return all_;
  seen_changes_ = library_.changes();
  looked_at_ = now_;
  auto tracks = std::make_shared<std::vector<RotationTrack>>();
  for (const Track* track : library_.tracks()) {
    if (const auto part = rotation_track(*track, around_.rate)) tracks->push_back(*part);
  }
  // Whoever has them looks whether they are others by whether it is another list.
  if (!all_ || *all_ != *tracks) all_ = std::move(tracks);
  return all_;
}

void PrivateGroups::tick(ServerTime now) {
  now_ = now;
  std::size_t idle = 0;
  for (auto& [id, group] : groups_) {
    if (!group->is_asleep()) group->look(now);
    save(*group, now);
    if (group->is_idle()) ++idle;
  }
  if (idle > kMostIdle) forget_some();
}

void PrivateGroups::save(PrivateGroup& group, ServerTime now) {
  if (auto news = group.take_unsaved(now)) store_.save_group(group.id(), std::move(*news));
}

void PrivateGroups::save_playing(ServerTime now) {
  for (const auto& [id, group] : groups_) {
    if (group->is_playing()) store_.save_group(id, group->stored(now));
  }
}

// A tenth more than must be, so that it is not done with every client that comes by.
void PrivateGroups::forget_some() {
  std::vector<PrivateGroup*> idle;
  for (auto& [id, group] : groups_) {
    if (group->is_idle()) idle.push_back(group.get());
  }
  std::ranges::sort(idle, {}, [](const PrivateGroup* each) {
    return std::tuple(!each->owner().empty(), !each->is_blank(), each->left_at(), number_of(each->id()));
  });
  idle.resize(idle.size() - kMostIdle * 9 / 10);
  for (const PrivateGroup* each : idle) {
    const std::string id = each->id();
    if (!each->owner().empty()) by_owner_.erase(each->owner());
    store_.save_group(id, std::nullopt);
    groups_.erase(id);
  }
}

}  // namespace tutti::app
