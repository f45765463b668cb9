#include "player/conversation.h"

#include "base/utf8.h"

namespace tutti::player {

Result<Conversation::Next> judge_early_close(int code, const std::string& reason) {
  // Gone away, restarts, try again later, a proxy's trouble; 1000 before the end is a server that was
  // stopped.
  const bool is_passing =
      code == 1000 || code == 1001 || code == 1005 || code == 1006 || (code >= 1012 && code <= 1014);
  if (is_passing) return Conversation::Next::more;
  return fail("the server closed the connection: " +
              (reason.empty() ? "code " + std::to_string(code) : to_valid_utf8(reason)));
}

}  // namespace tutti::player
