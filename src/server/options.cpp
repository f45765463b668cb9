#include "server/options.h"

#include "base/utf8.h"
#include "protocol/web_origin.h"
#include "server/alias.h"
#include "server/conducting.h"
#include "server/player_address.h"

#include <fstream>

#include <CLI/CLI.hpp>

namespace tutti::server {
namespace {

template <class T>
std::string problem_of(const Result<T>& result) {
  return result ? "" : result.error().message;
}

void add_programme_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "What is played";
  command
      .add_option(
          "folders", options.folders,
          "Folders of audio files. Together they are the station at /, unless --stream-routes says otherwise")
      ->type_name("FOLDER");
  command
      .add_option("--directory-routes", options.directory_routes,
                  R"(Stations with folders of their own, as JSON: {"humor":"/path","science":"/path"})")
      ->envname("DIRECTORY_ROUTES")
      ->type_name("JSON")
      ->group(group);
  command
      .add_option(
          "--stream-routes", options.stream_routes,
          "Routes of stations, separated by commas. Those without a folder of their own play --audio-dir")
      ->envname("AUDIO_STREAM_ROUTES")
      ->type_name("ROUTES")
      ->capture_default_str()
      ->group(group);
  command.add_option("--audio-dir", options.audio_dir, "The folder of stations that have none of their own")
      ->envname("TUTTI_AUDIO_DIR")
      ->type_name("FOLDER")
      ->capture_default_str()
      ->group(group);
  command
      .add_option(
          "--stream-mode", options.stream_mode,
          "radio: everybody hears the same at the same moment; individual: each listener has a programme of "
          "their own, from its start")
      ->envname("STREAM_MODE")
      ->type_name("MODE")
      ->capture_default_str()
      ->group(group);
  command.add_option("--shuffle", options.shuffle, "on: a fair shuffle; off: in the order of the file names")
      ->envname("TUTTI_SHUFFLE")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str()
      ->group(group);
}

void add_file_options(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--individual", options.individual,
                  "Routes, separated by commas, of stations that are individual where --stream-mode is radio")
      ->envname("TUTTI_INDIVIDUAL")
      ->type_name("ROUTES")
      ->group("What is played");
  command
      .add_option("--cache-size", options.cache_size,
                  "Bytes on disk for tracks of individual stations that are encoded because they are not MP3")
      ->envname("TUTTI_CACHE_SIZE")
      ->type_name("BYTES")
      ->check(CLI::Range(std::int64_t{1} << 20, std::int64_t{1} << 50))
      ->capture_default_str()
      ->group("What is played");
  command
      .add_option("--wav", options.wav,
                  "What /pcm plays where the client names no track; without it the library's first")
      ->envname("TUTTI_WAV")
      ->type_name("FILE")
      ->group("What is played");
  command
      .add_option(
          "--walk", options.walk,
          "A sound walk: a folder of audio, with or without a walk.toml; a walk.toml; or one audio file")
      ->envname("TUTTI_WALK")
      ->type_name("FOLDER_OR_FILE")
      ->group("What is played");
}

void add_conducting_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "Conducting a walk";
  command.add_flag("--console", options.console, "The conductor's line, in this terminal")
      ->envname("TUTTI_CONSOLE")
      ->group(group);
  command
      .add_option(
          "--osc", options.osc,
          "Cues, stops and messages by Open Sound Control over UDP, from whoever reaches this address; "
          "without one it is 127.0.0.1")
      ->envname("TUTTI_OSC")
      ->type_name("[ADDRESS:]PORT")
      ->check([](const std::string& text) { return problem_of(parse_osc_address(text)); })
      ->group(group);
}

void add_audio_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "How it sounds";
  command.add_option("--bitrate", options.bitrate, "Of the MP3 streams, in bit/s")
      ->envname("TUTTI_BITRATE")
      ->type_name("BIT/S")
      ->capture_default_str()
      ->group(group)
      ->check(CLI::IsMember({64000, 80000, 96000, 112000, 128000, 160000, 192000, 224000, 256000, 320000}));
  command.add_option("--sample-rate", options.sample_rate, "Of the streams, in Hz")
      ->envname("TUTTI_SAMPLE_RATE")
      ->type_name("HZ")
      ->check(CLI::IsMember({44100, 48000}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--burst-seconds", options.burst_seconds, "Audio that a listener gets at once when joining")
      ->envname("TUTTI_BURST_SECONDS")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.5, 30.0))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--max-preload-tracks", options.max_preload_tracks, "Coming tracks that are opened ahead")
      ->envname("MAX_PRELOAD_TRACKS")
      ->type_name("TRACKS")
      ->check(CLI::Range(0, 16))
      ->capture_default_str()
      ->group(group);
}

