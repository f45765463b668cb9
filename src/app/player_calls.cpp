#include "app/player_calls.h"

#include "base/log.h"
#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace tutti::app {

std::string PlayerAddress::url() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return to_valid_utf8("ws://" + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + path);
}

PlayerCalls::Player* PlayerCalls::player_of(const std::string& key, ServerTime now) {
  if (const auto known = players_.find(key); known != players_.end()) return &known->second;
  if (players_.size() >= kMostPlayers) {
    if (!std::exchange(is_full_, true)) {
      log::warn("Sendspin: {} and further players are left alone: no more than {} are called", key,
                kMostPlayers);
    }
    return nullptr;
  }
  Player& player = players_[key];
  player.at = now;
  return &player;
}

void PlayerCalls::add(const PlayerAddress& address, ServerTime now) {
  Player* player = player_of(address.url(), now);
  if (!player) return;
  player->addresses = {address};
  player->is_lasting = true;
  player->reason = CallReason::playback;
}

void PlayerCalls::found(const std::string& name, const PlayerAddress& address, ServerTime now) {
  Player* player = player_of(name, now);
  if (!player) return;
  player->is_announced = true;
  if (std::ranges::find(player->addresses, address) != player->addresses.end()) return;
  // What was found last is what holds; a player that has moved is called at its new address first.
  player->addresses.insert(player->addresses.begin(), address);
  if (player->addresses.size() > kMostAddresses) player->addresses.pop_back();
}

void PlayerCalls::lost(const std::string& name) {
  const auto known = players_.find(name);
  if (known == players_.end()) return;
  Player& player = known->second;
  player.is_announced = false;
  const bool is_connected = player.phase == Phase::calling || player.phase == Phase::up;
  if (is_connected || player.is_lasting) return;  // the connection knows better whether it is still there
  players_.erase(known);
  is_full_ = false;
}

PlayerCalls::Players::iterator PlayerCalls::find(CallId id) {
  return std::ranges::find_if(players_, [id](const auto& each) {
    const Phase phase = each.second.phase;
    return each.second.call == id && (phase == Phase::calling || phase == Phase::up);
  });
}

void PlayerCalls::on_up(CallId id, const std::string& client, ServerTime now) {
  const auto found = find(id);
  if (found == players_.end()) return;
  auto& [key, player] = *found;
  player.phase = Phase::up;
  player.at = now;
  player.reason = CallReason::discovery;
  log::info("Sendspin: connected to the player {} ({})", to_valid_utf8(client), key);
}

void PlayerCalls::on_over(CallId id, const CallEnd& end, ServerTime now) {
  const auto found = find(id);
  if (found == players_.end() || is_over_) return;
  auto& [key, player] = *found;
  const bool was_good = player.phase == Phase::up && now - player.at >= kGood;
  const bool was_up = player.phase == Phase::up;
  player.why = end.why;
  if (was_good || end.kind == CallEnd::Kind::restart) player.failures = 0;
  if (was_up) log::info("Sendspin: the player {} has gone: {}", key, end.why);
  if (end.kind == CallEnd::Kind::declined || end.kind == CallEnd::Kind::replaced) {
    player.phase = Phase::resting;
    player.at = now;
  } else {
    try_again(key, player, end, now);
  }
  if (player.is_announced || player.is_lasting) return;
  players_.erase(found);
  is_full_ = false;
}

void PlayerCalls::try_again(const std::string& key, Player& player, const CallEnd& end, ServerTime now) {
  const bool was_up = player.phase == Phase::up;
  player.phase = Phase::waiting;
  // Its other addresses have their turn, and then the first one again.
  if (!was_up) std::ranges::rotate(player.addresses, player.addresses.begin() + 1);
  constexpr int kMostDoublings = 10;
  const Duration pause =
      std::min(kLongestPause, kFirstPause * (1 << std::min(player.failures, kMostDoublings)));
  player.at = now + pause;
  if (++player.failures == 1 && !was_up) {
    log::warn("Sendspin: cannot connect to the player {}: {}; trying again", key, end.why);
  }
}

std::vector<PlayerCalls::Known> PlayerCalls::list() const {
  std::vector<Known> out;
  for (const auto& [name, player] : players_) {
    out.push_back(
        {to_valid_utf8(name), player.addresses.front().url(), player.phase, to_valid_utf8(player.why)});
  }
  return out;
}

Result<void> PlayerCalls::call_to_play(const std::string& name, ServerTime now) {
  const auto known = players_.find(name);
  if (known == players_.end()) return fail("no such player is known");
  Player& player = known->second;
  if (player.phase == Phase::up) return fail("it is connected already");
  if (player.phase == Phase::calling) return fail("it is being called already");
  player.phase = Phase::waiting;
  player.reason = CallReason::playback;
  player.at = now;
  player.failures = 0;
  return {};
}

void PlayerCalls::call(Player& player, ServerTime now) {
  player.phase = Phase::calling;
  player.is_hanging_up = false;
  player.at = now;
  player.call = next_id_++;
  caller_.call(player.call, player.addresses.front(), player.reason);
}

void PlayerCalls::tick(ServerTime now) {
  if (is_over_) return;
  std::size_t calling = 0;
  for (auto& [key, player] : players_) {
    if (player.phase != Phase::calling) continue;
    ++calling;
    if (now - player.at < kPatience || std::exchange(player.is_hanging_up, true)) continue;
    caller_.hang_up(player.call);
  }
  for (auto& [key, player] : players_) {
    if (calling >= kMostAtOnce) return;
    if (player.phase != Phase::waiting || player.at > now) continue;
    ++calling;
    call(player, now);
  }
}

void PlayerCalls::stop() {
  is_over_ = true;
  for (const auto& [key, player] : players_) {
    if (player.phase == Phase::calling || player.phase == Phase::up) caller_.hang_up(player.call);
  }
}

}  // namespace tutti::app
