// What `tutti serve` is told: flags, variables, a config file, in this order of precedence.
#pragma once

#include "base/log.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tutti::server {

// As given, before anything is looked up or made whole.
struct ServeOptions {
  std::vector<std::string> folders;
  std::string audio_dir = "/app/audio";
  std::string stream_routes = "/";
  std::string directory_routes;
  std::string stream_mode = "radio";
  std::string individual;
  std::int64_t cache_size = std::int64_t{1} << 30;
  std::string shuffle = "on";
  int bitrate = 128'000;
  int sample_rate = 44'100;
  double burst_seconds = 4;
  int max_preload_tracks = 2;
  std::string wav;
  std::string walk;  // a folder or a file, or nothing
  bool console = false;
  std::string osc;  // [ADDRESS:]PORT, or nothing

  std::string host;
  int port = 9999;
  std::vector<std::string> aliases;
  std::vector<std::string> allowed_origins;
  std::string tls_cert, tls_key;
  int tls_port = -1;  // shared with --port
  std::string tls_redirect = "off";
  int hsts = 0;  // seconds
  int io_threads = 0;
  std::int64_t max_listeners = 100'000;
  std::int64_t buffer_size = 2 << 20;
  int flush_interval = 1000;

  std::string name = "Tutti";
  std::string mdns = "off";
  std::string discover_players = "off";
  std::vector<std::string> players;  // addresses

  std::string require_auth;  // "listen", or nothing
  std::string auth_url;
  std::string jwt_key;  // a file
  std::string store = "sqlite";
  std::string pause_on_last_disconnect = "on";

  std::string state_dir;
  std::string log_format = "text";
  std::string log_level = "info";
  std::string config;

  bool audio_dir_given = false, stream_routes_given = false;
};

// Adds the options to `command`; their values land in `options`, which must live until parsing is done.
void add_serve_options(CLI::App& command, ServeOptions& options);

// After parsing: fills in what neither a flag nor a variable gave from the config file. Error: it cannot be
// read, names an unknown option, or gives a value that does not fit.
Result<void> read_config(CLI::App& command, ServeOptions& options);

}  // namespace tutti::server
