// Brings the files of a walk, one after the other, and again until they are here; on a thread of its own, so
// that neither the sound nor the clock waits for a disk.
#pragma once

#include "player/asset_request.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace boost::asio {
class io_context;
}

namespace tutti::player {

struct FetchState {
  std::int64_t have = 0;  // bytes
  bool is_ready = false;
  std::string problem;  // the last one, until it goes on

  friend bool operator==(const FetchState&, const FetchState&) = default;
};
// By the files' hashes.
using FetchStates = std::map<std::string, FetchState>;

class AssetFetcher {
 public:
  AssetFetcher(AssetCache cache, protocol::WebSocketUrl server, ConnectionSettings settings);
  ~AssetFetcher();
  AssetFetcher(const AssetFetcher&) = delete;
  AssetFetcher& operator=(const AssetFetcher&) = delete;

  // Any thread, all of them. These, in this order, and no others any more.
  void want(std::vector<WantedFile> files);
  // The network is back: no need to sit out a pause.
  void hurry();
  FetchStates states() const;
  std::string path_of(const std::string& sha256) const { return cache_.path_of(sha256); }

 private:
  void run();
  // Error: it is to be tried again later.
  Result<void> bring_one(const WantedFile& file);
  Result<void> download(const WantedFile& wanted, PartialFile& file);
  bool is_wanted(const std::string& sha256) const;
  void note(const std::string& sha256, FetchState state);

  const AssetCache cache_;
  const protocol::WebSocketUrl server_;
  const ConnectionSettings settings_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<WantedFile> wanted_;
  FetchStates states_;
  boost::asio::io_context* busy_ = nullptr;  // while there is a connection
  bool is_stopping_ = false, is_hurried_ = false;
  std::thread thread_;  // uses all of the above
};

}  // namespace tutti::player
