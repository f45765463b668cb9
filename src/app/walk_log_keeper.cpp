#include "app/walk_log_keeper.h"

#include "base/log.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSaveEvery = 500ms, kTryAgainAfter = 5s;

}  // namespace

Result<void> WalkLogKeeper::open(std::string path) {
  auto kept = store_.load_log(path);
  if (!kept) return tl::make_unexpected(kept.error());
  path_ = std::move(path);
  for (auto& event : kept->events) {
    event.at = anchor_.to_server(kept->anchor.to_wall(event.at));
    add(std::move(event));
  }
  saved_ = count_;
  return {};
}

void WalkLogKeeper::add(WalkEvent event) {
  if (events_.size() == kMost) events_.pop_front();
  events_.push_back(std::move(event));
  ++count_;
}

void WalkLogKeeper::save(ServerTime now, bool at_once) {
  saved_ = std::max(saved_, first());  // the disk has failed for so long that some are forgotten
  is_urgent_ |= at_once;
  if (is_saving_ || saved_ == count_) return;
  const Duration pause = has_failed_ ? kTryAgainAfter : kSaveEvery;
  if (now - saved_at_ < pause && (has_failed_ || !is_urgent_)) return;
  is_urgent_ = false;
  saved_at_ = now;
  is_saving_ = true;
  WalkLog more;
  more.anchor = anchor_;
  const std::size_t left = static_cast<std::size_t>(count_ - saved_);
  auto next = events_.end() - static_cast<std::ptrdiff_t>(left);
  more.events.assign(next, next + static_cast<std::ptrdiff_t>(std::min(left, kMostAtOnce)));
  const std::uint64_t until = saved_ + more.events.size();
  store_.add_to_log(path_, std::move(more), [this, until](const Result<void>& saved) {
    post_([this, until, saved] { on_saved(until, saved); });
  });
}

void WalkLogKeeper::on_saved(std::uint64_t until, const Result<void>& saved) {
  is_saving_ = false;
  if (!saved && !has_failed_) log::error("the walk's log could not be stored: {}", saved.error().message);
  has_failed_ = !saved;
  if (saved) saved_ = std::max(saved_, until);
}

}  // namespace tutti::app
