// A walk's log: what happened, in memory to be read and in the store to outlive the server. Nobody waits for
// the disk; while it fails it is tried again now and then. Owned by the control thread.
#pragma once

#include "app/walk_store.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace tutti::app {

class WalkLogKeeper {
 public:
  static constexpr std::size_t kMost = WalkStore::kMostEvents;
  // Of one call of the store: what is more urgent waits no longer than that takes.
  static constexpr std::size_t kMostAtOnce = 1'000;

  // Runs what it is given on the control thread.
  using Post = std::function<void(std::function<void()>)>;

  WalkLogKeeper(WalkStore& store, WallAnchor anchor, Post post)
      : store_(store), anchor_(anchor), post_(std::move(post)) {}

  // What is kept of it. Before the first add. Error: the store cannot be read.
  Result<void> open(std::string path);

  void add(WalkEvent event);
  // The oldest first. Times of what was before the server's start are below zero.
  const std::deque<WalkEvent>& events() const { return events_; }

  // Stores what is new; now and then, or `at_once`.
  void save(ServerTime now, bool at_once = false);

 private:
  std::uint64_t first() const { return count_ - events_.size(); }
  void on_saved(std::uint64_t until, const Result<void>& saved);

  WalkStore& store_;
  WallAnchor anchor_;
  Post post_;
  std::string path_;
  std::deque<WalkEvent> events_;
  // Events that there have been, and those of them that need not be stored any more.
  std::uint64_t count_ = 0, saved_ = 0;
  bool is_saving_ = false, is_urgent_ = false, has_failed_ = false;
  ServerTime saved_at_;
};

}  // namespace tutti::app
