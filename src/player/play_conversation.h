// Sendspin over a connection, its sound on the way to an output. Belongs to the network's thread.
#pragma once

#include "base/mailbox.h"
#include "media/chunk_decoder.h"
#include "player/conversation.h"
#include "player/sendspin_client.h"
#include "player/sync_engine.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace tutti::player {

// Sound of one rate and number of channels, between the network's thread, which fills it, and the device's.
struct Deck {
  Deck(const protocol::sendspin::AudioFormat& format, Duration capacity, Micros latency)
      : samples(format.rate, format.channels, capacity), engine(samples, latency) {}

  TimedSamples samples;
  SyncEngine engine;
};

// What there is to be shown.
struct PlayNews {
  NowPlaying now;
  protocol::sendspin::AudioFormat format;
  bool is_streaming = false;  // there should be sound
  int volume = 100;
  bool is_muted = false;
  Duration uncertainty{0};
  std::int64_t dropped = 0;  // chunks that could not be decoded, or that there was no room for
};

class PlayConversation : public Conversation {
 public:
  // `latency`: see SyncEngine. A deck goes to `decks` when sound begins whose shape is new. `begins_to_play`:
  // where the server allows it and nothing plays yet, it asks for it, once. `undecided`: what to ask a server
  // for that is to choose the group; once this player has gone to another one than it asked for, that is
  // where it comes back to.
  PlayConversation(PlayerProfile profile, Micros latency, Mailbox<std::shared_ptr<Deck>>& decks,
                   Mailbox<PlayNews>& news, bool begins_to_play, std::string undecided = "");

  SendspinClient& client() { return client_; }

  std::string_view target() const override;
  std::string_view begin() override;
  Result<Next> on_text(std::string_view text, ClientTime arrived) override;
  Result<Next> on_binary(std::span<const std::uint8_t> bytes) override;
  Result<Next> on_closed(int code, const std::string& reason) override;
  std::optional<std::string> speak() override;
  std::chrono::steady_clock::time_point speaks_at() const override;
  bool leave() override;
  bool has_left() const override { return client_.has_left(); }
  std::int64_t progress() const override { return received_; }
  bool has_begun() const override { return received_ > 0 || has_begun_; }
  std::string consequence() const override { return "playing on from what is there"; }
  void finish() override {}
  void cancel() override {}

 private:
  Result<Next> on_event(const ClientEvent& event);
  Result<void> open_stream();
  void hear(ServerTime at, std::span<const std::uint8_t> packet);
  void clear();
  void publish_clock();
  void tell();

  struct Held {
    ServerTime at;
    std::vector<std::uint8_t> packet;
  };

  SendspinClient client_;
  const Micros latency_;
  Mailbox<std::shared_ptr<Deck>>& decks_;
  Mailbox<PlayNews>& news_;
  bool begins_to_play_;
  const std::string undecided_;
  std::string first_group_;
  bool has_gone_elsewhere_ = false;
  std::unique_ptr<media::ChunkDecoder> decoder_;
  std::shared_ptr<Deck> deck_;
  // Sound that came before it was known of which clock its times are.
  std::deque<Held> held_;
  std::size_t held_bytes_ = 0;
  std::int64_t received_ = 0;  // bytes of sound
  std::int64_t dropped_ = 0;
  bool has_begun_ = false;
};

}  // namespace tutti::player
