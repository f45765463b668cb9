#include "player/play_options.h"

#include "player/connection_options.h"

#include <CLI/CLI.hpp>

namespace tutti::player {
namespace {

void add_sound_options(CLI::App& command, PlayOptions& options) {
  const auto* group = "Where it goes";
  command
      .add_option(
          "-o,--output", options.output,
          "A device's number or a part of its name; FILE.wav records what would be heard; null plays to "
          "nobody; - writes raw samples to standard output. Without it: the default audio device")
      ->type_name("OUTPUT")
      ->group(group);
  command.add_flag("--list-devices", options.list_devices, "Show the audio devices, and end")->group(group);
  command
      .add_option(
          "--latency", options.latency_ms,
          "What passes between the device and the ear beside what the device knows (an amplifier, a wireless "
          "speaker): sound leaves so much earlier. Below zero: later")
      ->type_name("MS")
      ->check(CLI::Range(-2000.0, 2000.0))
      ->capture_default_str()
      ->group(group);
  command.add_option("--volume", options.volume, "To begin with, 0 to 100")
      ->type_name("VOLUME")
      ->check(CLI::Range(0, 100))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--sample-format", options.sample_format,
                  "How a recording writes its samples: s16, s24, s32 or f32")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"s16", "s24", "s32", "f32"}))
      ->capture_default_str()
      ->group(group);
}

void add_stream_options(CLI::App& command, PlayOptions& options) {
  const auto* group = "What it plays";
  auto* station =
      command.add_option("--station", options.station, "The station to begin with, such as /humor")
          ->type_name("ROUTE")
          ->group(group);
  command
      .add_option("--group", options.group,
                  "private: not a station but the library, as this player and who joins it want it")
      ->type_name("GROUP")
      ->check(CLI::IsMember({"private"}))
      ->excludes(station)
      ->group(group);
  command
      .add_option("--name", options.name, "What others see this player as. Without it: the machine's name")
      ->type_name("NAME")
      ->group(group);
  command
      .add_option("--codec", options.codec,
                  "What the sound is sent in, preferably: flac (as it is), pcm (as it is, more bytes) or "
                  "opus (fewer)")
      ->type_name("CODEC")
      ->check(CLI::IsMember({"flac", "pcm", "opus"}))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--buffer", options.buffer_seconds,
                  "Sound that the server may send ahead: so long a loss of the network is not heard")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.5, 30.0))
      ->capture_default_str()
      ->group(group);
}

void add_walk_options(CLI::App& command, PlayOptions& options) {
  const auto* group = "A sound walk";
  auto* walk =
      command
          .add_flag("--walk", options.walk, "Take part in the server's walk: play its cues with the phones")
          ->group(group);
  for (const auto* other : {"--station", "--group", "--codec", "--buffer"})
    walk->excludes(command.get_option(other));
  command
      .add_option("--walk-cache", options.walk_cache,
                  "Where the walk's files are kept. Without it: walk-cache in the state folder")
      ->type_name("FOLDER")
      ->needs(walk)
      ->group(group);
  command.add_option("--walk-cache-size", options.walk_cache_size, "Bytes that are kept there at most")
      ->type_name("BYTES")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->needs(walk)
      ->group(group);
}

void add_measuring_options(CLI::App& command, PlayOptions& options) {
  const auto* group = "For measuring";
  command
      .add_flag("--report", options.report,
                "Every second a line of JSON on standard error: error, correction, buffer, clock")
      ->group(group);
  command
      .add_option("--drift", options.simulated_drift,
                  "Of an output that is no device: its clock runs slower by so many millionths")
      ->type_name("PPM")
      ->check(CLI::Range(-1000.0, 1000.0))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--state-dir", options.state_dir,
                  "Where it is kept who this player is. Without it: $XDG_STATE_HOME/tutti")
      ->type_name("FOLDER")
      ->group(group);
}

}  // namespace

void add_play_options(CLI::App& command, PlayOptions& options) {
  command
      .add_option("address", options.url,
                  "The server, such as ws://host:9999 (or wss://; /sendspin may be left out)")
      ->type_name("ADDRESS");
  add_sound_options(command, options);
  add_stream_options(command, options);
  add_walk_options(command, options);
  add_connection_options(command, {options.token, options.ca_file, options.insecure});
  add_measuring_options(command, options);
  command.footer(
      "Examples:\n"
      "  tutti play ws://localhost:9999\n"
      "  tutti play wss://radio.example --station /humor --name Kitchen --latency 40\n"
      "  tutti play ws://localhost:9999 -o heard.wav\n"
      "  tutti play ws://localhost:9999 --group private\n"
      "  tutti play --walk wss://walk.example --name \"By the bridge\"\n"
      "Keys: + and - volume, m mute, n next station or group, q quit; where the server allows it: p pause, > "
      "next track,\n"
      "< previous track. Exit codes: 0 stopped, 1 the server failed, 2 what was asked for cannot be done "
      "here "
      "(a wrong\n"
      "address, no audio device).");
}

}  // namespace tutti::player
