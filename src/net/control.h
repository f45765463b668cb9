// The door to the control thread, which owns all domain state: what net/ needs of it, and the executor to ask
// it on.
#pragma once

#include "app/auth.h"
#include "app/cover_reader.h"
#include "app/group_service.h"
#include "app/personal_service.h"
#include "app/player_calls.h"
#include "app/player_service.h"
#include "app/sign_in.h"
#include "app/station_service.h"
#include "app/track_search.h"
#include "app/walk_assets.h"
#include "app/walk_service.h"
#include "base/server_clock.h"
#include "base/worker_pool.h"
#include "net/walk_post.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::net {

struct Control {
  boost::asio::any_io_executor executor;
  const ServerClock& clock;
  // On the control thread only.
  app::StationService& stations;
  app::CoverReader& covers;
  app::PersonalService& personal;
  app::Auth& auth;
  app::SignIn& sign_in;
  app::PlayerService& players;
  app::TrackSearch& tracks;
  app::GroupService& groups;
  app::WalkService& walk;
  app::WalkAssets& walk_assets;
  // Where files are read for connections; from any thread.
  WorkerPool& file_pool;
  // On the control thread; there from before the first connection on.
  app::PlayerCalls* calls = nullptr;
  WalkPost walk_post{};
};

}  // namespace tutti::net
