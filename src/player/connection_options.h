// The options of a client that are about its connection.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tutti::player {

struct ConnectionOptions {
  std::string& token;
  std::string& ca_file;
  bool& insecure;
};

// Where their values land must live until parsing is done.
void add_connection_options(CLI::App& command, const ConnectionOptions& options);

}  // namespace tutti::player
