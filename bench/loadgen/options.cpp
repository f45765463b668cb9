#include "loadgen/options.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace loadgen {
namespace {

constexpr std::string_view help =
    R"(loadgen: many HTTP radio listeners in one thread; prints marks and one JSON object

  --port N              the server's port (needed)
  --host ADDRESS        IPv4 address, 127.0.0.1
  --path PATH           what to GET, /
  --tls                 over TLS, whatever the certificate
  --listeners N         1
  --stalled N           so many of them never read, 0
  --ramp S              spread the connects over S seconds, 0: all at once
  --connect-timeout S   who has no audio by then has failed, 60
  --settle S            from the last first byte to the mark "steady", 6
  --duration S          length of the measured window, 20
  --read-interval S     each socket is emptied once in this time, 1
  --prebuffer S         a player starts this long after its first byte, 1
  --bytes-per-second N  what a player consumes, 16000
  --first-source N      connect from 127.0.0.N …, 1
  --sources N           … and the next N - 1 addresses, 8
  --driven              wait for a line on stdin at "steady", and for the end of stdin at "end"
)";

[[noreturn]] void refuse(std::string_view what, std::string_view value) {
  std::fprintf(stderr, "loadgen: %.*s '%.*s'; see --help\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(value.size()), value.data());
  std::exit(2);
}

double number(std::string_view name, const char* text) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || value < 0) refuse(name, text);
  return value;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--help") {
      std::fwrite(help.data(), 1, help.size(), stdout);
      std::exit(0);
    }
    if (name == "--driven") {
      options.driven = true;
      continue;
    }
    if (name == "--tls") {
      options.tls = true;
      continue;
    }
    if (i + 1 == argc) refuse("a value is missing after", name);
    const char* text = argv[++i];
    const auto count = [&] { return static_cast<unsigned>(number(name, text)); };
    const auto seconds = [&] { return Seconds(number(name, text)); };
    if (name == "--host")
      options.host = text;
    else if (name == "--port")
      options.port = static_cast<std::uint16_t>(count());
    else if (name == "--path")
      options.path = text;
    else if (name == "--listeners")
      options.listeners = count();
    else if (name == "--stalled")
      options.stalled = count();
    else if (name == "--ramp")
      options.ramp = seconds();
    else if (name == "--connect-timeout")
      options.connect_timeout = seconds();
    else if (name == "--settle")
      options.settle = seconds();
    else if (name == "--duration")
      options.duration = seconds();
    else if (name == "--read-interval")
      options.read_interval = seconds();
    else if (name == "--prebuffer")
      options.prebuffer = seconds();
    else if (name == "--bytes-per-second")
      options.bytes_per_second = number(name, text);
    else if (name == "--first-source")
      options.first_source = count();
    else if (name == "--sources")
      options.sources = count();
    else
      refuse("unknown option", name);
  }
  if (options.port == 0) refuse("needed:", "--port");
  if (options.sources == 0 || options.first_source + options.sources > 255)
    refuse("out of 127.0.0.1 to 127.0.0.254:", "--first-source, --sources");
  if (options.stalled > options.listeners) refuse("more than --listeners:", "--stalled");
  return options;
}

}  // namespace loadgen
