// A store of players' states in memory that several servers share. Everything it is asked and everything it
// tells waits until the test lets it happen: per server and user in order, otherwise in any order.
#pragma once

#include "app/player_store.h"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakePlayerStore;

// What all servers see.
struct FakePlayerBackend {
  std::map<std::string, PlayerState> states;
  std::map<std::string, std::vector<app::PlayerChange>> log;  // everything ever stored, in order
  std::map<std::string, std::set<FakePlayerStore*>> present;
  std::set<FakePlayerStore*> stores;
  bool is_down = false;
};

class FakePlayerStore : public app::PlayerStore {
 public:
  explicit FakePlayerStore(FakePlayerBackend& backend) : backend_(backend) { backend_.stores.insert(this); }
  ~FakePlayerStore() override { backend_.stores.erase(this); }

  bool loses_answers = false;  // what is saved is stored, but said to have failed

  // `post` is not used: nothing happens before the test says so.
  void open(Events& events, Post) override { events_ = &events; }
  void close() override {}
  void load(const std::string& user, OnLoaded done) override {
    loaded_.insert(user);
    ask(user, [this, user, done] {
      if (backend_.is_down) return done(fail("the store is down"));
      const auto state = backend_.states.find(user);
      std::optional<PlayerState> found;
      if (state != backend_.states.end()) found = state->second;
      answer(user, [done, found] { done(found); });
    });
  }
  void forget(const std::string& user) override { loaded_.erase(user); }
  void save(const std::string& user, std::optional<std::uint64_t> expected,
            std::vector<app::PlayerChange> changes, OnSaved done) override {
    ask(user, [this, user, expected, changes, done] {
      if (backend_.is_down) return answer(user, [done] { done(fail("the store is down")); });
      const auto stored = backend_.states.find(user);
      const bool exists = stored != backend_.states.end();
      const std::uint64_t revision = exists ? stored->second.revision : 0;
      if (exists != expected.has_value() || revision != expected.value_or(0)) {
        return answer(user, [done, revision] { done(Saved{true, revision}); });
      }
      backend_.states[user] = changes.back().state;
      auto& log = backend_.log[user];
      log.insert(log.end(), changes.begin(), changes.end());
      for (auto* store : backend_.stores) {
        for (const auto& change : changes) store->publish(user, change);
      }
      if (loses_answers) return answer(user, [done] { done(fail("no answer")); });
      answer(user, [done, last = changes.back().state.revision] { done(Saved{false, last}); });
    });
  }
  void enter(const std::string& user) override {
    ask(user, [this, user] {
      if (!backend_.is_down) backend_.present[user].insert(this);
    });
  }
  void leave(const std::string& user, OnLeft done) override {
    ask(user, [this, user, done] {
      if (backend_.is_down) return answer(user, [done] { done(fail("the store is down")); });
      auto& present = backend_.present[user];
      present.erase(this);
      answer(user, [done, is_last = present.empty()] { done(is_last); });
    });
  }
  std::string trouble() const override { return backend_.is_down ? "the store is down" : ""; }

  app::PlayerStore::Events& events() { return *events_; }

  // One step of one of the queues, the `choice`th of those that have one. False: all is still.
  bool step(std::size_t choice = 0) {
    std::vector<std::deque<std::function<void()>>*> ready;
    for (auto* queues : {&asked_, &answers_, &published_}) {
      for (auto& [user, queue] : *queues) {
        if (!queue.empty()) ready.push_back(&queue);
      }
    }
    if (ready.empty()) return false;
    auto& queue = *ready[choice % ready.size()];
    auto job = std::move(queue.front());
    queue.pop_front();
    job();
    return true;
  }
  // Like a lost connection to the other servers' news.
  void lose_published() { published_.clear(); }
  std::size_t loaded_users() const { return loaded_.size(); }

 private:
  using Queues = std::map<std::string, std::deque<std::function<void()>>>;

  void ask(const std::string& user, std::function<void()> job) { asked_[user].push_back(std::move(job)); }
  void answer(const std::string& user, std::function<void()> job) {
    answers_[user].push_back(std::move(job));
  }
  void publish(const std::string& user, const app::PlayerChange& change) {
    if (!loaded_.contains(user)) return;
    published_[user].push_back([this, user, change] { events_->on_changed(user, change); });
  }

  FakePlayerBackend& backend_;
  Events* events_ = nullptr;
  std::set<std::string> loaded_;
  Queues asked_, answers_, published_;
};

}  // namespace tutti::fakes
