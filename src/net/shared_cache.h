// What connections of one I/O thread read from files: each piece is made once, on a worker pool, and shared
// while somebody holds it or it is among the latest made. Belongs to its I/O thread; only the making is done
// elsewhere.
#pragma once

#include "base/result.h"
#include "base/worker_pool.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

namespace tutti::net {

template <class Key, class Value>
class SharedCache {
 public:
  using Ptr = std::shared_ptr<const Value>;
  // On the pool. A null pointer is handed on and not kept: it is not there yet.
  using Make = std::function<Result<Ptr>()>;
  // On the I/O thread; within get() where the piece is at hand.
  using Done = std::function<void(Result<Ptr>)>;

  // `budget`: bytes of the latest pieces that are kept without anybody holding them. The pool is stopped
  // before this ends.
  SharedCache(WorkerPool& pool, boost::asio::any_io_executor home, std::size_t budget)
      : pool_(pool), home_(std::move(home)), budget_(budget) {}
  SharedCache(const SharedCache&) = delete;
  SharedCache& operator=(const SharedCache&) = delete;

  // `bytes`: about what it takes.
  void get(const Key& key, std::size_t bytes, Make make, Done done) {
    if (auto known = entries_.find(key); known != entries_.end()) {
      if (auto piece = known->second.piece.lock()) return done(std::move(piece));
    }
    Entry& entry = entries_[key];
    entry.waiting.push_back(std::move(done));
    if (entry.waiting.size() > 1) return;
    pool_.post([this, home = home_, key, bytes, make = std::move(make)] {
      Result<Ptr> made = make();
      boost::asio::post(home, [this, key, bytes, made = std::move(made)]() mutable {
        on_made(key, bytes, std::move(made));
      });
    });
  }

 private:
  struct Entry {
    std::weak_ptr<const Value> piece;
    std::vector<Done> waiting;
  };

  void on_made(const Key& key, std::size_t bytes, Result<Ptr> made) {
    std::vector<Done> waiting = std::exchange(entries_[key].waiting, {});
    if (made && *made) {
      entries_[key].piece = *made;
      keep(*made, bytes);
    } else {
      entries_.erase(key);
    }
    forget_gone();
    for (auto& done : waiting) done(made);
  }

  void keep(const Ptr& piece, std::size_t bytes) {
    latest_.emplace_back(piece, bytes);
    kept_ += bytes;
    while (kept_ > budget_ && !latest_.empty()) {
      kept_ -= latest_.front().second;
      latest_.pop_front();
    }
  }

  // Now and then, so that what is gone does not pile up.
  void forget_gone() {
    constexpr std::size_t kFew = 128;
    if (entries_.size() < std::max(kFew, tidy_at_)) return;
    std::erase_if(entries_, [](const auto& item) {
      return item.second.waiting.empty() && item.second.piece.expired();
    });
    tidy_at_ = entries_.size() * 2;
  }

  WorkerPool& pool_;
  boost::asio::any_io_executor home_;
  std::size_t budget_;
  std::map<Key, Entry> entries_;
  std::deque<std::pair<Ptr, std::size_t>> latest_;  // the oldest first
  std::size_t kept_ = 0;
  std::size_t tidy_at_ = 0;
};

}  // namespace tutti::net
