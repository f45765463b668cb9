#include "player/connection_options.h"

#include <CLI/CLI.hpp>

namespace tutti::player {

void add_connection_options(CLI::App& command, const ConnectionOptions& options) {
  const auto* group = "Connection";
  command
      .add_option(
          "--token", options.token,
          "For servers that ask who listens. Others on this machine can see it here: better set the variable")
      ->envname("TUTTI_TOKEN")
      ->type_name("TOKEN")
      ->group(group);
  command
      .add_option("--ca", options.ca_file,
                  "Certificates (PEM) that are trusted beside the system's, for wss://")
      ->type_name("FILE")
      ->check(CLI::ExistingFile)
      ->group(group);
  command.add_flag("--insecure", options.insecure, "Take any certificate: for trying things out")
      ->group(group);
}

}  // namespace tutti::player
