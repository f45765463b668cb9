#include "loadgen/listener.h"

#include "loadgen/mpeg_frame.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <span>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace loadgen {
namespace {

constexpr std::size_t max_head = 8192;
constexpr std::size_t checked_audio = 1024;  // two frames of 128 kbit/s and the rest of the one before
constexpr std::size_t all_that_is_there = std::size_t{1} << 24;

sockaddr_in address_of(const char* host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

/// With MSG_TRUNC the kernel drops what it would have copied, so that no buffer is needed.
ssize_t discard(int socket) { return recv(socket, nullptr, all_that_is_there, MSG_TRUNC | MSG_DONTWAIT); }

bool is_chunked(std::string_view head) {
  std::string lower(head);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(tolower(c)); });
  return lower.find("\r\ntransfer-encoding: chunked") != std::string::npos;
}

}  // namespace

Listener::~Listener() {
  if (socket_ >= 0) close(socket_);
}

void Listener::connect(const Options& options, std::size_t index, int epoll) {
  index_ = index;
  epoll_ = epoll;
  never_reads_ = index < options.stalled;
  connected_at_ = Clock::now();
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return give_up(Failure::socket);

  // Several source addresses: one has about 28,000 ports towards one server. The port is chosen at connect,
  // where the kernel knows the other side and may use a port again that is taken towards another.
  const int on = 1;
  setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const std::string source =
      "127.0.0." + std::to_string(options.first_source + static_cast<unsigned>(index % options.sources));
  const auto from = address_of(source.c_str(), 0);
  if (bind(socket_, generic(from), sizeof from) != 0) return give_up(Failure::socket);
  if (never_reads_) {
    const int least = 1;  // the kernel rounds up to its minimum
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
  }

  epoll_event event{.events = EPOLLOUT, .data = {.u64 = index}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) != 0) return give_up(Failure::socket);
  state_ = State::connecting;
  const auto to = address_of(options.host.c_str(), options.port);
  if (::connect(socket_, generic(to), sizeof to) != 0 && errno != EINPROGRESS) give_up(Failure::connect);
}

void Listener::on_ready(const Options& options, std::uint32_t events, TimePoint woken) {
  if (state_ == State::connecting) return on_connected(options);
  if (state_ == State::securing) return secure(options);
  if (state_ == State::opening) return read_opening(options, woken);
  // Rarely seen: what a server closes behind a full window arrives nowhere. The drivers count at the server's
  // side.
  if (state_ == State::stalled && (events & (EPOLLERR | EPOLLHUP)) != 0) give_up(Failure::closed);
}

void Listener::on_connected(const Options& options) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return give_up(Failure::connect);
  if (!options.tls) return send_request(options);
  tls_ = std::make_unique<Tls>(socket_);
  state_ = State::securing;
  secure(options);
}

void Listener::secure(const Options& options) {
  switch (tls_->handshake()) {
    case Tls::Handshake::done:
      return send_request(options);
    case Tls::Handshake::wants_read:
      return watch(EPOLLIN);
    case Tls::Handshake::wants_write:
      return watch(EPOLLOUT);
    case Tls::Handshake::failed:
      return give_up(Failure::connect);
  }
}

void Listener::send_request(const Options& options) {
  const std::string request = "GET " + options.path + " HTTP/1.1\r\nHost: " + options.host + ":" +
                              std::to_string(options.port) +
                              "\r\nUser-Agent: tutti-loadgen\r\nAccept: */*\r\n\r\n";
  const bool is_sent = tls_ ? tls_->send(request)
                            : send(socket_, request.data(), request.size(), MSG_NOSIGNAL) ==
                                  static_cast<ssize_t>(request.size());
  if (!is_sent) return give_up(Failure::connect);
  state_ = never_reads_ ? State::stalled : State::opening;
  if (!never_reads_) opening_ = std::make_unique<std::string>();
  watch(never_reads_ ? 0U : std::uint32_t{EPOLLIN});
}

void Listener::read_opening(const Options& options, TimePoint woken) {
  std::array<char, 4096> buffer;
  bool is_checked = false;
  // What TLS has taken from the socket is not announced again, so it is read until there is no more.
  do {
    const ssize_t size =
        tls_ ? tls_->receive(buffer) : recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return give_up(has_audio() ? Failure::closed : Failure::reset);
    opening_->append(buffer.data(), static_cast<std::size_t>(size));
    is_checked = check_opening(options, woken);
  } while (tls_ && !is_checked && state_ == State::opening);
  if (!is_checked) return;
  if (tls_) {
    for (ssize_t size; (size = tls_->receive(buffer)) > 0;) received_ += static_cast<std::size_t>(size);
  }

  opening_.reset();
  tls_.reset();
  state_ = State::playing;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, socket_, nullptr);  // from here on it is read in rounds
  read_round(Clock::now());
}

/// True when the listener has what it asked for. Gives up on any other answer.
bool Listener::check_opening(const Options& options, TimePoint woken) {
  const std::string_view text = *opening_;
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) {
    if (text.size() > max_head) give_up(Failure::status);
    return false;
  }
  if (status_ == 0) {
    const auto space = text.find(' ');
    status_ = space < head ? std::atoi(text.data() + space) : -1;
    if (status_ != 200) {
      give_up(Failure::status);
      return false;
    }
  }
  std::string_view body = text.substr(head + 4);
  if (is_chunked(text.substr(0, head))) {
    const auto line = body.find("\r\n");
    body = line == std::string_view::npos ? std::string_view{} : body.substr(line + 2);
  }
  if (body.empty()) return false;
  if (!has_audio()) {
    first_byte_ = last_data_ = woken;
    playback_.start(woken, options);
  }
  if (body.size() < checked_audio) return false;

  const auto frames = find_frames({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
  if (!frames) {
    give_up(Failure::not_mp3);
    return false;
  }
  starts_with_frame_ = *frames == 0;
  received_ = body.size();
  return true;
}

void Listener::read_round(TimePoint now) {
  if (state_ != State::playing) return;
  const ssize_t size = discard(socket_);
  if (size == 0 || (size < 0 && errno != EAGAIN)) {
    close_window(now);
    return give_up(Failure::closed);
  }
  if (size > 0) count(now, static_cast<std::uint64_t>(size));
  playback_.check(now, static_cast<double>(received_));
}

void Listener::count(TimePoint now, std::uint64_t bytes) {
  received_ += bytes;
  last_data_ = now;
  if (!window_.open) return;
  if (window_.first == TimePoint{}) {
    window_.first = now;
  } else {
    window_.bytes += bytes;
    window_.longest_gap = std::max(window_.longest_gap, Seconds(now - window_.last));
  }
  window_.last = now;
}

void Listener::open_window() {
  window_.open = state_ == State::playing;
  if (window_.open) window_.segments = segments_so_far();
}

void Listener::close_window(TimePoint now) {
  if (!window_.open) return;
  // Nothing more until the end is a gap too.
  window_.longest_gap = std::max(window_.longest_gap, Seconds(now - last_data_));
  window_.segments = segments_so_far() - window_.segments;
  window_.open = false;
}

std::uint32_t Listener::segments_so_far() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.tcpi_data_segs_in;
}

void Listener::give_up(Failure why) {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  opening_.reset();
  tls_.reset();
  state_ = State::failed;
  failure_ = why;
}

void Listener::watch(std::uint32_t events) const {
  epoll_event event{.events = events, .data = {.u64 = index_}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, socket_, &event);
}

}  // namespace loadgen
