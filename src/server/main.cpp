// tutti: one program, its parts as subcommands.
#include "player/conduct.h"
#include "player/listen.h"
#include "player/play.h"
#include "server/identity_commands.h"
#include "server/options.h"
#include "server/refuse.h"
#include "server/serve.h"

#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Tutti keeps every listener on the same moment.", "tutti");
  app.require_subcommand(1);
  app.set_version_flag("--version", "tutti " TUTTI_VERSION);
  auto* serve = app.add_subcommand("serve", "Put folders of audio on the air as radio stations");
  serve->footer(
      "Examples:\n"
      "  tutti serve ~/Music\n"
      "  tutti serve --directory-routes '{\"humor\":\"~/humor\",\"science\":\"~/science\"}'\n"
      "An option wins over its variable (named in brackets), that over the config file.");
  tutti::server::ServeOptions options;
  tutti::server::add_serve_options(*serve, options);
  tutti::server::IdentityCommands identity;
  identity.add_to(app);
  auto* listen =
      app.add_subcommand("listen", "Play or record a stream of a server: ws://…/pcm or ws://…/audio");
  tutti::player::ListenOptions listen_options;
  tutti::player::add_listen_options(*listen, listen_options);
  auto* play = app.add_subcommand("play", "Play a server's station in sync with all its other players");
  tutti::player::PlayOptions play_options;
  tutti::player::add_play_options(*play, play_options);
  auto* conduct = app.add_subcommand("conduct", "Conduct a server's sound walk, line by line");
  tutti::player::ConductOptions conduct_options;
  tutti::player::add_conduct_options(*conduct, conduct_options);
  try {
    app.parse(argc, argv);
    if (identity.was_given()) return identity.run();
    if (*listen) return tutti::player::listen(listen_options);
    if (*play) return tutti::player::play(play_options, TUTTI_VERSION);
    if (*conduct) return tutti::player::conduct(conduct_options);
    if (auto read = tutti::server::read_config(*serve, options); !read) {
      return tutti::server::refuse(read.error(), tutti::server::kSenseless);
    }
    return tutti::server::serve(options);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    std::cerr << "tutti: " << e.what() << " (see tutti "
              << (*listen    ? "listen"
                  : *play    ? "play"
                  : *conduct ? "conduct"
                             : "serve")
              << " --help)" << std::endl;
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "tutti: " << e.what() << std::endl;
    return 1;
  }
}
