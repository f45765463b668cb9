// A file that arrives in pieces over /audio (seeds/002): each binary message is some of its bytes, the close
// is its end.
#pragma once

#include "base/mailbox.h"
#include "player/conversation.h"
#include "player/source.h"
#include "protocol/continuation.h"

#include <optional>

namespace tutti::player {

// After a lost connection the server sends the file from its start again, as fast as it can: what was there
// already is passed over, and nobody hears anything of it.
class FileConversation : public Conversation {
 public:
  explicit FileConversation(Mailbox<Stream>& streams) : streams_(streams) {}

  std::string_view begin() override;
  Result<Next> on_text(std::string_view text, ClientTime arrived) override;
  Result<Next> on_binary(std::span<const std::uint8_t> bytes) override;
  Result<Next> on_closed(int code, const std::string& reason) override;
  std::int64_t progress() const override { return continuation_.total(); }
  bool has_begun() const override { return stream_.has_value(); }
  std::string consequence() const override { return ""; }
  void finish() override;
  void cancel() override;

 private:
  Mailbox<Stream>& streams_;
  protocol::Continuation continuation_;
  std::optional<Stream> stream_;
};

}  // namespace tutti::player
