#include "base/worker_pool.h"

#include "base/log.h"

#include <exception>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace tutti {

WorkerPool::WorkerPool(std::string name, unsigned threads, Priority priority) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) {
    threads_.emplace_back(
        [this, priority, label = name.substr(0, 12) + "-" + std::to_string(i)] { run(label, priority); });
  }
}

void WorkerPool::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    jobs_.push_back(std::move(job));
  }
  ready_.notify_one();
}

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    jobs_.clear();
  }
  ready_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::run(const std::string& name, Priority priority) {
  pthread_setname_np(pthread_self(), name.c_str());
  // On Linux a thread has its own nice value.
  if (priority == Priority::background) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    try {
      job();
    } catch (const std::exception& e) {
      log::error("{}: a job ended with an exception: {}", name, e.what());
    }
  }
}

}  // namespace tutti
