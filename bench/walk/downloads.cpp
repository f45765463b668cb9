// Thousands of downloads of one file at once, each with a connection of its own: from its beginning, and once
// it is there, again. Standard output: "open" (all are connected and have the head of their answers), after a
// line on standard input the window, and then one JSON object.
#include "websocket/options.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Download {
  int socket = -1;
  std::string head;        // of the answer, until it is whole
  std::int64_t left = 0;   // of the file
  std::int64_t bytes = 0;  // in the window
  std::int64_t whole = 0;  // files
  bool has_begun = false;
};

class Downloads {
 public:
  explicit Downloads(const bench::Options& options)
      : port_(static_cast<std::uint16_t>(options.number("--port"))),
        request_("GET " + options.text("--path") + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        all_(static_cast<std::size_t>(options.number("--connections"))) {
    const auto pause = std::chrono::microseconds(1'000'000 / options.number("--rate"));
    auto due = Clock::now();
    for (std::size_t i = 0; i < all_.size(); ++i) {
      open(i);
      due += pause;
      serve_until(due);
    }
    const auto patience = Clock::now() + 60s;
    while (Clock::now() < patience && begun() < all_.size()) serve_until(Clock::now() + 50ms);
  }

  void serve_until(Clock::time_point end) {
    static std::vector<epoll_event> events(1024);
    do {
      const int found = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 2);
      for (int i = 0; i < found; ++i) read(all_[events[static_cast<std::size_t>(i)].data.u64]);
    } while (Clock::now() < end);
  }

  void measure(std::chrono::seconds window) {
    for (auto& each : all_) each.bytes = each.whole = 0;
    const auto begin = Clock::now();
    serve_until(begin + window);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::int64_t bytes = 0, whole = 0;
    std::vector<std::int64_t> of_each;
    for (const auto& each : all_) {
      bytes += each.bytes;
      whole += each.whole;
      of_each.push_back(each.bytes);
    }
    std::sort(of_each.begin(), of_each.end());
    std::printf(
        "{\"broken\":%ld,\"megabytes_per_second\":%.1f,\"whole\":%ld,\"least_kib\":%.0f,\"median_kib\":%.0f}"
        "\n",
        broken_, static_cast<double>(bytes) / seconds / 1e6, whole,
        static_cast<double>(of_each.front()) / 1024, static_cast<double>(of_each[of_each.size() / 2]) / 1024);
    std::fflush(stdout);
  }

 private:
  std::size_t begun() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(all_, [](const auto& each) { return each.has_begun; }));
  }

  void open(std::size_t index) {
    Download& each = all_[index];
    each.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port_);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(each.socket, reinterpret_cast<sockaddr*>(&there), sizeof there) != 0) {
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
    epoll_event event{EPOLLIN, {.u64 = index}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, each.socket, &event);
    ask(each);
  }

  void ask(Download& each) {
    each.head.clear();
    ::send(each.socket, request_.data(), request_.size(), MSG_NOSIGNAL);
  }

  void read(Download& each) {
    if (each.socket < 0) return;
    const ssize_t got = ::recv(each.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      // Between two files the server may end it: it does not wait for long for the next request.
      if (each.left > 0) ++broken_;
      ::close(each.socket);
      each.left = 0;
      return open(static_cast<std::size_t>(&each - all_.data()));
    }
    std::size_t size = static_cast<std::size_t>(got), at = 0;
    if (each.left == 0) {
      const std::size_t known = each.head.size();
      each.head.append(buffer_.data(), size);
      const auto end = each.head.find("\r\n\r\n");
      if (end == std::string::npos) return;
      if (!each.head.starts_with("HTTP/1.1 200")) {
        throw std::runtime_error("refused: " + each.head.substr(0, each.head.find('\r')));
      }
      constexpr const char* kLength = "Content-Length: ";
      each.left =
          std::strtol(each.head.c_str() + each.head.find(kLength) + std::strlen(kLength), nullptr, 10);
      each.has_begun = true;
      at = end + 4 - known;
      size -= at;
    }
    each.bytes += static_cast<std::int64_t>(size);
    each.left -= static_cast<std::int64_t>(size);
    if (each.left > 0 || size == 0) return;
    ++each.whole;
    ask(each);
  }

  std::uint16_t port_;
  std::string request_;
  int epoll_;
  std::int64_t broken_ = 0;
  std::vector<Download> all_;
  std::vector<char> buffer_ = std::vector<char>(1 << 18);
};

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options(
      argc, argv,
      {{"--port", "0"}, {"--path", "/"}, {"--connections", "1"}, {"--rate", "1000"}, {"--seconds", "5"}});
  try {
    Downloads downloads(options);
    std::puts("open");
    std::fflush(stdout);
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (::poll(&input, 1, 0) == 0) downloads.serve_until(Clock::now() + 20ms);
    downloads.measure(std::chrono::seconds(options.number("--seconds")));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "walk_downloads: %s\n", error.what());
    return 1;
  }
}
