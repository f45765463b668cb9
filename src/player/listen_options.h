// What `tutti listen` is told.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tutti::player {

struct ListenOptions {
  std::string url;
  std::string output;
  std::string protocol = "auto";
  std::string sample_format = "s16";
  double prebuffer_seconds = 0.5;
  bool no_reconnect = false;
  int retries = 10;
  std::string token;
  std::string ca_file;
  bool insecure = false;
  bool list_devices = false;
};

// Adds the options to `command`; their values land in `options`, which must live until parsing is done.
void add_listen_options(CLI::App& command, ListenOptions& options);

}  // namespace tutti::player
