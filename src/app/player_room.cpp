#include "app/player_room.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tutti::app {
namespace {

constexpr std::size_t kMostSavedAtOnce = 256;
constexpr std::size_t kMostEarly = 1024;
// Two servers that write for one user at the same time take turns; so many defeats in a row are no
// coincidence.
constexpr unsigned kMostOutrun = 200;
constexpr unsigned kPatienceTicks = 2;

}  // namespace

PlayerRoom::PlayerRoom(std::string user, std::uint64_t server, PlayerStore& store,
                       std::function<void()> settled)
    : user_(std::move(user)), server_(server), store_(store), settled_(std::move(settled)) {}

PlayerRoom::~PlayerRoom() = default;

void PlayerRoom::reload() {
  if (loading_) {
    lost_track_ = true;
    return;
  }
  loading_ = true;
  lost_track_ = false;
  early_.clear();
  store_.load(user_, [this](Result<std::optional<PlayerState>> loaded) {
    on_loaded(std::move(loaded));
    settle();
  });
}

bool PlayerRoom::add(DeviceId id, std::shared_ptr<PlayerDevice> device) {
  if (devices_.size() >= kMostDevices) return false;
  if (knowledge_ == Knowledge::failed) device->on_error(trouble_);
  devices_[id] = {std::move(device), last_number_, false};
  welcome();
  return true;
}

void PlayerRoom::remove(DeviceId id) { devices_.erase(id); }

void PlayerRoom::submit(DeviceId sender, PlayerUpdate update, TextPtr text, OnReply reply) {
  enqueue({0, sender, std::move(update), std::move(text), std::move(reply), 0});
}

void PlayerRoom::pause_for_loss(WallTime lost_at, std::function<void()> failed) {
  const auto reply = [failed = std::move(failed)](const PlayerReply& done) {
    if (done.kind == PlayerReply::Kind::failed) failed();
  };
  enqueue({0, {}, Loss{lost_at}, nullptr, reply, 0});
}

void PlayerRoom::enqueue(Waiting waiting) {
  if (waiting_.size() >= kMostWaiting) {
    answer(waiting, {PlayerReply::Kind::failed, confirmed_, "too many updates of this user are waiting"});
    return;
  }
  if (knowledge_ == Knowledge::failed && !loading_) reload();
  waiting.number = ++last_number_;
  waiting_.push_back(std::move(waiting));
  pump();
}

void PlayerRoom::read(OnReply reply) {
  readers_.push_back({std::move(reply), last_number_});
  if (knowledge_ != Knowledge::known && !loading_) reload();
  welcome();
}

bool PlayerRoom::has_settled(std::uint64_t number) const {
  return knowledge_ == Knowledge::known && (waiting_.empty() || waiting_.front().number > number);
}

// Tells the state to those who came when something was still on its way.
void PlayerRoom::welcome() {
  for (auto& [id, member] : devices_) {
    if (member.is_following || !has_settled(member.after)) continue;
    member.is_following = true;
    member.device->on_state(confirmed_);
  }
  while (!readers_.empty() && has_settled(readers_.front().after)) {
    const Reader reader = std::move(readers_.front());
    readers_.erase(readers_.begin());
    reader.reply({confirmed_ ? PlayerReply::Kind::accepted : PlayerReply::Kind::no_state, confirmed_, ""});
  }
}

std::vector<PlayerChange> PlayerRoom::next_changes() {
  std::vector<PlayerChange> changes;
  std::optional<PlayerState> head = confirmed_;
  while (in_flight_ < waiting_.size() && changes.size() < kMostSavedAtOnce) {
    Waiting& next = waiting_[in_flight_];
    PlayerUpdate loss;
    if (const auto* lost = std::get_if<Loss>(&next.what)) {
      if (!head || head->on_pause) {
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(in_flight_));
        continue;
      }
      loss.change = OnPause{};
      loss.time = time_of_loss(*head, lost->lost_at);
      loss.accepted_at = lost->lost_at;
    }
    const auto* asked = std::get_if<PlayerUpdate>(&next.what);
    auto outcome = apply_update(head, asked ? *asked : loss);
    if (auto* state = std::get_if<PlayerState>(&outcome)) {
      next.revision = state->revision;
      head = std::move(*state);
      changes.push_back({*head, next.text, {server_, next.number}});
      ++in_flight_;
      continue;
    }
    // What it is refused for is certain only when all before it is stored.
    if (!changes.empty()) break;
    const bool is_stale = std::holds_alternative<StaleRevision>(outcome);
    const Waiting refused = std::move(next);
    waiting_.pop_front();
    answer(refused, {is_stale ? PlayerReply::Kind::stale : PlayerReply::Kind::no_state, confirmed_, ""});
  }
  return changes;
}

void PlayerRoom::pump() {
  welcome();
  save_what_waits();
  welcome();
}

void PlayerRoom::save_what_waits() {
  const bool must_wait = loading_ || saving_ || in_flight_ > 0 || catch_up_to_ > revision();
  if (must_wait || knowledge_ != Knowledge::known) return;
  auto changes = next_changes();
  const auto expected = confirmed_ ? std::optional(confirmed_->revision) : std::nullopt;
  if (!changes.empty()) save(expected, std::move(changes));
}

void PlayerRoom::save(std::optional<std::uint64_t> expected, std::vector<PlayerChange> changes) {
  saving_ = true;
  saved_upon_ = expected.value_or(0);
  store_.save(user_, expected, std::move(changes), [this](const Result<PlayerStore::Saved>& saved) {
    on_saved(saved);
    settle();
  });
}

// The room may be gone when this returns.
void PlayerRoom::settle() {
  const auto settled = settled_;
  settled();
}

