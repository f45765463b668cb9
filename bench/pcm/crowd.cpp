// Many listeners of /pcm in one thread. Each asks once, and its socket is emptied a few times a second
// without looking at the bytes; a simulated player says whether they came in time. Prints "steady", waits for
// a line, measures, prints "end", waits for the end of stdin, prints one JSON object.
#include "loadgen/playback.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using loadgen::Clock;
using loadgen::Seconds;
using loadgen::TimePoint;

struct Settings {
  std::uint16_t port = 0;
  std::string path = "/pcm";
  std::size_t connections = 1;
  double ramp = 5, seconds = 20, bytes_per_second = 176400, prebuffer = 0.5;
};

constexpr double kRound = 0.2;  // each socket is emptied so often

struct Listener {
  int socket = -1;
  bool upgraded = false;
  std::string head;
  std::uint64_t received = 0, at_window = 0;
  loadgen::Playback playback;
  bool has_audio = false;
  TimePoint said_at = Clock::now();
};

int connect_to(std::uint16_t port, std::size_t index) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in from{}, to{};
  from.sin_family = to.sin_family = AF_INET;
  to.sin_port = htons(port);
  inet_pton(AF_INET, ("127.0.0." + std::to_string(1 + index % 8)).c_str(), &from.sin_addr);
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  const int on = 1;
  setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  return socket;
}

// The upgrade and, at once, the request: a masked text frame (RFC 6455, 5.2) with a key of zeros.
std::string opening(const Settings& settings) {
  std::string out = "GET " + settings.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(settings.port) +
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  out += std::string("\x81\x84\0\0\0\0PLAY", 10);
  return out;
}

bool read_head(Listener& listener) {
  std::array<char, 4096> buffer;
  const ssize_t n = recv(listener.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return false;
  if (n <= 0) return true;
  listener.head.append(buffer.data(), static_cast<std::size_t>(n));
  const auto end = listener.head.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  if (!listener.head.starts_with("HTTP/1.1 101")) {
    std::fprintf(stderr, "refused: %.60s\n", listener.head.c_str());
    std::exit(1);
  }
  listener.received = listener.head.size() - end - 4;
  listener.upgraded = true;
  listener.head = std::string();
  return false;
}

void empty(Listener& listener, const loadgen::Options& player) {
  if (listener.socket < 0) return;
  bool is_over = !listener.upgraded && read_head(listener);
  // With MSG_TRUNC the kernel drops what it would have copied.
  while (listener.upgraded) {
    const ssize_t n = recv(listener.socket, nullptr, std::size_t{1} << 24, MSG_TRUNC | MSG_DONTWAIT);
    is_over = n == 0 || (n < 0 && errno != EAGAIN);
    if (n <= 0) break;
    listener.received += static_cast<std::uint64_t>(n);
  }
  const auto now = Clock::now();
  // Its pings are not looked at, so that the server is told now and then that somebody is there: a masked
  // pong.
  if (now - listener.said_at > std::chrono::seconds(10)) {
    listener.said_at = now;
    send(listener.socket, "\x8A\x80\0\0\0\0", 6, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  if (!listener.has_audio && listener.received > 1000) {
    listener.has_audio = true;
    listener.playback.start(now, player);
  }
  if (listener.has_audio) listener.playback.check(now, static_cast<double>(listener.received));
  if (is_over) {
    close(listener.socket);
    listener.socket = -1;
  }
}

Settings parse(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--port") settings.port = static_cast<std::uint16_t>(std::atoi(value));
    if (name == "--path") settings.path = value;
    if (name == "--connections") settings.connections = static_cast<std::size_t>(std::atoi(value));
    if (name == "--ramp") settings.ramp = std::atof(value);
    if (name == "--seconds") settings.seconds = std::atof(value);
    if (name == "--bytes-per-second") settings.bytes_per_second = std::atof(value);
    if (name == "--prebuffer") settings.prebuffer = std::atof(value);
  }
  return settings;
}

class Crowd {
 public:
  explicit Crowd(const Settings& settings) : settings_(settings), listeners_(settings.connections) {
    player_.bytes_per_second = settings.bytes_per_second;
    player_.prebuffer = Seconds(settings.prebuffer);
  }

  // Rounds over all, spread evenly, for so long; connects those that are due.
  void run_for(double seconds) {
    const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
    while (Clock::now() < until) {
      const auto round = Clock::now();
      constexpr std::size_t kParts = 20;
      for (std::size_t part = 0; part < kParts; ++part) {
        connect_due();
        for (std::size_t i = part; i < listeners_.size(); i += kParts) empty(listeners_[i], player_);
        const auto next = round + std::chrono::duration_cast<Clock::duration>(
                                      Seconds(kRound * static_cast<double>(part + 1) / kParts));
        worst_lag_ = std::max(worst_lag_, Seconds(Clock::now() - next).count());
        std::this_thread::sleep_until(next);
      }
    }
  }

  void open_window() {
    worst_lag_ = 0;
    for (auto& listener : listeners_) listener.at_window = listener.received;
  }

  void report(double window) const {
    std::size_t playing = 0, underruns = 0;
    double least_margin = 1e9, least_rate = 1e12, most_rate = 0;
    for (const auto& listener : listeners_) {
      playing += listener.socket >= 0 && listener.has_audio;
      underruns += static_cast<std::size_t>(listener.playback.underruns());
      least_margin = std::min(least_margin, listener.playback.least_margin().count());
      const double rate = static_cast<double>(listener.received - listener.at_window) / window;
      least_rate = std::min(least_rate, rate);
      most_rate = std::max(most_rate, rate);
    }
    std::printf(
        "{\"playing\":%zu,\"underruns\":%zu,\"least_margin_ms\":%.0f,\"least_rate\":%.0f,\"most_rate\":%.0f,"
        "\"worst_lag_ms\":%.0f}\n",
        playing, underruns, least_margin * 1000, least_rate, most_rate, worst_lag_ * 1000);
    std::fflush(stdout);
  }

 private:
  void connect_due() {
    const double share = settings_.ramp > 0 ? Seconds(Clock::now() - started_).count() / settings_.ramp : 1;
    const auto due = std::min(listeners_.size(),
                              static_cast<std::size_t>(share * static_cast<double>(listeners_.size())) + 1);
    for (; connected_ < due; ++connected_) {
      listeners_[connected_].socket = connect_to(settings_.port, connected_);
      const std::string text = opening(settings_);
      if (send(listeners_[connected_].socket, text.data(), text.size(), MSG_NOSIGNAL) < 0) std::exit(1);
    }
  }

  Settings settings_;
  loadgen::Options player_;
  std::vector<Listener> listeners_;
  std::size_t connected_ = 0;
  double worst_lag_ = 0;
  TimePoint started_ = Clock::now();
};

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = parse(argc, argv);
  Crowd crowd(settings);
  crowd.run_for(settings.ramp + 5);  // the burst is behind all then
  std::puts("steady");
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);
  crowd.open_window();
  crowd.run_for(settings.seconds);
  std::puts("end");
  std::fflush(stdout);
  crowd.report(settings.seconds);
  while (std::getline(std::cin, line)) {
  }
  return 0;
}
