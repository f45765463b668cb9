// Load generator for /player: thousands of devices in one thread, with raw sockets and epoll. Each user has
// the same number of devices; at a steady rate one of them changes the track, and the others note when they
// are told.
//
//   player_load PORT TOKENS DEVICES RATE SECONDS
//
// TOKENS: a file with a bearer token per line, one per user. Standard output: "connected" when every device
// has been told its state, then one JSON object.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

struct Device {
  int socket = -1;
  bool is_open = false;  // the 101 has come
  bool has_state = false;
  std::string input;
};

class Load {
 public:
  Load(int port, std::vector<std::string> tokens, std::size_t devices)
      : port_(port), tokens_(std::move(tokens)), devices_(devices), epoll_(epoll_create1(0)) {}

  void connect_all() {
    // A listening socket's queue is finite: so many at a time.
    constexpr std::size_t kAtOnce = 200;
    for (std::size_t next = 0; next < devices_.size() || ready_ < devices_.size();) {
      while (next < devices_.size() && next < ready_ + kAtOnce) connect(next++);
      poll(100);
      if (now_us() - progress_us_ > 20'000'000) throw std::runtime_error("devices do not get their state");
    }
  }

  void run(double rate, double seconds) {
    const std::int64_t begin = now_us();
    const auto total = static_cast<std::int64_t>(rate * seconds);
    latencies_.reserve(static_cast<std::size_t>(total));
    while (sent_ < total) {
      const auto due = static_cast<std::int64_t>(static_cast<double>(now_us() - begin) * rate / 1e6);
      for (; sent_ < std::min(due, total); ++sent_) send_update();
      poll(0);
    }
    for (const std::int64_t end = now_us(); now_us() - end < 2'000'000 && heard_ < expected();) poll(10);
  }

