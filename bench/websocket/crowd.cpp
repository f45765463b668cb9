// Thousands of WebSocket clients in one thread, with raw sockets, that all expect the same numbered frames.
// Each is read from every 100 ms, and a few at once when something comes: those tell the delay. Pings are
// answered.
//
// Standard output: "steady" (all have had frames for a while), after a line on standard input the measured
// window, "end", and after the end of standard input one JSON object.
#include "websocket/options.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t kProbes = 32;
constexpr auto kReadInterval = 100ms;

struct Client {
  int socket = -1;
  std::vector<std::uint8_t> rest;  // of what was read, the beginning of a frame
  bool is_open = false;            // the head of the answer is behind it
  std::uint64_t next = 0;          // the number of the frame that is due
  std::uint64_t frames = 0;        // in the window
  std::uint64_t missing = 0;
};

class Crowd {
 public:
  explicit Crowd(const bench::Options& options)
      : bytes_(static_cast<std::size_t>(options.number("--bytes"))),
        clients_(static_cast<std::size_t>(options.number("--connections"))) {
    const auto port = static_cast<std::uint16_t>(options.number("--port"));
    const auto pause = std::chrono::microseconds(1'000'000 / options.number("--rate"));
    auto due = Clock::now();
    for (auto& client : clients_) {
      open(client, port);
      due += pause;
      serve_until(due);
    }
    const auto patience = Clock::now() + 60s;
    while (Clock::now() < patience &&
           !std::all_of(clients_.begin(), clients_.end(), [](auto& c) { return c.next > 0; })) {
      serve_until(Clock::now() + 100ms);
    }
    serve_until(Clock::now() + 3s);
  }

  void measure(std::chrono::seconds window) {
    is_measuring_ = true;
    for (auto& client : clients_) client.frames = client.missing = 0;
    const auto begin = Clock::now();
    const double cpu = cpu_seconds();
    serve_until(begin + window);
    is_measuring_ = false;
    seconds_ = std::chrono::duration<double>(Clock::now() - begin).count();
    cpu_ = cpu_seconds() - cpu;
  }

  std::string report() {
    std::uint64_t least = UINT64_MAX, most = 0, missing = 0, open = 0;
    for (const auto& client : clients_) {
      least = std::min(least, client.frames);
      most = std::max(most, client.frames);
      missing += client.missing;
      open += client.socket >= 0 && client.next > 0;
    }
    std::sort(delays_.begin(), delays_.end());
    const auto delay = [&](double share) {
      return delays_.empty()
                 ? 0.0
                 : delays_[static_cast<std::size_t>(share * static_cast<double>(delays_.size() - 1))];
    };
    char out[512];
    std::snprintf(
        out, sizeof out,
        "{\"open\": %lu, \"least_frames\": %lu, \"most_frames\": %lu, \"missing\": %lu, \"wrong\": %lu, "
        "\"seconds\": %.3f, \"delay_ms\": {\"p50\": %.2f, \"p99\": %.2f, \"max\": %.2f}, \"cpu_percent\": "
        "%.0f}",
        open, least, most, missing, wrong_, seconds_, delay(0.5), delay(0.99), delay(1),
        cpu_ / seconds_ * 100);
    return out;
  }

  void serve_until(Clock::time_point end) {
    do {
      std::vector<pollfd> probes;
      for (std::size_t i = 0; i < clients_.size(); i += stride()) {
        if (clients_[i].socket >= 0) probes.push_back({clients_[i].socket, POLLIN, 0});
      }
      ::poll(probes.data(), probes.size(), 1);
      for (std::size_t i = 0; i < clients_.size(); i += stride()) read(clients_[i], true);
      // As many of the others as make each be read once per interval.
      const auto now = Clock::now();
      const double passed = std::min(1.0, std::chrono::duration<double>(now - swept_) / kReadInterval);
      swept_ = now;
      credit_ += passed * static_cast<double>(clients_.size());
      for (; credit_ >= 1; --credit_) {
        cursor_ = (cursor_ + 1) % clients_.size();
        if (cursor_ % stride() != 0) read(clients_[cursor_], false);
      }
    } while (Clock::now() < end);
  }

