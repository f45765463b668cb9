// Where a loudspeaker of a walk is heard and watched: plans what is to sound, has it made ahead, says when it
// began, and shows what the conductor writes. Runs on the thread that calls play().
#pragma once

#include "player/asset_fetcher.h"
#include "player/failure.h"
#include "player/keys.h"
#include "player/reception.h"
#include "player/sync_output.h"
#include "player/terminal.h"
#include "player/walk_conversation.h"
#include "player/walk_sound.h"

#include <atomic>
#include <chrono>
#include <set>

namespace tutti::player {

struct WalkParts {
  SyncOutput& output;
  SyncEngine& engine;
  TimedSamples& samples;
  WalkConversation& conversation;  // touched on the network's thread only
  Reception& reception;
  AssetFetcher& fetcher;
  Mailbox<WalkNews>& news;
  Terminal& terminal;
  std::string name;
  int volume = 100;
  Duration correction{0};
  bool is_reporting = false;
};

class WalkRoom {
 public:
  explicit WalkRoom(const WalkParts& parts);

  // Until `is_over`. The output is closed then: a file is whole.
  std::optional<Failure> play(const std::atomic<bool>& is_over);

 private:
  void on_key(char key);
  void take_news();
  void take_files();
  void want_files();
  void pump(const SyncStatus& status);
  // Tells of cues whose beginning was heard.
  void judge(const SyncStatus& status);
  void show_messages();
  void tell();
  void show(const SyncStatus& status);
  const WalkAsset* find_asset(const std::string& id) const;
  WalkSound::Read open_asset(const std::string& id) const;
  // On the walk's clock.
  std::optional<ServerTime> now() const;

  WalkParts parts_;
  Keys keys_;
  WalkSound sound_;
  WalkNews news_;
  FetchStates files_;
  std::map<std::int64_t, Duration> late_;  // of the cues that are planned: how late they were known of
  std::set<std::int64_t> judged_;
  std::int64_t message_ = 0;  // the last one that was shown
  std::int64_t seen_ = 0;     // and that the server was told of
  bool has_messages_ = false;
  bool is_fresh_ = false;  // connected anew, and not yet told the state
  int volume_;
  bool is_muted_ = false;
  Duration ahead_{0};  // of what the device holds
  std::chrono::steady_clock::time_point told_{}, shown_{}, reported_{};
};

}  // namespace tutti::player
