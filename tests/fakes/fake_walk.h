// A walk's store that remembers, and somebody who is told of it.
#pragma once

#include "app/walk_client.h"
#include "app/walk_store.h"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakeWalkStore : public app::WalkStore {
 public:
  std::map<std::string, app::StoredWalk> kept;
  std::map<std::string, app::WalkLog> logs;  // by the calendar
  std::deque<std::function<void()>> saving;  // what waits for the disk
  std::optional<Error> trouble;

  Result<std::optional<app::StoredWalk>> load_walk(const std::string& walk) override {
    const auto found = kept.find(walk);
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  }
  void save_walk(std::string walk, app::StoredWalk state, std::function<void(Result<void>)> done) override {
    saving.push_back([this, walk = std::move(walk), state = std::move(state), done = std::move(done)] {
      if (trouble) return done(tl::make_unexpected(*trouble));
      kept[walk] = state;
      done({});
    });
  }
  Result<app::WalkLog> load_log(const std::string& walk) override { return logs[walk]; }
  void add_to_log(std::string walk, app::WalkLog more, std::function<void(Result<void>)> done) override {
    saving.push_back(
        [this, walk = std::move(walk), more = std::move(more), done = std::move(done)]() mutable {
          if (trouble) return done(tl::make_unexpected(*trouble));
          for (auto& event : more.events) {
            event.at = {more.anchor.to_wall(event.at).since_unix_epoch};
            logs[walk].events.push_back(std::move(event));
          }
          done({});
        });
  }
  void close() override {}
  void finish() {
    while (!saving.empty()) {
      auto next = std::move(saving.front());
      saving.pop_front();
      next();
    }
  }
};

class FakeWalker : public app::WalkClient {
 public:
  std::vector<app::WalkNewsPtr> news;
  bool is_replaced = false;

  void on_walk(const app::WalkNewsPtr& said) override { news.push_back(said); }
  void on_replaced() override { is_replaced = true; }
  const Walk& walk() const { return *news.back()->walk; }
};

class FakeConductor : public app::WalkConductor {
 public:
  std::vector<app::WalkNewsPtr> news;
  std::vector<app::WalkRows> rows;
  std::vector<WalkEvent> events;

  void on_walk(const app::WalkNewsPtr& said) override { news.push_back(said); }
  void on_participants(const std::shared_ptr<const app::WalkRows>& said) override { rows.push_back(*said); }
  void on_event(const std::shared_ptr<const WalkEvent>& said) override { events.push_back(*said); }
};

}  // namespace tutti::fakes