 private:
  // The probes are spread evenly: the server writes to them in some order, and all places of it count.
  std::size_t stride() const { return std::max<std::size_t>(1, clients_.size() / kProbes); }

  static double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  }

  static void open(Client& client, std::uint16_t port) {
    client.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(client.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
    ::fcntl(client.socket, F_SETFL, O_NONBLOCK);
    const std::string request =
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    ::send(client.socket, request.data(), request.size(), MSG_NOSIGNAL);
  }

  void read(Client& client, bool is_probe) {
    if (client.socket < 0) return;
    for (;;) {
      const ssize_t got = ::recv(client.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (got < 0) return;
      if (got == 0) {
        ::close(client.socket);
        client.socket = -1;
        return;
      }
      client.rest.insert(client.rest.end(), buffer_.begin(), buffer_.begin() + got);
      parse(client, is_probe);
      if (static_cast<std::size_t>(got) < buffer_.size()) return;
    }
  }

  void parse(Client& client, bool is_probe) {
    auto& rest = client.rest;
    std::size_t at = 0;
    if (!client.is_open) {
      static constexpr std::string_view kEnd = "\r\n\r\n";
      const auto end = std::search(rest.begin(), rest.end(), kEnd.begin(), kEnd.end());
      if (end == rest.end()) return;
      client.is_open = true;
      at = static_cast<std::size_t>(end - rest.begin()) + kEnd.size();
    }
    while (rest.size() - at >= 2) {
      const std::uint8_t length = rest[at + 1];
      const std::size_t header = length < 126 ? 2 : 4;
      if (rest.size() - at < header) break;
      const std::size_t size = length < 126 ? length : std::size_t{rest[at + 2]} << 8 | rest[at + 3];
      if (rest.size() - at < header + size) break;
      if (rest[at] == 0x89) {
        ::send(client.socket, "\x8A\x80\0\0\0\0", 6, MSG_NOSIGNAL | MSG_DONTWAIT);
      } else if (rest[at] != 0x82 || size != bytes_) {
        ++wrong_;
      } else {
        note(client, &rest[at + header], is_probe);
      }
      at += header + size;
    }
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void note(Client& client, const std::uint8_t* payload, bool is_probe) {
    std::uint64_t number = 0, made = 0;
    std::memcpy(&number, payload, sizeof number);
    std::memcpy(&made, payload + sizeof number, sizeof made);
    if (client.next > 0) client.missing += number - client.next;
    client.next = number + 1;
    ++client.frames;
    if (!is_probe || !is_measuring_) return;
    const auto now =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
    delays_.push_back(static_cast<double>(now - static_cast<std::int64_t>(made)) / 1e6);
  }

  std::size_t bytes_;
  std::vector<Client> clients_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(256 * 1024);
  Clock::time_point swept_ = Clock::now();
  double credit_ = 0;
  std::size_t cursor_ = 0;
  bool is_measuring_ = false;
  std::uint64_t wrong_ = 0;
  std::vector<double> delays_;
  double seconds_ = 1, cpu_ = 0;
};

// Goes on reading until a line (or the end of standard input) has come.
void wait_for_line(Crowd& crowd) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (::poll(&input, 1, 0) == 0) crowd.serve_until(Clock::now() + 20ms);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options(
      argc, argv,
      {{"--port", "0"}, {"--connections", "1"}, {"--rate", "2500"}, {"--bytes", "320"}, {"--seconds", "10"}});
  try {
    Crowd crowd(options);
    std::puts("steady");
    std::fflush(stdout);
    wait_for_line(crowd);
    crowd.measure(std::chrono::seconds(options.number("--seconds")));
    std::puts("end");
    std::fflush(stdout);
    wait_for_line(crowd);
    std::puts(crowd.report().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "websocket_crowd: %s\n", error.what());
    return 1;
  }
}
