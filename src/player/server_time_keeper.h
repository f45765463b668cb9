// The server's clock through lost connections and restarts of the server. A connection that comes back is
// listened to for some exchanges first: either its clock is the known one, which then goes on, or the server
// was started anew, and what it says holds from then on with a clock of its own. Until that is decided the
// old clock goes on. As web/src/walk/keeper.ts.
#pragma once

#include "domain/clock_filter.h"

#include <optional>
#include <vector>

namespace tutti::player {

class ServerTimeKeeper {
 public:
  enum class Verdict {
    open,   // what a server says of times cannot be understood yet
    same,   // it is of the clock that was known
    other,  // it is of a new one, or the first
  };

  // A connection stands; perhaps to another server than before.
  void on_connected();
  // True where this one decided: see verdict().
  bool add(const Exchange& exchange);

  Verdict verdict() const { return verdict_; }
  // nullptr: not known well enough yet. The one of before, until another one is.
  const ClockFilter* clock() const { return clock_ ? &*clock_ : nullptr; }
  // The one that was left for `clock()` when the verdict was `other`; nullptr at first.
  const ClockFilter* before() const { return before_ ? &*before_ : nullptr; }
  // Until the next question.
  Duration interval() const;

 private:
  std::optional<ClockFilter> clock_, before_, candidate_;
  std::vector<Exchange> heard_;
  Verdict verdict_ = Verdict::open;
};

}  // namespace tutti::player
