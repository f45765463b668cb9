#include "app/outside_cache.h"

#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration kYesHolds = 60s;
constexpr Duration kNoHolds = 10s;
constexpr std::size_t kMostKnown = 10'000;

}  // namespace

SecretDigest OutsideCache::key_of(const Credentials& credentials) const {
  const char kind = credentials.kind == Credentials::Kind::password ? 'p' : 'b';
  return keyed_(kind + std::to_string(credentials.name.size()) + ':' + credentials.name + credentials.secret);
}

void OutsideCache::judge(const Credentials& credentials, const Caller& caller, Done done) {
  const SecretDigest key = key_of(credentials);
  const auto found = known_.find(key);
  if (found != known_.end() && caller.now < found->second.until) return done(found->second.verdict);
  judge_.judge(credentials, caller.address,
               [this, key, now = caller.now, done = std::move(done)](Verdict verdict) {
                 remember(key, verdict, now);
                 done(std::move(verdict));
               });
}

void OutsideCache::remember(const SecretDigest& key, const Verdict& verdict, ServerTime now) {
  // That nobody could tell is not remembered: the next one asks again.
  if (verdict.kind != Verdict::Kind::known && verdict.kind != Verdict::Kind::wrong) return;
  if (known_.size() >= kMostKnown) {
    std::erase_if(known_, [now](const auto& entry) { return entry.second.until <= now; });
    if (known_.size() >= kMostKnown) return;
  }
  known_[key] = {verdict, now + (verdict.is_known() ? kYesHolds : kNoHolds)};
}

}  // namespace tutti::app
