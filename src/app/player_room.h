// One user's devices, and the one order of what they do. Owned by the control thread.
//
// Updates wait in a queue. What has gathered is applied to the last confirmed state and saved in one step;
// only when the store tells that a change is durable, it becomes the confirmed state and goes out to the
// other devices. So all devices, on every server, see the same changes in the order of their revisions. A
// device that comes gets the confirmed state, and then what follows it
// (docs/decisions/007-player-state-order.md).
#pragma once

#include "app/player_store.h"

#include <compare>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tutti::app {

struct DeviceId {
  std::uint64_t value = 0;
  friend auto operator<=>(const DeviceId&, const DeviceId&) = default;
};

// Port: one connected device. Implemented by net/; called on the control thread.
class PlayerDevice {
 public:
  virtual ~PlayerDevice() = default;
  // What another device sent, as it sent it.
  virtual void on_update(const TextPtr& text) = 0;
  // Where the player is now; nullopt: it never played.
  virtual void on_state(const std::optional<PlayerState>& state) = 0;
  // An update of this device, or its connecting, failed.
  virtual void on_error(const std::string& why) = 0;
};

// What came of an update that did not come from a device.
struct PlayerReply {
  enum class Kind { accepted, no_state, stale, failed };
  Kind kind = Kind::failed;
  std::optional<PlayerState> state;  // as it is now
  std::string why;                   // it failed
};

class PlayerRoom {
 public:
  using OnReply = std::function<void(PlayerReply)>;
  static constexpr std::size_t kMostDevices = 64;
  static constexpr std::size_t kMostWaiting = 1024;

  // `server`: of this process. `settled` is called when something that was waited for has come; it may
  // destroy the room if it is idle.
  PlayerRoom(std::string user, std::uint64_t server, PlayerStore& store, std::function<void()> settled);
  ~PlayerRoom();
  PlayerRoom(const PlayerRoom&) = delete;
  PlayerRoom& operator=(const PlayerRoom&) = delete;

  // Asks the store for the state. Before all else; again after trouble.
  void reload();
  // False: there are too many.
  bool add(DeviceId id, std::shared_ptr<PlayerDevice> device);
  void remove(DeviceId id);
  std::size_t devices() const { return devices_.size(); }

  // `sender` is answered through its device, if it is one; an update from elsewhere through `reply`.
  void submit(DeviceId sender, PlayerUpdate update, TextPtr text, OnReply reply);
  // The user's last device is gone since `lost_at`: pauses what still plays, after everything that waits.
  // `failed` is called if that could not be stored.
  void pause_for_loss(WallTime lost_at, std::function<void()> failed);
  // The confirmed state, as soon as it is known.
  void read(OnReply reply);

  void on_changed(const PlayerChange& change);
  // Once a second: what has been waited for in vain is asked for again.
  void tick();
  // Nobody is here, and nothing is under way.
  bool is_idle() const;

 private:
  struct Loss {
    WallTime lost_at;
  };
  struct Waiting {
    std::uint64_t number = 0;
    DeviceId sender;
    std::variant<PlayerUpdate, Loss> what;
    TextPtr text;
    OnReply reply;
    std::uint64_t revision = 0;  // that it will have, while it is being saved
  };
  struct Member {
    std::shared_ptr<PlayerDevice> device;
    std::uint64_t after = 0;    // it came when this was the newest update: it is told the state that has it
    bool is_following = false;  // it has been told
  };
  struct Reader {
    OnReply reply;
    std::uint64_t after = 0;
  };
  enum class Knowledge { none, failed, known };

  void enqueue(Waiting waiting);
  void pump();
  void save_what_waits();
  void welcome();
  bool has_settled(std::uint64_t number) const;
  void save(std::optional<std::uint64_t> expected, std::vector<PlayerChange> changes);
  std::vector<PlayerChange> next_changes();
  void on_loaded(Result<std::optional<PlayerState>> loaded);
  void on_load_failed(const Error& error);
  void take_loaded(std::optional<PlayerState> loaded);
  void restore(const std::optional<PlayerState>& forgotten);
  void on_saved(const Result<PlayerStore::Saved>& saved);
  void on_outrun(std::uint64_t revision);
  void advance(const PlayerChange& change);
  void drop_confirmed();
  void refuse(std::size_t count, const std::string& why);
  void answer(const Waiting& waiting, const PlayerReply& reply);
  void tell_followers();
  void settle();
  std::uint64_t revision() const { return confirmed_ ? confirmed_->revision : 0; }

  std::string user_;
  std::uint64_t server_;
  PlayerStore& store_;
  std::function<void()> settled_;

  Knowledge knowledge_ = Knowledge::none;
  std::string trouble_;                   // why it failed
  std::optional<PlayerState> confirmed_;  // durable, and what every device has been told
  std::map<DeviceId, Member> devices_;
  std::vector<Reader> readers_;
  std::deque<Waiting> waiting_;
  std::size_t in_flight_ =
      0;  // of waiting_, the first so many are with the store, or stored and not yet told of
  bool loading_ = false;
  bool saving_ = false;
  bool lost_track_ = false;          // changes were missed while loading: load again
  std::vector<PlayerChange> early_;  // came while loading
  std::uint64_t catch_up_to_ = 0;    // another server's changes up to this revision are on their way
  std::uint64_t saved_upon_ = 0;     // the revision that the last save expected; 0: none
  unsigned outrun_ = 0;              // so often in a row
  unsigned ticks_ = 0;               // waited in vain
  std::uint64_t last_number_ = 0;
};

}  // namespace tutti::app
