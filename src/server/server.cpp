#include "server/server.h"

#include "base/log.h"
#include "base/secret.h"
#include "net/conduct_socket.h"
#include "net/cues_socket.h"
#include "net/media_mounts.h"
#include "net/player_socket.h"
#include "net/sendspin_socket.h"
#include "server/alias.h"
#include "server/web_files.h"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto kTick = 200ms;
constexpr auto kGrace = 3s;
constexpr std::size_t kArtworkBytes = 32u << 20;

unsigned cores() { return std::max(1u, std::thread::hardware_concurrency()); }
// A scan leaves at least half of the machine to the listeners.
unsigned scan_threads() { return std::max(1u, cores() / 2); }

// What is left of the open files for connections, after the library's and the program's own.
std::size_t files_for_connections() {
  constexpr std::size_t kOwn = 100;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 1u << 30;
  return std::max<std::size_t>(limit.rlim_cur, kOwn + 64) - kOwn;
}

net::Settings net_settings(const ServeOptions& options) {
  net::Settings settings;
  settings.hosts =
      options.host.empty() ? std::vector<std::string>{"0.0.0.0", "::"} : std::vector{options.host};
  settings.port = static_cast<unsigned short>(options.port);
  for (const auto& text : options.aliases) settings.aliases.push_back(parse_alias(text).value());
  settings.allowed_origins = options.allowed_origins;
  settings.tls.certificate = options.tls_cert;
  settings.tls.key = options.tls_key;
  if (options.tls_port >= 0) settings.tls.port = static_cast<unsigned short>(options.tls_port);
  settings.tls.redirects = options.tls_redirect == "on";
  settings.tls.hsts = std::chrono::seconds(options.hsts);
  settings.io_threads = options.io_threads > 0 ? static_cast<unsigned>(options.io_threads) : cores();
  const std::size_t files = files_for_connections();
  // Connections that only ask are short; a few files are kept for them even when all places are taken.
  constexpr std::size_t kKept = 100;
  settings.max_sessions = std::min<std::size_t>(files / 4 + kKept, 20'000);
  settings.max_listeners = static_cast<std::size_t>(options.max_listeners);
  settings.max_listeners = std::min(settings.max_listeners, files > 2 * kKept ? files - kKept : kKept);
  settings.flush_interval = std::chrono::milliseconds(options.flush_interval);
  settings.burst = Duration(static_cast<std::int64_t>(options.burst_seconds * 1e6));
  settings.buffer_size = static_cast<std::size_t>(options.buffer_size);
  settings.is_listening_closed = options.require_auth == "listen";
  return settings;
}

app::ServiceSettings service_settings(const ServeOptions& options) {
  app::ServiceSettings settings;
  settings.encoding = {Encoding::Codec::mp3, options.sample_rate, 2, options.bitrate};
  settings.burst = Duration(static_cast<std::int64_t>(options.burst_seconds * 1e6));
  settings.buffer_size = static_cast<std::size_t>(options.buffer_size);
  settings.seed = random_number();
  return settings;
}

}  // namespace

Server::Server(const ServeOptions& options, std::uint64_t id, Stores stores, Identity::Plan identity,
               std::unique_ptr<storage::IdentityDatabase> users)
    : signals_(context_, SIGINT, SIGTERM),
      hangup_(context_, SIGHUP),
      timer_(context_),
      store_(stores.library),
      media_pool_("media", cores()),
      scan_pool_("scan", scan_threads(), WorkerPool::Priority::background),
      file_pool_("file", std::max(2u, cores())),
      scanner_(scan_pool_, context_.get_executor(),
               [this](const std::string& folder) {
                 library_.rescan(folder);
                 walk_assets_.rescan(folder);
               }),
      producers_(media_pool_, context_.get_executor(), options.max_preload_tracks),
      mp3_files_(file_pool_, files_, context_.get_executor()),
      encoded_files_(stores.encoded_tracks, {file_pool_, media_pool_, scan_pool_}, files_,
                     context_.get_executor()),
      library_(stores.library, scanner_, scan_threads(),
               [this](const std::string& folder) { stations_.on_library_changed(folder); }),
      identity_(std::move(identity), std::move(users), context_.get_executor()),
      track_search_(library_),
      player_store_(stores.players),
      players_({id, options.pause_on_last_disconnect == "on"}, player_store_,
               [this](std::int64_t track) { return track_length(track); }),
      control_{context_.get_executor(),
               clock_,
               stations_,
               scanner_,
               personal_,
               identity_.auth(),
               identity_.sign_in(),
               players_,
               track_search_,
               groups_,
               walk_,
               walk_assets_,
               file_pool_},
      http_(net_settings(options), control_, net::WebAssets(web_files()), options.bitrate),
      stations_(service_settings(options), clock_.wall_anchor(), library_, stores.library, producers_,
                http_.audience()),
      artwork_(
          scanner_, [this](std::function<void()> job) { asio::post(context_, std::move(job)); },
          kArtworkBytes),
      groups_(stations_, producers_, http_.sync_audience(), stores.library, artwork_),
      encoded_cache_(encoded_files_, {service_settings(options).encoding, options.cache_size, cores()}),
      personal_(stations_, library_, mp3_files_, encoded_cache_),
      walk_store_(stores.walk),
      walk_(
          walk_store_, clock_.wall_anchor(),
          [this](std::function<void()> job) { asio::post(context_, std::move(job)); },
          [this] { return clock_.now(); }),
      walk_maker_(stores.walk_assets, scan_pool_, files_, context_.get_executor()),
      walk_assets_(scanner_, walk_maker_,
                   [this](std::vector<WalkAsset> assets) { walk_.set_assets(std::move(assets)); }),
      conducting_(context_.get_executor(), clock_, walk_),
      options_(options) {
  net::mount_media(http_.mounts(), file_pool_, files_, control_, net_settings(options).io_threads,
                   options.wav);
}

