#include "player/play_walk.h"

#include "base/state_folder.h"
#include "player/network_thread.h"
#include "player/walk_room.h"

#include <atomic>
#include <utility>

namespace tutti::player {
namespace {

Result<AssetCache> open_cache(const PlayOptions& options) {
  std::string folder = options.walk_cache;
  if (folder.empty()) {
    auto state = find_state_folder(options.state_dir);
    if (!state) return tl::make_unexpected(state.error());
    folder = *state + "/walk-cache";
  }
  return AssetCache::open(std::move(folder), options.walk_cache_size);
}

}  // namespace

std::optional<Failure> play_walk(const PlayOptions& options, const protocol::WebSocketUrl& url,
                                 const std::string& id, const std::string& name, const std::string& version,
                                 SyncOutput& output, Terminal& terminal) {
  auto cache = open_cache(options);
  if (!cache) return Failure{2, cache.error().message};
  const ConnectionSettings settings{options.token, options.ca_file, options.insecure};
  const Duration correction(static_cast<Duration::rep>(options.latency_ms * 1000));

  TimedSamples samples(WalkAsset::kRate, WalkSound::kChannels, WalkSound::kCapacity);
  SyncEngine engine(samples, Micros(options.latency_ms * 1000));
  Mailbox<WalkNews> news;
  WalkConversation conversation({id, name, version}, engine, news);
  std::atomic<bool> is_over{false};
  Reception reception(url, settings, {true, 0}, conversation, terminal, [&] { is_over = true; });
  AssetFetcher fetcher(std::move(*cache), url, settings);
  std::optional<Failure> failure;
  {
    const NetworkThread network(reception);
    WalkRoom room({output, engine, samples, conversation, reception, fetcher, news, terminal, name,
                   options.volume, correction, options.report});
    failure = room.play(is_over);
  }
  return reception.failure() ? reception.failure() : failure;
}

}  // namespace tutti::player
