#include "player/listen_options.h"

#include "player/connection_options.h"

#include <CLI/CLI.hpp>

namespace tutti::player {
namespace {

void add_sound_options(CLI::App& command, ListenOptions& options) {
  const auto* group = "Where it goes";
  command
      .add_option(
          "-o,--output", options.output,
          "FILE.wav records; a device's number or a part of its name plays there; null plays to nobody, at "
          "the "
          "pace of the clock; - writes raw samples to standard output. Without it: the default audio device")
      ->type_name("OUTPUT")
      ->group(group);
  command.add_flag("--list-devices", options.list_devices, "Show the audio devices, and end")->group(group);
  command
      .add_option("--prebuffer", options.prebuffer_seconds,
                  "Sound gathered before it begins to play: more rides out a worse network")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 30.0))
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--sample-format", options.sample_format,
                  "How a recording of /audio, which is decoded, writes its samples: s16, s24, s32 or f32. "
                  "One of /pcm "
                  "has them as they come")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"s16", "s24", "s32", "f32"}))
      ->capture_default_str()
      ->group(group);
}

void add_network_options(CLI::App& command, ListenOptions& options) {
  const auto* group = "Connection";
  command
      .add_option("--protocol", options.protocol,
                  "pcm (raw samples after a header) or audio (the pieces of a file); auto: audio where the "
                  "address ends "
                  "in /audio, else pcm")
      ->type_name("PROTOCOL")
      ->check(CLI::IsMember({"auto", "pcm", "audio"}))
      ->capture_default_str()
      ->group(group);
  command.add_flag("--no-reconnect", options.no_reconnect, "A lost connection is the end")->group(group);
  command
      .add_option("--retries", options.retries,
                  "How often in a row a lost connection is tried again, with growing pauses; 0: for ever")
      ->type_name("TIMES")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str()
      ->group(group);
  add_connection_options(command, {options.token, options.ca_file, options.insecure});
}

}  // namespace

void add_listen_options(CLI::App& command, ListenOptions& options) {
  command
      .add_option("address", options.url, "What to listen to, such as ws://host:9999/pcm or wss://host/audio")
      ->type_name("ADDRESS");
  add_sound_options(command, options);
  add_network_options(command, options);
  command.footer(
      "Examples:\n"
      "  tutti listen ws://localhost:9999/pcm\n"
      "  tutti listen ws://localhost:9999/audio?track=17 --output song.wav\n"
      "  tutti listen ws://192.168.1.20:50007 --output -  | aplay -f cd\n"
      "Ends by itself with the stream, or on Ctrl+C; a recording is whole up to there. Exit codes: 0 heard "
      "to the end or\n"
      "stopped, 1 the stream failed, 2 what was asked for cannot be done here (a wrong address, no audio "
      "device).");
}

}  // namespace tutti::player
