// The outside decision, remembered for a moment: a player that reconnects, or a script that asks again, is
// not asked about again. Keeps digests, never credentials. Owned by the control thread.
#pragma once

#include "app/outside.h"
#include "base/secret.h"

#include <map>

namespace tutti::app {

class OutsideCache {
 public:
  using Done = OutsideJudge::Done;

  explicit OutsideCache(OutsideJudge& judge) : judge_(judge) {}

  // Answers now where it is known, else when the judge has.
  void judge(const Credentials& credentials, const Caller& caller, Done done);

 private:
  struct Known {
    Verdict verdict;
    ServerTime until;
  };

  SecretDigest key_of(const Credentials& credentials) const;
  void remember(const SecretDigest& key, const Verdict& verdict, ServerTime now);

  OutsideJudge& judge_;
  KeyedDigest keyed_;
  std::map<SecretDigest, Known> known_;
};

}  // namespace tutti::app
