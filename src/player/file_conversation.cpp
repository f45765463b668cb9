#include "player/file_conversation.h"

#include "base/utf8.h"

#include <utility>

namespace tutti::player {

std::string_view FileConversation::begin() {
  continuation_.restart();
  return "";
}

Result<Conversation::Next> FileConversation::on_text(std::string_view text, ClientTime) {
  return fail("expected the bytes of a file, but the server sent the text '" +
              to_valid_utf8(text.substr(0, 100)) + "'; is this an /audio address?");
}

Result<Conversation::Next> FileConversation::on_binary(std::span<const std::uint8_t> bytes) {
  if (!stream_) {
    auto spool = Spool::open();
    if (!spool) return tl::make_unexpected(spool.error());
    stream_ = Stream{{}, std::move(*spool)};
    streams_.post(*stream_);
  }
  return continuation_.take(bytes)
      .and_then([this](std::span<const std::uint8_t> fresh) { return stream_->bytes->append(fresh); })
      .map([] { return Next::more; });
}

Result<Conversation::Next> FileConversation::on_closed(int code, const std::string& reason) {
  if (code != 1000) return judge_early_close(code, reason);
  if (!stream_) return fail("the server closed without sending anything: has it such a file?");
  return continuation_.end().map([] { return Next::done; });
}

void FileConversation::finish() {
  if (stream_) stream_->bytes->finish();
}

void FileConversation::cancel() {
  if (stream_) stream_->bytes->cancel();
}

}  // namespace tutti::player
