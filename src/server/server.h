// The whole server, wired together. The thread that calls run() is the control thread.
#pragma once

#include "app/artwork_cache.h"
#include "app/group_service.h"
#include "app/library.h"
#include "app/player_service.h"
#include "app/station_service.h"
#include "app/walk_store.h"
#include "base/server_clock.h"
#include "base/worker_pool.h"
#include "net/http_server.h"
#include "server/conducting.h"
#include "server/discovery.h"
#include "server/encoded_files.h"
#include "server/identity.h"
#include "server/media_files.h"
#include "server/media_producer.h"
#include "server/media_scanner.h"
#include "server/mp3_files.h"
#include "server/options.h"
#include "server/walk_maker.h"
#include "server/walk_plan.h"
#include "storage/sqlite_store.h"

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::server {

class Server {
 public:
  // Where what is kept is kept. They outlive the server.
  struct Stores {
    storage::SqliteStore& library;
    app::PlayerStore& players;
    app::WalkStore& walk;
    std::string encoded_tracks, walk_assets;  // folders
  };
  // `id`: tells this process from all others that use the same player store.
  Server(const ServeOptions& options, std::uint64_t id, Stores stores, Identity::Plan identity,
         std::unique_ptr<storage::IdentityDatabase> users);
  ~Server();

  // Reads the stored state, begins to scan, binds the sockets. Error: for a person.
  Result<void> open(std::vector<app::StationSettings> stations, std::optional<WalkPlan> walk,
                    const ServeOptions& options);
  std::vector<std::string> urls() const { return http_.urls(); }
  const std::vector<net::Alias>& aliases() const { return http_.aliases(); }
  // Where there is no operator yet: what to add to a URL of the page to become one. Error: the database.
  Result<std::optional<std::string>> first_link() { return identity_.first_link(clock_.now()); }
  // What the option asks for, as far as the system's limit of open files allows it.
  std::size_t max_listeners() const { return http_.max_listeners(); }
  // Where OSC is listened to, if it is.
  std::optional<std::string> osc() const { return conducting_.osc(); }
  // Until SIGINT or SIGTERM.
  void run();

 private:
  void tick();
  void wait_for_signal();
  void wait_for_hangup();
  std::optional<std::chrono::milliseconds> track_length(std::int64_t id) const;
  void stop();

  ServerClock clock_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  boost::asio::signal_set hangup_;
  boost::asio::steady_timer timer_;
  storage::SqliteStore& store_;
  WorkerPool media_pool_;
  WorkerPool scan_pool_;
  WorkerPool file_pool_;  // reads for connections, so that a slow disk holds up no station
  MediaFileReader files_;
  MediaScanner scanner_;
  MediaProducers producers_;
  PooledMp3Files mp3_files_;
  EncodedFolder encoded_files_;
  app::Library library_;
  Identity identity_;
  app::TrackSearch track_search_;
  app::PlayerStore& player_store_;
  app::PlayerService players_;
  net::Control control_;  // knows the stations, which know the audience, which asks control
  net::HttpServer http_;
  app::StationService stations_;
  app::ArtworkCache artwork_;
  app::GroupService groups_;
  app::EncodedCache encoded_cache_;
  app::PersonalService personal_;
  app::WalkStore& walk_store_;
  app::WalkService walk_;
  WalkMaker walk_maker_;
  app::WalkAssets walk_assets_;
  Conducting conducting_;
  ServeOptions options_;
  std::optional<Discovery> discovery_;  // from run() on
  std::thread stopper_;
};

}  // namespace tutti::server
