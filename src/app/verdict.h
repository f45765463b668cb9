// What has become of presented credentials.
#pragma once

#include "app/identity.h"
#include "base/time.h"

namespace tutti::app {

struct Verdict {
  enum class Kind {
    nobody,       // nothing was presented
    known,        // `identity`
    wrong,        // and not to be told in which way
    slowed,       // too many failures: not even looked at; again after `retry_after`
    unavailable,  // nobody can tell at the moment, so nobody is let in
  };

  Kind kind = Kind::nobody;
  Identity identity;
  Duration retry_after{0};

  bool is_known() const { return kind == Kind::known; }

  static Verdict known(Identity identity) { return {Kind::known, std::move(identity), {}}; }
  static Verdict wrong() { return {Kind::wrong, {}, {}}; }
  static Verdict slowed(Duration retry_after) { return {Kind::slowed, {}, retry_after}; }
  static Verdict unavailable() { return {Kind::unavailable, {}, {}}; }

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// Who asks, from where, and when.
struct Caller {
  std::string address;  // IP address as text
  ServerTime now;
  WallTime date;  // the calendar's word, for what expires
};

}  // namespace tutti::app
