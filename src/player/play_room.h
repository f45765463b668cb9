// Where sound in sync is heard, watched and turned louder: gives each deck its output, shows how it goes, and
// hears the keys. Runs on the thread that calls play().
#pragma once

#include "player/failure.h"
#include "player/keys.h"
#include "player/play_conversation.h"
#include "player/reception.h"
#include "player/sync_output.h"
#include "player/terminal.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

namespace tutti::player {

struct PlayParts {
  SyncOutput& output;
  PlayConversation& conversation;  // touched on the network's thread only
  Reception& reception;
  Mailbox<std::shared_ptr<Deck>>& decks;
  Mailbox<PlayNews>& news;
  Terminal& terminal;
  bool is_reporting = false;
};

class PlayRoom {
 public:
  explicit PlayRoom(const PlayParts& parts) : parts_(parts) {}

  // Until `is_over`. The output is closed then: a file is whole.
  std::optional<Failure> play(const std::atomic<bool>& is_over);

 private:
  std::optional<Failure> change_deck();
  void on_key(char key);
  void tell_state(const SyncStatus& status);
  void show(const SyncStatus& status);

  PlayParts parts_;
  Keys keys_;
  std::shared_ptr<Deck> deck_;  // that is open
  PlayNews news_;
  bool is_told_synchronized_ = true;
  bool has_played_ = false;
  std::chrono::steady_clock::time_point shown_{}, reported_{}, played_{};
};

}  // namespace tutti::player
