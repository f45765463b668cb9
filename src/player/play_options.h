// What `tutti play` is told.
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace tutti::player {

struct PlayOptions {
  std::string url;
  std::string station;
  std::string group;  // "private", or as the server chooses
  bool walk = false;  // not a station, but a sound walk
  std::string walk_cache;
  std::int64_t walk_cache_size = std::int64_t{1} << 30;  // bytes
  std::string name;
  std::string output;
  bool list_devices = false;
  double latency_ms = 0;
  int volume = 100;
  std::string codec = "flac";
  double buffer_seconds = 10;
  std::string sample_format = "s16";
  double simulated_drift = 0;  // ppm
  bool report = false;
  std::string token;
  std::string ca_file;
  bool insecure = false;
  std::string state_dir;
};

// Adds the options to `command`; their values land in `options`, which must live until parsing is done.
void add_play_options(CLI::App& command, PlayOptions& options);

}  // namespace tutti::player
