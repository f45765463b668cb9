// A /pcm stream on its way to whoever plays it.
#pragma once

#include "base/mailbox.h"
#include "player/conversation.h"
#include "player/source.h"
#include "protocol/continuation.h"
#include "protocol/pcm_client.h"

#include <optional>

namespace tutti::player {

// A server of /pcm knows no positions: asked again, it sends from the start, in real time. So after a lost
// connection ears get the start at once (`start_over`), while a recording waits for the place where it broke
// off (`carry_on`).
enum class AfterLoss { start_over, carry_on };

class PcmConversation : public Conversation {
 public:
  PcmConversation(Mailbox<Stream>& streams, AfterLoss after_loss)
      : streams_(streams), after_loss_(after_loss) {}

  std::string_view begin() override;
  Result<Next> on_text(std::string_view text, ClientTime arrived) override;
  Result<Next> on_binary(std::span<const std::uint8_t> bytes) override;
  Result<Next> on_closed(int code, const std::string& reason) override {
    return judge_early_close(code, reason);
  }
  std::int64_t progress() const override { return furthest_; }
  bool has_begun() const override { return stream_.has_value(); }
  std::string consequence() const override;
  void finish() override;
  void cancel() override;

 private:
  Result<Next> on_event(const protocol::PcmEvent& event);
  Result<Next> on_header(const protocol::PcmHeader& header);
  Result<Next> on_audio(std::span<const std::uint8_t> bytes);

  Mailbox<Stream>& streams_;
  AfterLoss after_loss_;
  protocol::PcmClient client_;
  protocol::Continuation continuation_;
  std::optional<Stream> stream_;
  std::int64_t position_ = 0;  // bytes of samples that this connection has brought
  std::int64_t furthest_ = 0;  // and the most that one has
};

}  // namespace tutti::player
