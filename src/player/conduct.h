// `tutti conduct`: a walk's conductor at any terminal, or a script.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tutti::player {

struct ConductOptions {
  std::string url;
  std::string token;
  std::string ca_file;
  bool insecure = false;
};

// Adds the options to `command`; their values land in `options`, which must live until parsing is done.
void add_conduct_options(CLI::App& command, ConductOptions& options);

// 0: ended by the user. 1: the server failed or does not let us in; or a script's line was refused. 2: what
// was asked for cannot be done here.
int conduct(const ConductOptions& options);

}  // namespace tutti::player
