// Who is asking: judges whatever credentials a request presents. Owned by the control thread.
#pragma once

#include "app/password_check.h"

#include <functional>

namespace tutti::app {

class Auth {
 public:
  using Answer = std::function<void(Verdict)>;

  // `tokens` and `outside` may be null.
  Auth(IdentityStore& store, Background& storage, PasswordCheck& passwords, const TokenVerifier* tokens,
       OutsideCache* outside)
      : store_(store), storage_(storage), passwords_(passwords), tokens_(tokens), outside_(outside) {}

  // Answers once, now or later, on the control thread.
  void check(const Credentials& credentials, const Caller& caller, Answer answer);

 private:
  void check_session(const std::string& id, const Caller& caller, Answer answer);
  void check_token(const std::string& token, const Caller& caller, Answer answer);
  void ask_outside(const Credentials& credentials, const Caller& caller, Answer answer);

  IdentityStore& store_;
  Background& storage_;
  PasswordCheck& passwords_;
  const TokenVerifier* tokens_;
  OutsideCache* outside_;
};

}  // namespace tutti::app
