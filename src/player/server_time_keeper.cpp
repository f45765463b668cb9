#include "player/server_time_keeper.h"

#include <algorithm>
#include <utility>

namespace tutti::player {
namespace {

constexpr std::size_t kListening = 8;  // exchanges
constexpr Duration kSlack{20'000};     // by what exchanges say that a clock's doubt does not explain

// By that clock nothing has arrived before it was sent. A filter of these exchanges alone would be no
// measure: as long as all of them stood in queues, it is off by more than it doubts.
bool holds(const ClockFilter& known, const std::vector<Exchange>& exchanges) {
  return std::ranges::all_of(exchanges, [&](const Exchange& x) {
    const Duration margin = kSlack + known.uncertainty(x.arrived);
    return known.to_server(x.sent) <= x.received + margin &&
           known.to_server(x.arrived) >= x.answered - margin;
  });
}

}  // namespace

void ServerTimeKeeper::on_connected() {
  candidate_.emplace();
  heard_.clear();
  verdict_ = Verdict::open;
}

bool ServerTimeKeeper::add(const Exchange& exchange) {
  if (!candidate_) {
    if (clock_) clock_->add(exchange);
    return false;
  }
  if (!candidate_->add(exchange)) return false;
  heard_.push_back(exchange);
  if (heard_.size() < kListening) return false;
  if (clock_ && holds(*clock_, heard_)) {
    for (const auto& each : heard_) clock_->add(each);
    verdict_ = Verdict::same;
  } else {
    before_ = std::exchange(clock_, candidate_);
    verdict_ = Verdict::other;
  }
  candidate_.reset();
  heard_.clear();
  return true;
}

Duration ServerTimeKeeper::interval() const {
  constexpr Duration kAtFirst{50'000};
  if (candidate_) return candidate_->interval();
  return clock_ ? clock_->interval() : kAtFirst;
}

}  // namespace tutti::player
