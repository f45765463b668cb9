// A few threads that run jobs in the order they came. The media pools are two of these: one produces audio,
// one scans with low priority, so that a scan never delays what is on air.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tutti {

class WorkerPool {
 public:
  enum class Priority { normal, background };
  using Job = std::function<void()>;

  // `name` shows up in process listings (at most 12 characters are kept).
  WorkerPool(std::string name, unsigned threads, Priority priority = Priority::normal);
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Queues a job. Callers bound their own number of outstanding jobs. After stop() jobs are dropped.
  void post(Job job);
  // Drops what has not begun, waits for what has. Idempotent; not to be called from a job.
  void stop();

 private:
  void run(const std::string& name, Priority priority);

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tutti
