// Players in sync by the thousand in one thread, of Tutti (Sendspin) or of Snapserver: they read as soon as
// something comes, ask for the time once a second, and say whether they could have played without a gap.
//
// Standard output: "steady" (all play, and have their buffers full), after a line on standard input the
// measured window, "end", and after the end of standard input one JSON object.
#include "sync_scale/sendspin_player.h"
#include "sync_scale/snapcast_player.h"
#include "websocket/options.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using sync_scale::Micros;
using sync_scale::Player;

constexpr Micros kSecond = 1'000'000;

Micros now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

struct Client {
  int socket = -1;
  std::unique_ptr<Player> player;
};

class Crowd {
 public:
  explicit Crowd(const bench::Options& options)
      : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)), clients_(count("--connections")) {
    const auto port = static_cast<std::uint16_t>(options.number("--port"));
    const Micros begin = now(), pause = kSecond / options.number("--rate");
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      serve_until(begin + pause * static_cast<Micros>(i));
      open(clients_[i], port, i);
      present_ = i + 1;
    }
    const Micros patience = now() + 60 * kSecond;
    while (now() < patience && playing() < clients_.size()) serve_until(now() + kSecond / 10);
    serve_until(now() + options.number("--settle") * kSecond);
  }

  void measure(Micros window) {
    for (auto& client : clients_) client.player->begin_window();
    const Micros begin = now();
    const double cpu = cpu_seconds();
    serve_until(begin + window);
    seconds_ = static_cast<double>(now() - begin) / kSecond;
    cpu_ = cpu_seconds() - cpu;
  }

  void report() const {
    std::uint64_t least = UINT64_MAX, missing = 0, late = 0, dry = 0, bytes = 0;
    Micros margin = INT64_MAX, sound = 0;
    for (const auto& [socket, player] : clients_) {
      least = std::min(least, player->chunks());
      missing += player->missing();
      late += player->late();
      dry += player->dry();
      bytes += player->bytes();
      sound += player->sound();
      margin = std::min(margin, player->least_margin());
    }
    std::printf(
        "{\"playing\":%zu,\"least_chunks\":%lu,\"missing\":%lu,\"late\":%lu,\"dry\":%lu,\"least_margin_ms\":%"
        ".0f,"
        "\"bytes_per_second\":%.0f,\"sound\":%.4f,\"seconds\":%.3f,\"cpu_percent\":%.0f}\n",
        playing(), least, missing, late, dry, static_cast<double>(margin) / 1000,
        static_cast<double>(bytes) / seconds_ / static_cast<double>(clients_.size()),
        static_cast<double>(sound) / kSecond / seconds_ / static_cast<double>(clients_.size()), seconds_,
        cpu_ / seconds_ * 100);
    std::fflush(stdout);
  }

  void serve_until(Micros end) {
    do {
      std::array<epoll_event, 256> events;
      const int found = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 2);
      for (int i = 0; i < found; ++i) read(clients_[events[static_cast<std::size_t>(i)].data.u64]);
      go_round();
    } while (now() < end);
  }

 private:
  std::size_t count(const char* name) const { return static_cast<std::size_t>(options_.number(name)); }
  std::size_t playing() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(clients_, [](const auto& c) { return c.socket >= 0 && c.player->plays(); }));
  }

  void open(Client& client, std::uint16_t port, std::size_t index) {
    const std::size_t number = index + count("--first");
    const bool is_opus = options_.text("--codec") == "opus";
    if (options_.text("--protocol") == "snapcast") {
      client.player = std::make_unique<sync_scale::SnapcastPlayer>(number, is_opus);
    } else {
      client.player =
          std::make_unique<sync_scale::SendspinPlayer>(number, is_opus, options_.number("--capacity"));
    }
    client.socket = connect_to(port);
    epoll_event event{EPOLLIN, {.u64 = index}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.socket, &event);
    say(client, client.player->opening());
  }

  static void say(const Client& client, const std::string& text) {
    if (!text.empty() && client.socket >= 0) ::send(client.socket, text.data(), text.size(), MSG_NOSIGNAL);
  }

  void read(Client& client) {
    if (client.socket < 0) return;
    const ssize_t got = ::recv(client.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got > 0) {
      return say(client, client.player->take({buffer_.data(), static_cast<std::size_t>(got)}, now()));
    }
    if (got < 0 && errno == EAGAIN) return;
    std::fprintf(stderr, "the server has closed a connection\n");
    ::close(std::exchange(client.socket, -1));
  }

  // Each has its turn once a second, all of them evenly.
  void go_round() {
    if (present_ == 0) return;
    for (const Micros each = kSecond / static_cast<Micros>(clients_.size()); turn_ + each <= now();
         turn_ += each) {
      turn_ = std::max(turn_, now() - kSecond);
      Client& client = clients_[cursor_++ % present_];
      say(client, client.player->question(now()));
      client.player->look(now());
    }
  }

  const bench::Options& options_;
  int epoll_;
  std::vector<Client> clients_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(1 << 20);
  std::size_t present_ = 0, cursor_ = 0;
  Micros turn_ = now();
  double seconds_ = 1, cpu_ = 0;
};

// Goes on until a line, or the end of standard input, has come.
void wait_for_line(Crowd& crowd) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (::poll(&input, 1, 0) == 0) crowd.serve_until(now() + kSecond / 50);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options(argc, argv,
                               {{"--port", "0"},
                                {"--protocol", "sendspin"},
                                {"--codec", "opus"},
                                {"--capacity", "1920000"},
                                {"--connections", "1"},
                                {"--first", "0"},
                                {"--rate", "200"},
                                {"--settle", "5"},
                                {"--seconds", "20"}});
  try {
    Crowd crowd(options);
    std::puts("steady");
    std::fflush(stdout);
    wait_for_line(crowd);
    crowd.measure(options.number("--seconds") * kSecond);
    std::puts("end");
    std::fflush(stdout);
    wait_for_line(crowd);
    crowd.report();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sync_scale_crowd: %s\n", error.what());
    return 1;
  }
}
