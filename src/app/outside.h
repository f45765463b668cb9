// Ports: those who may know people that we do not.
#pragma once

#include "app/verdict.h"
#include "domain/credentials.h"

#include <functional>

namespace tutti::app {

// Tokens that carry their own proof (JWT). Quick, and on the control thread.
class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;

  // Whether the token is of the kind that this verifies; if so, nobody else is asked.
  virtual bool takes(const std::string& token) const = 0;
  virtual Verdict verify(const std::string& token, WallTime date) const = 0;
};

// Another server that decides (--auth-url).
class OutsideJudge {
 public:
  using Done = std::function<void(Verdict)>;

  virtual ~OutsideJudge() = default;

  // Answers on the control thread, not within the call: known, wrong or unavailable.
  virtual void judge(Credentials credentials, std::string address, Done done) = 0;
};

}  // namespace tutti::app
