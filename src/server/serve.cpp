#include "server/serve.h"

#include "player/line_editor.h"
#include "server/player_stores.h"
#include "server/refuse.h"
#include "server/server.h"
#include "server/state_dir.h"
#include "server/station_plan.h"
#include "server/walk_plan.h"
#include "server/walk_stores.h"

#include <csignal>
#include <iostream>
#include <sys/resource.h>

namespace tutti::server {
namespace {

constexpr std::size_t kMostStationsShown = 12;

// Every listener is an open file; the soft limit is a default for programs that use select().
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void announce(const Server& server, const std::vector<app::StationSettings>& stations, bool has_walk,
              const std::optional<std::string>& first_link) {
  for (const auto& url : server.urls()) std::cout << "Listening on " << url << "\n";
  if (server.urls().empty()) return;
  const std::string base = server.urls().front();
  for (std::size_t i = 0; i < std::min(stations.size(), kMostStationsShown); ++i) {
    std::cout << "  station  " << base << stations[i].route.substr(1) << "\n";
  }
  if (stations.size() > kMostStationsShown) {
    std::cout << "  and " << stations.size() - kMostStationsShown << " more stations: " << base
              << "streams\n";
  }
  std::cout << "  page     " << base << "web\n";
  if (has_walk) std::cout << "  walk     " << base << "walk\n  conduct  " << base << "conduct\n";
  if (const auto osc = server.osc()) std::cout << "  osc      UDP " << *osc << "\n";
  for (const auto& alias : server.aliases()) {
    std::cout << "  port     " << alias.port << " is " << alias.path << "\n";
  }
  // What follows the '#' stays in the browser: no request, and so no log on the way, has it in its address.
  if (first_link) {
    std::cout << "  operator " << base << "login#once=" << *first_link
              << "\n           (there is none yet: whoever opens this first, within an hour, is)\n";
  }
  std::cout << std::flush;
}

}  // namespace

int serve(const ServeOptions& given) {
  ServeOptions options = given;
  log::configure(options.log_format == "json" ? log::Format::json : log::Format::text, options.log_level);
  raise_file_limit();
  std::signal(SIGPIPE, SIG_IGN);

  const auto stations = plan_stations(options);
  if (!stations) return refuse(stations.error(), kSenseless);
  if (!options.wav.empty()) {
    auto wav = find_file(options.wav);
    if (!wav) return refuse({"--wav: " + wav.error().message}, kSenseless);
    options.wav = std::move(*wav);
  }
  std::optional<WalkPlan> walk;
  if (!options.walk.empty()) {
    auto planned = plan_walk(options.walk);
    if (!planned) return refuse(planned.error(), kSenseless);
    walk = std::move(*planned);
  } else if (options.console || !options.osc.empty()) {
    return refuse({"--console and --osc conduct a walk: give it with --walk FOLDER_OR_FILE"}, kSenseless);
  }
  if (options.console) player::LineEditor::prepare();
  auto identity = Identity::plan(options);
  if (!identity) return refuse(identity.error(), kSenseless);
  const auto state = StateDir::open(options.state_dir);
  if (!state) return refuse(state.error(), kImpossible);
  const auto store = storage::SqliteStore::open(state->database());
  if (!store) return refuse(store.error(), kImpossible);

  const auto walk_store = open_walk_store(options, *state);
  if (!walk_store) return refuse(walk_store.error(), kImpossible);
  auto users = storage::IdentityDatabase::open(state->database());
  if (!users) return refuse(users.error(), kImpossible);
  const std::uint64_t id = random_id();
  const auto players = open_player_store(options, *state, id);
  if (!players) return refuse(players.error(), kImpossible);

  Server server(options, id,
                {**store, **players, **walk_store, state->encoded_tracks(), state->walk_assets()},
                std::move(*identity), std::move(*users));
  const bool has_walk = walk.has_value();
  if (auto opened = server.open(*stations, std::move(walk), options); !opened)
    return refuse(opened.error(), kImpossible);
  if (server.max_listeners() < static_cast<std::size_t>(options.max_listeners)) {
    log::info("room for {} listeners: more open files are not allowed here", server.max_listeners());
  }
  const auto first_link = server.first_link();
  if (!first_link) return refuse(first_link.error(), kImpossible);
  announce(server, *stations, has_walk, *first_link);
  server.run();
  return 0;
}

}  // namespace tutti::server
