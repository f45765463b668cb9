// Slows those who try again and again: by address, by account. A few failures are free, as people mistype;
// then each further one doubles the wait. Owned by the control thread.
//
// An attempt counts as failed from its beginning, so that a hundred at the same moment gain nothing; one that
// succeeds is taken back.
#pragma once

#include "base/time.h"

#include <list>
#include <string>
#include <unordered_map>

namespace tutti::app {

class AttemptLimiter {
 public:
  struct Settings {
    int free = 5;                    // failures without a wait
    Duration first_wait{1'000'000};  // after the next one; doubled by each further
    Duration longest_wait{60'000'000};
    Duration forgiven_after{60'000'000};  // one failure is forgotten in so much time
    std::size_t capacity = 10'000;        // keys known at once; of more, those longest quiet are forgotten
  };

  explicit AttemptLimiter(Settings settings) : settings_(settings) {}

  // How long `key` has to wait before it may try; 0: now.
  Duration wait(const std::string& key, ServerTime now) const;
  // An attempt begins.
  void charge(const std::string& key, ServerTime now);
  // It succeeded.
  void refund(const std::string& key, ServerTime now);
  // Its past is forgotten.
  void forgive(const std::string& key);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    int failures = 0;
    ServerTime last;     // attempt
    ServerTime counted;  // up to when forgetting has been reckoned
    std::list<std::string>::iterator place;
  };

  void forget_with_time(Entry& entry, ServerTime now) const;
  Duration penalty(int failures) const;

  Settings settings_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> order_;  // quiet for the longest time first
};

}  // namespace tutti::app
