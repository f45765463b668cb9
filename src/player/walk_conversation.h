// `_walk@v1` over a connection. Belongs to the network's thread.
#pragma once

#include "base/mailbox.h"
#include "player/conversation.h"
#include "player/sync_engine.h"
#include "player/walk_client.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tutti::player {

// What there is to be heard and shown.
struct WalkNews {
  std::string server;
  bool is_connected = false;
  std::int64_t edition = 0;  // of what follows; 0: nothing is known yet
  std::shared_ptr<const Walk> walk;
  std::shared_ptr<const std::vector<std::string>> urls;  // of its assets, in their order
  ClockLine clock;
  std::optional<Duration> latency;
};

class WalkConversation : public Conversation {
 public:
  // `engine` is told the clock.
  WalkConversation(WalkerProfile profile, SyncEngine& engine, Mailbox<WalkNews>& news)
      : client_(std::move(profile)), engine_(engine), news_(news) {}

  WalkClient& client() { return client_; }

  std::string_view begin() override;
  Result<Next> on_text(std::string_view text, ClientTime arrived) override;
  Result<Next> on_binary(std::span<const std::uint8_t>) override { return Next::more; }
  Result<Next> on_closed(int code, const std::string& reason) override;
  std::optional<std::string> speak() override;
  std::chrono::steady_clock::time_point speaks_at() const override;
  bool leave() override;
  bool has_left() const override { return client_.has_left(); }
  std::int64_t progress() const override { return client_.edition(); }
  bool has_begun() const override { return has_begun_; }
  std::string consequence() const override { return "what is known goes on"; }
  void finish() override {}
  void cancel() override {}

 private:
  void tell();

  WalkClient client_;
  SyncEngine& engine_;
  Mailbox<WalkNews>& news_;
  WalkNews told_;
  bool has_begun_ = false;
};

}  // namespace tutti::player
