// The floor under every radio server: one thread, one send() per listener and interval, nothing else.
//
// What it costs is the kernel's price for handing so many bytes to so many loopback sockets; a server that
// writes to each listener as often cannot cost less. No encoder, no ring, no cursor, no HTTP: whatever a
// client sends is answered with a head and a burst, and from then on it is sent the same MP3 frame again and
// again. What a socket does not take is lost, which the load generator reports as an underrun.
//
//   bare_send --port N [--flush-interval MS]

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

// As in net/feed.h: listeners are written to in as few goes as that allows.
constexpr std::size_t kSlots = 20, kFullSlot = 2'500;
constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr std::size_t kBytesPerSecond = 16000;  // 128 kbit/s
constexpr std::size_t kFrame = 384;             // of MPEG 1 layer III, 128 kbit/s, 48 kHz: 24 ms
constexpr std::array<std::uint8_t, 4> kFrameHeader{0xFF, 0xFB, 0x94, 0xC4};
constexpr std::size_t kBurst = 167 * kFrame;  // 4 s, whole frames
constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n";

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "bare_send: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

int listen_on(std::uint16_t port) {
  const int acceptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (acceptor < 0) fail("socket");
  // The options that Tutti sets, inherited by what is accepted.
  const int on = 1, send_buffer = 128 * 1024;
  setsockopt(acceptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(acceptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(acceptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(acceptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (listen(acceptor, 4096) != 0) fail("listen");
  return acceptor;
}

class BareSend {
 public:
  BareSend(std::uint16_t port, std::int64_t flush_ms)
      : acceptor_(listen_on(port)),
        tick_(flush_ms * 1'000'000 / static_cast<std::int64_t>(kSlots)),
        chunk_(kBytesPerSecond * static_cast<std::size_t>(flush_ms) / 1000) {
    audio_.resize(kFrame + std::max(kBurst, chunk_));
    for (std::size_t i = 0; i + kFrameHeader.size() <= audio_.size(); i += kFrame)
      std::ranges::copy(kFrameHeader, audio_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  [[noreturn]] void run() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    std::int64_t next = now.tv_sec * kNanoseconds + now.tv_nsec;
    for (;; slot_ = (slot_ + 1) % kSlots) {
      next += tick_;
      const timespec until{.tv_sec = next / kNanoseconds, .tv_nsec = next % kNanoseconds};
      while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
      }
      accept_all();
      answer_all();
      write_to(slots_.at(slot_));
    }
  }

 private:
  struct Listener {
    int socket;
    std::uint32_t at;  // where in a frame its next byte is
  };

  void accept_all() {
    for (;;) {
      const int accepted = accept4(acceptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted < 0) return;
      asking_.push_back(accepted);
    }
  }

  void answer_all() {
    std::erase_if(asking_, [this](int asking) {
      std::array<char, 4096> request;
      const ssize_t size = recv(asking, request.data(), request.size(), 0);
      if (size < 0 && errno == EAGAIN) return false;
      const bool is_answered = size > 0 && send(asking, kHead.data(), kHead.size(), MSG_NOSIGNAL) > 0 &&
                               send(asking, audio_.data(), kBurst, MSG_NOSIGNAL) > 0;
      if (is_answered) {
        if (slots_.at(filling_).size() >= kFullSlot) {
          const auto crowd = [](const auto& slot) { return slot.size(); };
          filling_ = static_cast<std::size_t>(std::ranges::min_element(slots_, {}, crowd) - slots_.begin());
        }
        slots_.at(filling_).push_back({asking, 0});
      } else {
        close(asking);
      }
      return true;
    });
  }

  void write_to(std::vector<Listener>& slot) {
    for (std::size_t i = 0; i < slot.size();) {
      auto& [socket, at] = slot[i];
      const ssize_t sent = send(socket, audio_.data() + at, chunk_, MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) {
        close(socket);
        slot[i] = slot.back();
        slot.pop_back();
        continue;
      }
      at = static_cast<std::uint32_t>((at + static_cast<std::size_t>(std::max<ssize_t>(sent, 0))) % kFrame);
      ++i;
    }
  }

  int acceptor_;
  std::int64_t tick_;  // ns
  std::size_t chunk_;  // bytes per listener and interval
  std::vector<std::uint8_t> audio_;
  std::vector<int> asking_;
  std::array<std::vector<Listener>, kSlots> slots_;
  std::size_t slot_ = 0, filling_ = 0;
};

long number(std::string_view name, const char* text, long most) {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  if (*end == '\0' && value > 0 && value <= most) return value;
  std::fprintf(stderr, "bare_send: %.*s '%s' is not a number from 1 to %ld\n", static_cast<int>(name.size()),
               name.data(), text, most);
  std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  long port = 0, flush_ms = 1000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--port")
      port = number(name, argv[i + 1], 65535);
    else if (name == "--flush-interval")
      flush_ms = number(name, argv[i + 1], 5000);
  }
  if (port == 0) {
    std::fputs("usage: bare_send --port N [--flush-interval MS]\n", stderr);
    return 2;
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  BareSend(static_cast<std::uint16_t>(port), flush_ms).run();
}