void add_network_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "Network";
  command.add_option("--port", options.port, "To listen on; 0 takes any free one")
      ->envname("TUTTI_PORT")
      ->type_name("PORT")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--host", options.host, "Address to listen on; without it, all of them (0.0.0.0 and ::)")
      ->envname("TUTTI_HOST")
      ->type_name("ADDRESS")
      ->group(group);
  command
      .add_option("--alias", options.aliases,
                  "A path that has a port of its own too, for clients that know no path; can be repeated")
      ->envname("TUTTI_ALIAS")
      ->type_name("PORT=/PATH")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->check([](const std::string& text) { return problem_of(parse_alias(text)); })
      ->group(group);
  command
      .add_option(
          "--allow-origin", options.allowed_origins,
          "Web pages of this origin may open WebSockets that act for a user; * is all; can be repeated")
      ->envname("TUTTI_ALLOW_ORIGIN")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->check([](const std::string& text) {
        return protocol::is_origin(text) ? ""
                                         : "'" + text + "' is not an origin, such as https://app.example.org";
      })
      ->group(group);
  command.add_option("--io-threads", options.io_threads, "Threads that serve connections; 0: one per core")
      ->envname("TUTTI_IO_THREADS")
      ->type_name("THREADS")
      ->check(CLI::Range(0, 256))
      ->capture_default_str()
      ->group(group);
  command.add_option("--max-listeners", options.max_listeners, "More than these are turned away")
      ->envname("TUTTI_MAX_LISTENERS")
      ->type_name("LISTENERS")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--buffer-size", options.buffer_size,
                  "Bytes of audio kept per station; a listener who falls behind by more loses some")
      ->envname("BUFFER_SIZE")
      ->type_name("BYTES")
      ->check(CLI::Range(std::int64_t{65536}, std::int64_t{1} << 30))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--flush-interval", options.flush_interval,
                  "Milliseconds of audio gathered into one write; shorter costs more CPU")
      ->envname("TUTTI_FLUSH_INTERVAL")
      ->type_name("MS")
      ->check(CLI::Range(20, 5000))
      ->capture_default_str()
      ->group(group);
}

void add_tls_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "TLS";
  auto* certificate =
      command
          .add_option(
              "--tls-cert", options.tls_cert,
              "The certificate with its chain, a PEM file: https:// and wss:// beside plain on every port. "
              "Read again on SIGHUP")
          ->envname("TUTTI_TLS_CERT")
          ->type_name("FILE")
          ->group(group);
  auto* key = command.add_option("--tls-key", options.tls_key, "The certificate's private key, a PEM file")
                  ->envname("TUTTI_TLS_KEY")
                  ->type_name("FILE")
                  ->group(group);
  certificate->needs(key);
  key->needs(certificate);
  command.add_option("--tls-port", options.tls_port, "A port for TLS alone; --port is then plain alone")
      ->envname("TUTTI_TLS_PORT")
      ->type_name("PORT")
      ->check(CLI::Range(0, 65535))
      ->needs(certificate)
      ->group(group);
  command.add_option("--tls-redirect", options.tls_redirect, "on: plain requests are sent on to https://")
      ->envname("TUTTI_TLS_REDIRECT")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--hsts", options.hsts,
                  "Browsers that came over TLS shall do so for so long; 0: as they like")
      ->envname("TUTTI_HSTS")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 63'072'000))
      ->capture_default_str()
      ->group(group);
}

void add_identity_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "Who may";
  command
      .add_option(
          "--require-auth", options.require_auth,
          "listen: only users with the role listener may hear the stations; without it, everybody may")
      ->envname("TUTTI_REQUIRE_AUTH")
      ->type_name("listen")
      ->check(CLI::IsMember({"listen"}))
      ->group(group);
  command
      .add_option("--auth-url", options.auth_url,
                  "A server that decides about users that are not ours: http://host:port/path")
      ->envname("TUTTI_AUTH_URL")
      ->type_name("URL")
      ->group(group);
  command
      .add_option("--jwt-key", options.jwt_key,
                  "File by which JSON Web Tokens are verified: an RSA public key (RS256) or a secret (HS256)")
      ->envname("TUTTI_JWT_KEY")
      ->type_name("FILE")
      ->group(group);
}

