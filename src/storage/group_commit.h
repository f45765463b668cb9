// A thread that owns one database connection and writes what has gathered as one transaction: many changes
// share one wait for the disk. What is committed survives a crash and a power cut (sqlite.h).
#pragma once

#include "base/result.h"
#include "storage/sqlite.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tutti::storage {

class GroupCommit {
 public:
  struct Job {
    // Reads and writes, inside a transaction. Is run again, alone, if another job of the group failed.
    std::function<Result<void>(Database&)> work;
    // After the commit, or the failure; in the order of the jobs. May be empty.
    std::function<void(const Result<void>&)> done;
  };

  // `name`: of the thread, as process listings show it. Both functions of a job run on it.
  GroupCommit(Database db, std::string name);
  ~GroupCommit() { stop(); }
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Before the first job, or after stop(), only.
  Database& database() { return db_; }

  // Callers bound how much they have waiting.
  void post(Job job);
  // Not before `delay` has passed; dropped by stop().
  void post_after(std::chrono::milliseconds delay, Job job);
  // Carries out what is queued, then ends the thread. Idempotent.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  bool wait(std::vector<Job>& group);
  void carry_out(std::vector<Job>& group);
  Result<void> transaction(const std::vector<Job>& group);

  Database db_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> waiting_;
  std::multimap<Clock::time_point, Job> later_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tutti::storage