  void report(double rate) {
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [this](double share) {
      if (latencies_.empty()) return 0.0;
      const auto index = static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1));
      return static_cast<double>(latencies_[index]) / 1000;
    };
    std::printf(R"({"devices":%zu,"rate":%.0f,"sent":%lld,"expected":%lld,"heard":%lld,"refused":%lld,)"
                R"("p50_ms":%.3f,"p99_ms":%.3f,"p999_ms":%.3f,"max_ms":%.3f})"
                "\n",
                devices_.size(), rate, static_cast<long long>(sent_), static_cast<long long>(expected()),
                static_cast<long long>(heard_), static_cast<long long>(refused_), at(0.5), at(0.99),
                at(0.999), at(1));
  }

 private:
  std::int64_t expected() const {
    return sent_ * static_cast<std::int64_t>(devices_.size() / tokens_.size() - 1);
  }

  void connect(std::size_t index) {
    Device& device = devices_[index];
    device.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(device.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
    ::fcntl(device.socket, F_SETFL, O_NONBLOCK);
    const int on = 1;
    ::setsockopt(device.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, device.socket, &event);
    write(
        device,
        "GET /player HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " +
            tokens_[index % tokens_.size()] + "\r\n\r\n");
  }

  void poll(int timeout_ms) {
    epoll_event events[512];
    const int count = ::epoll_wait(epoll_, events, 512, timeout_ms);
    for (int i = 0; i < count; ++i) read(devices_[events[i].data.u64]);
  }

  void read(Device& device) {
    char buffer[16384];
    const ssize_t got = ::recv(device.socket, buffer, sizeof buffer, 0);
    if (got == 0) throw std::runtime_error("the server has closed a connection: " + device.input);
    if (got < 0) return;
    device.input.append(buffer, static_cast<std::size_t>(got));
    if (!device.is_open) {
      const auto end = device.input.find("\r\n\r\n");
      if (end == std::string::npos) return;
      if (!device.input.starts_with("HTTP/1.1 101")) throw std::runtime_error("refused: " + device.input);
      device.input.erase(0, end + 4);
      device.is_open = true;
    }
    take_frames(device);
  }

  void take_frames(Device& device) {
    std::string_view rest = device.input;
    while (rest.size() >= 2) {
      std::size_t length = static_cast<unsigned char>(rest[1]) & 0x7Fu, head = 2;
      if (length == 126) {
        if (rest.size() < 4) break;
        length = std::size_t{static_cast<unsigned char>(rest[2])} << 8 | static_cast<unsigned char>(rest[3]);
        head = 4;
      }
      if (rest.size() < head + length) break;
      const int opcode = rest[0] & 0x0F;
      const std::string_view payload = rest.substr(head, length);
      if (opcode == 9) write(device, frame(0x8A, payload));
      if (opcode == 1) take_text(device, payload);
      rest.remove_prefix(head + length);
    }
    device.input.erase(0, device.input.size() - rest.size());
  }

  void take_text(Device& device, std::string_view text) {
    if (!device.has_state) {
      device.has_state = true;
      ++ready_;
      progress_us_ = now_us();
      return;
    }
    constexpr std::string_view kSentAt = "\"sent_at\":";
    const auto at = text.find(kSentAt);
    if (at == text.npos) {
      if (refused_++ == 0)
        std::fprintf(stderr, "player_load: %.*s\n", static_cast<int>(text.size()), text.data());
      return;
    }
    ++heard_;
    latencies_.push_back(now_us() - std::atoll(text.data() + at + kSentAt.size()));
  }

  // Users in turn, and their devices in turn.
  void send_update() {
    char text[256];
    const int size =
        std::snprintf(text, sizeof text,
                      R"({"type_push_state":"new_track","track_id":%lld,"from_is":"album","from_is_id":4,)"
                      R"("time_state_update":"2022-05-09T09:09:12+0000","sent_at":%lld})",
                      static_cast<long long>(sent_), static_cast<long long>(now_us()));
    const auto number = static_cast<std::size_t>(sent_);
    const std::size_t user = number % tokens_.size(), which = number / tokens_.size();
    const std::size_t per_user = devices_.size() / tokens_.size();
    write(devices_[user + which % per_user * tokens_.size()],
          frame(0x81, {text, static_cast<std::size_t>(size)}));
  }

  // A client's frame: masked, with a mask of zeros.
  static std::string frame(unsigned first, std::string_view payload) {
    std::string out(1, static_cast<char>(first));
    if (payload.size() < 126) {
      out += static_cast<char>(0x80u | payload.size());
    } else {
      out += static_cast<char>(0xFE);
      out += static_cast<char>(payload.size() >> 8);
      out += static_cast<char>(payload.size() & 0xFFu);
    }
    return out.append(4, '\0').append(payload);
  }

  static void write(const Device& device, const std::string& bytes) {
    if (::send(device.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("a socket takes no more");
    }
  }

  int port_;
  std::vector<std::string> tokens_;
  std::vector<Device> devices_;
  int epoll_;
  std::size_t ready_ = 0;
  std::int64_t progress_us_ = now_us();
  std::int64_t sent_ = 0, heard_ = 0, refused_ = 0;
  std::vector<std::int64_t> latencies_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "player_load PORT TOKENS DEVICES RATE SECONDS\n");
    return 2;
  }
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  std::vector<std::string> tokens;
  std::ifstream file(argv[2]);
  for (std::string line; std::getline(file, line);) tokens.push_back(line);
  const auto devices = static_cast<std::size_t>(std::atoll(argv[3]));
  if (tokens.empty() || devices % tokens.size() != 0) {
    std::fprintf(stderr, "player_load: DEVICES has to be a multiple of the tokens\n");
    return 2;
  }
  try {
    Load load(std::atoi(argv[1]), std::move(tokens), devices);
    load.connect_all();
    std::puts("connected");
    std::fflush(stdout);
    const double rate = std::atof(argv[4]);
    load.run(rate, std::atof(argv[5]));
    load.report(rate);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "player_load: %s\n", error.what());
    return 1;
  }
}