void add_sync_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "Players in sync (/sendspin)";
  command.add_option("--name", options.name, "What players see this server as")
      ->envname("TUTTI_NAME")
      ->type_name("NAME")
      ->check([](const std::string& text) {
        constexpr std::size_t kLongest = 63;  // RFC 6763, 4.1.1
        const bool is_good = !text.empty() && text.size() <= kLongest && to_valid_utf8(text) == text;
        return is_good ? "" : "a name has 1 to 63 bytes of UTF-8, without control characters";
      })
      ->capture_default_str()
      ->group(group);
  command
      .add_option(
          "--mdns", options.mdns,
          "on: the local network is told of this server (_sendspin-server._tcp), by the machine's Avahi")
      ->envname("TUTTI_MDNS")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option(
          "--discover-players", options.discover_players,
          "on: connects to players that the local network tells of (_sendspin._tcp), by the machine's Avahi")
      ->envname("TUTTI_DISCOVER_PLAYERS")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--connect-player", options.players,
                  "Connects to the player that waits at this address of the local network; can be repeated")
      ->envname("TUTTI_CONNECT_PLAYER")
      ->type_name("ws://HOST:PORT/PATH")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->check([](const std::string& text) { return problem_of(parse_player_address(text)); })
      ->group(group);
}

void add_player_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "One user's devices (/player)";
  command
      .add_option("--store", options.store,
                  "Where users' player states and a walk are kept: sqlite (in --state-dir), or "
                  "redis://[user:password@]host[:port][/db], which several servers can share")
      ->envname("TUTTI_STORE")
      ->type_name("STORE")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--pause-on-last-disconnect", options.pause_on_last_disconnect,
                  "on: a user's player is paused when the last device is gone without having paused")
      ->envname("TUTTI_PAUSE_ON_LAST_DISCONNECT")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str()
      ->group(group);
}

void add_general_options(CLI::App& command, ServeOptions& options) {
  const auto* group = "General";
  command
      .add_option(
          "--state-dir", options.state_dir,
          "Where the library's index and the programmes are kept; without it $XDG_STATE_HOME/tutti or "
          "~/.local/state/tutti")
      ->envname("TUTTI_STATE_DIR")
      ->type_name("FOLDER")
      ->group(group);
  command.add_option("--log-format", options.log_format, "text or json")
      ->envname("TUTTI_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--log-level", options.log_level, "debug, info, warn, error or off")
      ->envname("TUTTI_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--config", options.config, "File of options, one `name = value` per line (TOML or INI)")
      ->envname("TUTTI_CONFIG")
      ->type_name("FILE")
      ->group(group);
}

}  // namespace

void add_serve_options(CLI::App& command, ServeOptions& options) {
  add_programme_options(command, options);
  add_file_options(command, options);
  add_conducting_options(command, options);
  add_audio_options(command, options);
  add_network_options(command, options);
  add_tls_options(command, options);
  add_identity_options(command, options);
  add_sync_options(command, options);
  add_player_options(command, options);
  add_general_options(command, options);
}

// CLI11's own config files win over variables; here a variable is what one sets for one start, so it wins
// over the file.
Result<void> read_config(CLI::App& command, ServeOptions& options) {
  if (!options.config.empty()) {
    std::ifstream file(options.config);
    if (!file) return fail("cannot read the config file " + options.config);
    try {
      for (const auto& item : CLI::ConfigTOML().from_config(file)) {
        if (item.name == "++" || item.name == "--") continue;  // section marks
        CLI::Option* option =
            command.get_option_no_throw(item.name == "folders" ? item.name : "--" + item.name);
        if (!option || item.name == "config")
          return fail(options.config + ": there is no option '" + item.name + "'");
        if (option->count() > 0) continue;
        option->add_result(item.inputs);
        option->run_callback();
      }
    } catch (const CLI::Error& e) {
      return fail(options.config + ": " + e.what());
    }
  }
  if (options.discover_players == "on" && options.require_auth == "listen") {
    return fail(
        "--discover-players plays to whoever is on the network, and --require-auth listen only to those who "
        "say "
        "who they are; name the players that may by --connect-player");
  }
  if (options.mdns == "on" && options.tls_redirect == "on") {
    return fail(
        "--mdns tells players of an address without TLS, from which --tls-redirect would send them away");
  }
  options.audio_dir_given = command.get_option("--audio-dir")->count() > 0;
  options.stream_routes_given = command.get_option("--stream-routes")->count() > 0;
  return {};
}

}  // namespace tutti::server
