#include "player/asset_fetcher.h"

#include "base/backoff.h"
#include "player/patience.h"

#include <algorithm>
#include <random>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace tutti::player {

namespace asio = boost::asio;

AssetFetcher::AssetFetcher(AssetCache cache, protocol::WebSocketUrl server, ConnectionSettings settings)
    : cache_(std::move(cache)),
      server_(std::move(server)),
      settings_(std::move(settings)),
      thread_([this] { run(); }) {}

AssetFetcher::~AssetFetcher() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    if (busy_) busy_->stop();
  }
  changed_.notify_all();
  thread_.join();
}

void AssetFetcher::want(std::vector<WantedFile> files) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::move(files);
    is_hurried_ = true;
    std::erase_if(states_, [&](const auto& state) {
      return std::ranges::find(wanted_, state.first, &WantedFile::sha256) == wanted_.end();
    });
  }
  changed_.notify_all();
}

void AssetFetcher::hurry() {
  {
    const std::lock_guard lock(mutex_);
    is_hurried_ = true;
  }
  changed_.notify_all();
}

FetchStates AssetFetcher::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

bool AssetFetcher::is_wanted(const std::string& sha256) const {
  const std::lock_guard lock(mutex_);
  return !is_stopping_ && std::ranges::find(wanted_, sha256, &WantedFile::sha256) != wanted_.end();
}

void AssetFetcher::note(const std::string& sha256, FetchState state) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(wanted_, sha256, &WantedFile::sha256) != wanted_.end())
    states_[sha256] = std::move(state);
}

void AssetFetcher::run() {
  Backoff backoff(kFirstWait, kLongestWait);
  std::minstd_rand random{std::random_device{}()};
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    is_hurried_ = false;
    const auto files = wanted_;
    bool has_failed = false;
    for (const auto& file : files) {
      if (is_stopping_ || is_hurried_) break;
      if (states_[file.sha256].is_ready) continue;
      lock.unlock();
      const auto brought = bring_one(file);
      if (!brought && is_wanted(file.sha256)) {
        FetchState state = states()[file.sha256];
        state.problem = brought.error().message;
        note(file.sha256, state);
      }
      has_failed = has_failed || !brought;
      lock.lock();
    }
    if (is_stopping_ || is_hurried_) continue;
    const auto wakes = [this] { return is_stopping_ || is_hurried_; };
    if (has_failed) {
      const Duration wait = backoff.next(std::uniform_real_distribution<double>(0, 1)(random));
      changed_.wait_for(lock, wait, wakes);
    } else {
      backoff.reset();
      changed_.wait(lock, wakes);
    }
  }
}

Result<void> AssetFetcher::bring_one(const WantedFile& file) {
  const auto stops = [&] { return !is_wanted(file.sha256); };
  if (cache_.has(file.sha256, file.bytes, stops)) {
    note(file.sha256, {file.bytes, true, ""});
    return {};
  }
  std::set<std::string> kept;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& each : wanted_) kept.insert(each.sha256);
  }
  if (auto room = cache_.make_room(file.bytes, kept); !room) return room;
  auto partial = cache_.open_partial(file.sha256);
  if (!partial) return tl::make_unexpected(partial.error());
  if (partial->have() > file.bytes) {
    if (auto cleared = partial->clear(); !cleared) return cleared;
  }
  if (partial->have() < file.bytes) {
    if (auto done = download(file, *partial); !done) return done;
  }
  auto hash = partial->hash(stops);
  if (!hash) return tl::make_unexpected(hash.error());
  if (hash->empty()) return fail("stopped");
  if (*hash != file.sha256) {
    if (auto cleared = partial->clear(); !cleared) return cleared;
    return fail("what came of " + file.url + " is not what was promised; it was thrown away");
  }
  if (auto done = partial->finish(cache_.path_of(file.sha256)); !done) return done;
  note(file.sha256, {file.bytes, true, ""});
  return {};
}

Result<void> AssetFetcher::download(const WantedFile& wanted, PartialFile& file) {
  asio::io_context context(1);
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return fail("stopped");
    busy_ = &context;
  }
  Result<void> done = fail("stopped");
  const auto more = [&] {
    note(wanted.sha256, {file.have(), false, ""});
    if (!is_wanted(wanted.sha256)) context.stop();
  };
  note(wanted.sha256, {file.have(), false, states()[wanted.sha256].problem});
  asio::co_spawn(context, bring(server_, settings_, wanted, file, more),
                 [&](const std::exception_ptr& thrown, Result<void> result) {
                   if (!thrown) done = std::move(result);
                 });
  context.run();
  const std::lock_guard lock(mutex_);
  busy_ = nullptr;
  return done;
}

}  // namespace tutti::player
