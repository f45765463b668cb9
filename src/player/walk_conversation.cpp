#include "player/walk_conversation.h"

#include "player/times.h"

namespace tutti::player {

std::string_view WalkConversation::begin() {
  client_.begin();
  return "";
}

Result<Conversation::Next> WalkConversation::on_text(std::string_view text, ClientTime arrived) {
  if (auto heard = client_.on_text(text, arrived); !heard) return tl::make_unexpected(heard.error());
  has_begun_ = true;
  tell();
  return Next::more;
}

std::optional<std::string> WalkConversation::speak() { return client_.speak(client_now()); }

std::chrono::steady_clock::time_point WalkConversation::speaks_at() const {
  return steady_time(client_.speaks_at(client_now()));
}

bool WalkConversation::leave() {
  client_.leave();
  return has_begun_;
}

Result<Conversation::Next> WalkConversation::on_closed(int code, const std::string& reason) {
  if (client_.has_left()) return Next::done;
  return judge_early_close(code, reason);
}

void WalkConversation::tell() {
  told_.server = client_.server();
  told_.is_connected = client_.is_current();
  if (told_.edition != client_.edition()) {
    told_.edition = client_.edition();
    told_.walk = std::make_shared<const Walk>(client_.walk());
    told_.urls = std::make_shared<const std::vector<std::string>>(client_.urls());
  }
  told_.clock = client_.clock(client_now());
  told_.latency = client_.latency();
  engine_.set_clock(told_.clock);
  news_.post(told_);
}

}  // namespace tutti::player