Server::~Server() {
  const bool has_run = stopper_.joinable();
  if (has_run) stopper_.join();
  scanner_.cancel();
  file_pool_.stop();
  media_pool_.stop();
  scan_pool_.stop();
  identity_.stop();
  player_store_.close();
  walk_.keep_log();
  walk_store_.close();
  if (!has_run) return;
  // What the pools and the I/O threads have said last is heard, so that nothing is left half-way.
  context_.restart();
  context_.poll();
  http_.drain();
}

Result<void> Server::open(std::vector<app::StationSettings> stations, std::optional<WalkPlan> walk,
                          const ServeOptions& options) {
  if (auto loaded = library_.load(); !loaded) return loaded;
  auto programmes = store_.load_programmes();
  if (!programmes) return tl::make_unexpected(programmes.error());
  std::vector<std::string> folders;
  for (const auto& station : stations)
    folders.insert(folders.end(), station.folders.begin(), station.folders.end());
  std::ranges::sort(folders);
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());

  for (const auto& folder : folders) library_.add_folder(folder);
  stations_.open(std::move(stations), std::move(*programmes), clock_.now());
  player_store_.open(players_, [this](std::function<void()> job) { asio::post(context_, std::move(job)); });
  http_.mounts().add("/player", net::player_mount(control_));
  if (auto opened = groups_.open(); !opened) return opened;
  auto server_id = store_.load_server_id();
  if (!server_id) return tl::make_unexpected(server_id.error());
  if (walk) {
    if (auto opened = walk_.open(walk->path, walk->about, walk->sheet); !opened) return opened;
    walk_assets_.open(std::move(walk->assets));
    http_.mounts().add("/walk/conduct", net::conduct_mount(control_));
    http_.mounts().add("/cues", net::cues_mount(control_, walk_));
    if (auto opened = conducting_.open(options); !opened) return opened;
  }
  const auto individual = stations_.individual();
  std::vector<std::string> in_sync;
  for (const auto& [route, id] : stations_.broadcasts()) {
    if (!individual.contains(id)) in_sync.push_back(route);
  }
  const protocol::sendspin::Session::Self self{
      std::move(*server_id), options_.name, protocol::sendspin::ConnectionReason::playback, walk.has_value()};
  http_.mounts().add("/sendspin", net::sendspin_mount(control_, self, std::move(in_sync)));
  if (!individual.empty()) encoded_cache_.load();
  if (auto opened = http_.open(stations_.broadcasts(), individual); !opened) return opened;
  discovery_.emplace(options_, control_, http_, self);
  return {};
}

void Server::run() {
  wait_for_signal();
  wait_for_hangup();
  timer_.expires_after(kTick);
  timer_.async_wait([this](const auto& error) {
    if (!error) tick();
  });
  http_.start();
  if (const auto started = conducting_.start(); !started) log::error("{}", started.error().message);
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& e) {
      log::error("control: {}", e.what());
    }
  }
}

void Server::tick() {
  stations_.tick(clock_.now());
  personal_.tick(clock_.now());
  players_.tick(clock_.now());
  groups_.tick(clock_.now());
  discovery_->tick(clock_.now());
  walk_.tick();
  timer_.expires_after(kTick);
  timer_.async_wait([this](const auto& error) {
    if (!error) tick();
  });
}

std::optional<std::chrono::milliseconds> Server::track_length(std::int64_t id) const {
  const Track* track = library_.find({id});
  if (!track || track->rate <= 0) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(duration_of(track->frames, track->rate));
}

void Server::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) stop();
  });
}

// The usual word for "your certificate is a new one".
void Server::wait_for_hangup() {
  hangup_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    if (const auto reloaded = http_.reload_certificate(); reloaded) {
      log::info("the certificate was read again");
    } else {
      log::error("the certificate stays as it was: {}", reloaded.error().message);
    }
    wait_for_hangup();
  });
}

// Control goes on answering while the connections end, so the waiting is done elsewhere.
void Server::stop() {
  conducting_.stop();
  log::info("stopping");
  players_.stop();
  discovery_->stop();
  groups_.stop(clock_.now());
  stopper_ = std::thread([this] {
    http_.stop(kGrace);
    context_.stop();
  });
}

}  // namespace tutti::server
