#include "storage/group_commit.h"

#include "base/log.h"

#include <exception>
#include <pthread.h>
#include <utility>

namespace tutti::storage {

GroupCommit::GroupCommit(Database db, std::string name)
    : db_(std::move(db)), thread_([this, name = std::move(name)] {
        pthread_setname_np(pthread_self(), name.c_str());
        run();
      }) {}

void GroupCommit::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void GroupCommit::post_after(std::chrono::milliseconds delay, Job job) {
  {
    const std::lock_guard lock(mutex_);
    later_.emplace(Clock::now() + delay, std::move(job));
  }
  changed_.notify_one();
}

void GroupCommit::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void GroupCommit::run() {
  std::vector<Job> group;
  while (wait(group)) {
    try {
      carry_out(group);
    } catch (const std::exception& e) {
      log::error("storage: {}", e.what());
    }
  }
}

// False: there is nothing more to do, ever.
bool GroupCommit::wait(std::vector<Job>& group) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto now = Clock::now();
    while (!stopping_ && !later_.empty() && later_.begin()->first <= now) {
      waiting_.push_back(std::move(later_.extract(later_.begin()).mapped()));
    }
    if (stopping_ || !waiting_.empty()) break;
    if (later_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, later_.begin()->first);
    }
  }
  group = std::exchange(waiting_, {});
  return !group.empty();
}

void GroupCommit::carry_out(std::vector<Job>& group) {
  const auto together = transaction(group);
  for (auto& job : group) {
    // One job's failure is not the others'.
    std::vector<Job> alone(1);
    alone[0].work = job.work;
    const auto result = together || group.size() == 1 ? together : transaction(alone);
    if (job.done) job.done(result);
  }
}

Result<void> GroupCommit::transaction(const std::vector<Job>& group) {
  auto result = db_.execute("BEGIN IMMEDIATE");
  if (!result) return result;
  for (const auto& job : group) {
    result = job.work(db_);
    if (!result) break;
  }
  if (result) result = db_.execute("COMMIT");
  if (!result) (void)db_.execute("ROLLBACK");
  return result;
}

}  // namespace tutti::storage