void PlayerRoom::on_saved(const Result<PlayerStore::Saved>& saved) {
  saving_ = false;
  ticks_ = 0;
  if (!saved) {
    outrun_ = 0;
    refuse(in_flight_, saved.error().message);
  } else if (saved->outrun) {
    on_outrun(saved->revision);
  } else {
    outrun_ = 0;
    drop_confirmed();
  }
  pump();
}

// What was to be saved is applied again, to the state that the other server has made.
void PlayerRoom::on_outrun(std::uint64_t stored) {
  if (++outrun_ > kMostOutrun) {
    outrun_ = 0;
    refuse(in_flight_, "another server keeps changing this state");
  }
  in_flight_ = 0;
  // The other's notice may have come already. If nobody was first, the store has another past than we do.
  catch_up_to_ = stored;
  if (stored <= saved_upon_) reload();
}

void PlayerRoom::on_loaded(Result<std::optional<PlayerState>> loaded) {
  loading_ = false;
  ticks_ = 0;
  if (!loaded) {
    on_load_failed(loaded.error());
    return;
  }
  catch_up_to_ = 0;
  take_loaded(std::move(*loaded));
  for (const auto& change : std::exchange(early_, {})) on_changed(change);
  if (lost_track_) reload();
  pump();
}

void PlayerRoom::on_load_failed(const Error& error) {
  if (knowledge_ == Knowledge::none) {
    knowledge_ = Knowledge::failed;
    trouble_ = error.message;
    for (const auto& [id, member] : devices_) member.device->on_error(error.message);
  }
  for (const auto& reader : std::exchange(readers_, {})) {
    reader.reply({PlayerReply::Kind::failed, std::nullopt, error.message});
  }
  if (!saving_ && in_flight_ == 0) refuse(waiting_.size(), error.message);
}

void PlayerRoom::take_loaded(std::optional<PlayerState> loaded) {
  const std::uint64_t stored = loaded ? loaded->revision : 0;
  if (knowledge_ == Knowledge::known && stored < revision()) {
    if (!saving_) restore(loaded);
    return;
  }
  const bool is_news = knowledge_ != Knowledge::known || loaded != confirmed_;
  knowledge_ = Knowledge::known;
  confirmed_ = std::move(loaded);
  if (is_news) tell_followers();
  if (!saving_) {
    drop_confirmed();
    in_flight_ = 0;
  }
}

// The store has forgotten what the devices have seen. They have not.
void PlayerRoom::restore(const std::optional<PlayerState>& forgotten) {
  in_flight_ = 0;
  std::vector<PlayerChange> again{{*confirmed_, nullptr, {server_, 0}}};
  save(forgotten ? std::optional(forgotten->revision) : std::nullopt, std::move(again));
}

void PlayerRoom::on_changed(const PlayerChange& change) {
  if (loading_) {
    if (early_.size() >= kMostEarly) {
      early_.clear();
      lost_track_ = true;
    }
    early_.push_back(change);
    return;
  }
  if (knowledge_ != Knowledge::known || change.state.revision <= revision()) return;
  if (change.state.revision > revision() + 1) {
    reload();
    return;
  }
  advance(change);
  pump();
}

void PlayerRoom::advance(const PlayerChange& change) {
  confirmed_ = change.state;
  DeviceId sender;
  if (change.origin.server == server_) {
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(in_flight_);
    const auto own = std::find_if(waiting_.begin(), end,
                                  [&](const Waiting& w) { return w.number == change.origin.update; });
    if (own != end) {
      const Waiting done = std::move(*own);
      waiting_.erase(own);
      --in_flight_;
      sender = done.sender;
      answer(done, {PlayerReply::Kind::accepted, confirmed_, ""});
    }
  }
  for (const auto& [id, member] : devices_) {
    if (id == sender || !member.is_following) continue;
    if (change.text) {
      member.device->on_update(change.text);
    } else {
      member.device->on_state(confirmed_);
    }
  }
}

// Takes out what was being saved and is known to be stored, though its own notice has not come.
void PlayerRoom::drop_confirmed() {
  while (in_flight_ > 0 && waiting_.front().revision <= revision()) {
    const Waiting done = std::move(waiting_.front());
    waiting_.pop_front();
    --in_flight_;
    answer(done, {PlayerReply::Kind::accepted, confirmed_, ""});
  }
}

void PlayerRoom::refuse(std::size_t count, const std::string& why) {
  for (; count > 0; --count) {
    const Waiting refused = std::move(waiting_.front());
    waiting_.pop_front();
    answer(refused, {PlayerReply::Kind::failed, confirmed_, why});
  }
  in_flight_ = 0;
}

void PlayerRoom::answer(const Waiting& waiting, const PlayerReply& reply) {
  if (waiting.reply) waiting.reply(reply);
  const auto device = devices_.find(waiting.sender);
  if (device == devices_.end() || reply.kind == PlayerReply::Kind::accepted) return;
  if (reply.kind == PlayerReply::Kind::failed) {
    device->second.device->on_error(reply.why);
  } else {
    device->second.device->on_state(reply.state);
  }
}

void PlayerRoom::tell_followers() {
  for (const auto& [id, member] : devices_) {
    if (member.is_following) member.device->on_state(confirmed_);
  }
}

void PlayerRoom::tick() {
  const bool waits_for_notice = !saving_ && !loading_ && (in_flight_ > 0 || catch_up_to_ > revision());
  const bool must_try_again = knowledge_ == Knowledge::failed && !loading_;
  if (!waits_for_notice && !must_try_again) {
    ticks_ = 0;
  } else if (++ticks_ >= kPatienceTicks) {
    ticks_ = 0;
    reload();
  }
}

bool PlayerRoom::is_idle() const {
  return devices_.empty() && waiting_.empty() && readers_.empty() && !loading_ && !saving_;
}

}  // namespace tutti::app
