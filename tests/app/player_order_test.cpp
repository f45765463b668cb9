// The law of /player, against chance: whatever servers, devices and a failing store do in whatever order,
// every device has seen, after its last whole state, each later change exactly once, in the one order, but
// its own.
#include "app/player_service.h"
#include "tests/fakes/fake_player_store.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000s};

class Witness : public PlayerDevice {
 public:
  struct Heard {
    std::optional<std::uint64_t> revision;  // of a whole state
    std::string text;
  };
  std::vector<Heard> heard;
  std::size_t errors = 0;

  void on_update(const TextPtr& text) override { heard.push_back({std::nullopt, *text}); }
  void on_state(const std::optional<PlayerState>& state) override {
    heard.push_back({state ? state->revision : 0, ""});
  }
  void on_error(const std::string&) override { ++errors; }
};

struct Server {
  Server(std::uint64_t id, fakes::FakePlayerBackend& backend)
      : store(backend), service({id}, store, [](std::int64_t) { return std::nullopt; }) {
    store.open(service, nullptr);
  }
  fakes::FakePlayerStore store;
  PlayerService service;
};

struct Device {
  std::string name, user;
  Server* server;
  DeviceId id;
  std::shared_ptr<Witness> witness;
  bool is_connected = true;
};

class World {
 public:
  explicit World(unsigned seed, bool is_healthy) : random_(seed), is_healthy_(is_healthy) {
    for (std::uint64_t id = 1; id <= 2; ++id) servers_.push_back(std::make_unique<Server>(id, backend_));
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) act();
    backend_.is_down = false;
    for (auto& server : servers_) {
      if (is_healthy_) break;
      server->store.loses_answers = false;
      server->service.on_restored();
    }
    for (int second = 0; second < 10; ++second) {
      settle();
      now_ = now_ + Duration(1s);
      for (auto& server : servers_) server->service.tick(now_);
    }
    settle();
  }

  void check() {
    for (const auto& device : devices_) {
      ASSERT_NO_FATAL_FAILURE(check(device)) << device.name;
    }
    for (const auto& [user, log] : backend_.log) {
      std::uint64_t last = 0;
      for (const auto& change : log) {
        ASSERT_EQ(change.state.revision, last + 1);
        last = change.state.revision;
      }
    }
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  void act() {
    const std::size_t what = pick(100);
    if (what < 6) return connect();
    if (what < 9) return disconnect();
    if (what < 30) return send();
    if (what < 31 && !is_healthy_) return toggle();
    if (what < 33) {
      if (is_healthy_) settle();  // within a second everything comes that is on its way
      now_ = now_ + Duration(1s);
      return servers_[pick(2)]->service.tick(now_);
    }
    servers_[pick(2)]->store.step(pick(1000));
  }

  void connect() {
    Device device{"device " + std::to_string(devices_.size()),
                  "user " + std::to_string(pick(2)),
                  servers_[pick(2)].get(),
                  {},
                  std::make_shared<Witness>()};
    const auto id = device.server->service.connect(device.user, device.witness);
    if (!id) return;
    device.id = *id;
    devices_.push_back(device);
  }
  void disconnect() {
    if (devices_.empty()) return;
    Device& device = devices_[pick(devices_.size())];
    if (!std::exchange(device.is_connected, false)) return;
    device.server->service.disconnect(device.id, kNow);
  }
  void send() {
    if (devices_.empty()) return;
    Device& device = devices_[pick(devices_.size())];
    if (!device.is_connected) return;
    PlayerUpdate update;
    NewTrack track;
    track.track_id = static_cast<std::int64_t>(++sent_);
    update.change = track;
    device.server->service.update(device.id, update, device.name + " / " + std::to_string(sent_), kNow);
  }
  void toggle() {
    Server& server = *servers_[pick(2)];
    switch (pick(3)) {
      case 0:
        backend_.is_down = !backend_.is_down;
        if (backend_.is_down) return;
        for (auto& each : servers_) each->service.on_restored();
        return;
      case 1:
        server.store.loses_answers = !server.store.loses_answers;
        return;
      default:
        server.store.lose_published();
        server.service.on_restored();
    }
  }
  void settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (auto& server : servers_) {
        while (server->store.step(pick(1000))) moved = true;
      }
    }
  }

  // Walks along the log with what the device has heard.
  void check(const Device& device) const {
    static const std::vector<PlayerChange> kNothing;
    const auto found = backend_.log.find(device.user);
    const auto& log = found == backend_.log.end() ? kNothing : found->second;
    const auto is_own = [&](std::size_t at) {
      return log[at].text && log[at].text->starts_with(device.name + " / ");
    };
    std::optional<std::size_t> at;
    if (is_healthy_) {
      const auto states = std::count_if(device.witness->heard.begin(), device.witness->heard.end(),
                                        [](const auto& heard) { return heard.revision.has_value(); });
      // The loss of the last device, which nobody says in words, is told as a state too.
      const auto losses =
          std::count_if(log.begin(), log.end(), [](const PlayerChange& change) { return !change.text; });
      ASSERT_LE(states, 1 + losses) << "told the whole state again, though nothing was wrong";
      ASSERT_EQ(device.witness->errors, 0u);
    }
    for (const auto& heard : device.witness->heard) {
      if (heard.revision) {
        ASSERT_GE(*heard.revision, at.value_or(0)) << "went back";
        at = *heard.revision;
        continue;
      }
      ASSERT_TRUE(at) << "an update before the state";
      while (*at < log.size() && is_own(*at) && *log[*at].text != heard.text) ++*at;
      ASSERT_LT(*at, log.size()) << heard.text << " was never stored, or came twice";
      ASSERT_TRUE(log[*at].text && *log[*at].text == heard.text)
          << "heard " << heard.text << " where revision " << *at + 1 << " was due";
      ++*at;
    }
    if (!device.is_connected) return;
    ASSERT_TRUE(at) << "never told the state";
    while (*at < log.size() && is_own(*at)) ++*at;
    ASSERT_EQ(*at, log.size()) << "something was never told";
  }

  std::mt19937 random_;
  bool is_healthy_;  // nothing is lost and nothing fails
  fakes::FakePlayerBackend backend_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<Device> devices_;
  ServerTime now_;
  unsigned sent_ = 0;
};

TEST(PlayerOrder, HoldsForAnyCourseOfEvents) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    World world(seed, seed % 2 == 0);
    world.run(1500);
    ASSERT_NO_FATAL_FAILURE(world.check()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace tutti::app
