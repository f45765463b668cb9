#include "walk/crowd.h"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace walk {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr std::uint64_t kInput = UINT64_MAX;

// What the kernel wrote on the last packet of what was read; 0: nothing.
Micros stamp_of(msghdr& message) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec at{};
    std::memcpy(&at, CMSG_DATA(each), sizeof at);
    return at.tv_sec * kSecond + at.tv_nsec / 1000;
  }
  return 0;
}

Micros wall() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// 1, 2, 4, 8, 15, 15 … seconds, each shortened at random by up to a third, as the page has it.
Micros backoff(int attempts, bench::Dice& dice) {
  constexpr std::array<Micros, 5> kPauses{1, 2, 4, 8, 15};
  const auto index = std::min(static_cast<std::size_t>(std::max(attempts - 1, 0)), kPauses.size() - 1);
  return static_cast<Micros>(static_cast<double>(kPauses[index] * kSecond) * (1 - dice.uniform() / 3));
}

}  // namespace

Micros now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Crowd::Crowd(const Plan& plan)
    : plan_(plan), epoll_(::epoll_create1(EPOLL_CLOEXEC)), members_(plan.phones + 1), dice_(plan.seed) {
  constexpr double kMinutes = 600e6, kOff = 0.1;
  PhoneClock::kOrigin = now();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const bool is_reference = i == 0;
    Member& member = members_[i];
    member.phone = std::make_unique<Phone>(fmt::format("phone-{}-{}", plan.source, i),
                                           is_reference || i > plan.refusing);
    if (!is_reference) {
      // A page counts from when it was opened; one in ten phones has been set wrongly too.
      const double off = dice_.chance(kOff) ? dice_.between(-kMinutes, kMinutes) : dice_.between(-1e6, 1e6);
      member.clock = {off - static_cast<double>(PhoneClock::kOrigin) + kMinutes * 2,
                      dice_.between(-plan.drift, plan.drift)};
      const double rest = dice_.between(plan.least_rest, plan.most_rest);
      const double uneven = dice_.between(-plan.uneven / 2, plan.uneven / 2);
      member.up = Line(std::max(0.0, rest + uneven / 2), plan.queue, plan.seed * 1'000'003 + 2 * i);
      member.down = Line(std::max(0.0, rest - uneven / 2), plan.queue, plan.seed * 1'000'003 + 2 * i + 1);
    }
    due_.push({PhoneClock::kOrigin + static_cast<Micros>(i) * kSecond / static_cast<Micros>(plan.per_second),
               i, Kind::opening, 0});
  }
}

Crowd::~Crowd() {
  for (auto& member : members_) {
    if (member.socket >= 0) ::close(member.socket);
  }
  for (const int socket : orphans_) ::close(socket);
  ::close(epoll_);
}

void Crowd::run(const std::function<bool()>& on_input) {
  epoll_event event{EPOLLIN, {.u64 = kInput}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  for (bool goes_on = true; goes_on;) serve(on_input, goes_on);
}

void Crowd::serve(const std::function<bool()>& on_input, bool& goes_on) {
  const Micros wait = due_.empty() ? kSecond : std::max<Micros>(0, due_.top().at - now());
  const timespec timeout{wait / kSecond, wait % kSecond * 1000};
  static std::array<epoll_event, 8192> events;
  const int found = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  wall_ = wall() - now();
  // All are read before any is looked at, so that none waits for the others' texts to be understood.
  batch_.clear();
  for (int i = 0; i < found; ++i) {
    const auto which = events[static_cast<std::size_t>(i)].data.u64;
    if (which != kInput) read(which, now());
  }
  for (const auto& [index, bytes, arrived] : batch_) receive(index, bytes, arrived);
  while (!due_.empty() && due_.top().at <= now()) {
    const Due next = due_.top();
    due_.pop();
    perform(next);
  }
  for (int i = 0; i < found; ++i) {
    if (events[static_cast<std::size_t>(i)].data.u64 == kInput) goes_on = goes_on && on_input();
  }
}

void Crowd::open(std::size_t index) {
  Member& member = members_[index];
  if (member.is_dead || member.socket >= 0) return;
  const auto later = [&] {
    due_.push({now() + backoff(++member.attempts, dice_), index, Kind::opening, member.connection});
  };
  if (member.is_cut) return later();
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  sockaddr_in here{}, there{};
  here.sin_family = there.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(plan_.source) - 1);
  there.sin_port = htons(plan_.port);
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  ::bind(socket, reinterpret_cast<sockaddr*>(&here), sizeof here);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&there), sizeof there) != 0) {
    ::close(socket);
    return later();
  }
  member.socket = socket;
  ++member.connection;
  member.going.clear();
  member.coming.clear();
  epoll_event event{EPOLLIN, {.u64 = index}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  say(index, member.phone->open());
}

void Crowd::lose(std::size_t index) {
  Member& member = members_[index];
  if (member.socket < 0) return;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, member.socket, nullptr);
  if (member.is_cut) {
    orphans_.push_back(member.socket);  // nobody hears that it is closed
  } else {
    ::close(member.socket);
  }
  member.socket = -1;
  ++member.connection;
  member.going.clear();
  member.coming.clear();
  member.spoken_for = INT64_MAX;
  member.phone->lose();
  if (!member.is_dead) {
    due_.push({now() + backoff(++member.attempts, dice_), index, Kind::opening, member.connection});
  }
}

void Crowd::read(std::size_t index, Micros at) {
  Member& member = members_[index];
  if (member.socket < 0) return;
  std::array<char, 256> control{};
  iovec into{buffer_.data(), buffer_.size()};
  msghdr message{};
  message.msg_iov = &into;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(member.socket, &message, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  const bool is_over = got <= 0;
  std::string bytes = is_over ? "" : std::string(buffer_.data(), static_cast<std::size_t>(got));
  const Micros stamp = is_over ? 0 : stamp_of(message);
  if (stamp > 0) at = std::min(at, stamp - wall_);
  if (!member.down.delays()) {
    if (is_over) return lose(index);
    batch_.push_back({index, std::move(bytes), at});
    return;
  }
  if (is_over) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, member.socket, nullptr);
  member.coming.push_back({member.down.arrival(at), std::move(bytes)});
  due_.push({member.coming.back().at, index, Kind::arrival, member.connection});
}

void Crowd::receive(std::size_t index, const std::string& bytes, Micros arrived) {
  Member& member = members_[index];
  if (member.socket < 0 || member.is_cut) return;
  if (bytes.empty()) return lose(index);
  const bool was_greeted = member.phone->is_greeted();
  say(index, member.phone->take(bytes, member.clock.local(arrived)));
  if (!was_greeted && member.phone->is_greeted()) member.attempts = 0;
  schedule(index);
}

void Crowd::say(std::size_t index, std::string bytes) {
  Member& member = members_[index];
  if (bytes.empty() || member.socket < 0) return;
  if (!member.up.delays()) return write(member, bytes);
  member.going.push_back({member.up.arrival(now()), std::move(bytes)});
  due_.push({member.going.back().at, index, Kind::departure, member.connection});
}

void Crowd::write(Member& member, const std::string& bytes) {
  ::send(member.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void Crowd::schedule(std::size_t index) {
  Member& member = members_[index];
  const Micros speaks = member.phone->speaks_at();
  if (speaks == INT64_MAX) return;
  const Micros at = member.clock.real(speaks) + 1;
  if (at >= member.spoken_for) return;
  member.spoken_for = at;
  due_.push({at, index, Kind::speech, member.connection});
}

void Crowd::perform(const Due& due) {
  Member& member = members_[due.index];
  if (due.kind == Kind::thaw) {
    member.is_cut = false;
    for (const int socket : std::exchange(orphans_, {})) ::close(socket);
    // The browser says that the network is back; what is lost by then does not sit out its pause.
    if (member.socket < 0) open(due.index);
    return;
  }
  if (due.connection != member.connection) return;
  if (due.kind == Kind::opening) return open(due.index);
  if (member.socket < 0) return;
  if (due.kind == Kind::arrival || due.kind == Kind::departure) {
    auto& line = due.kind == Kind::arrival ? member.coming : member.going;
    const Packet packet = std::move(line.front());
    line.pop_front();
    if (member.is_cut) return;
    return due.kind == Kind::arrival ? receive(due.index, packet.bytes, now()) : write(member, packet.bytes);
  }
  member.spoken_for = INT64_MAX;
  const Micros here = member.clock.local(now());
  if (member.phone->is_dead(here)) return lose(due.index);
  std::string said = member.phone->speak(here);
  if (!member.is_cut) say(due.index, std::move(said));
  schedule(due.index);
}

void Crowd::kill(std::size_t count) {
  for (std::size_t i = 1; i <= count && i < members_.size(); ++i) {
    members_[i].is_dead = true;
    lose(i);
  }
}

void Crowd::cut(std::size_t count, Micros span) {
  for (std::size_t i = 1; i <= count && i < members_.size(); ++i) {
    members_[i].is_cut = true;
    due_.push({now() + span, i, Kind::thaw, 0});
  }
}

std::string Crowd::heard() {
  std::string out = "[";
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Member& member = members_[i];
    for (const Heard& each : member.phone->take_heard()) {
      out += fmt::format("{}[{},{},{},{},{},{},{}]", out.size() > 1 ? "," : "", i, each.cue, each.start,
                         member.clock.real(each.arrived), member.clock.real(each.begins),
                         each.first_round_trip, each.last_round_trip);
    }
  }
  return out + "]";
}

std::string Crowd::state() {
  const Micros at = now();
  std::string out = "[";
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    const Micros here = member.clock.local(at);
    const auto playing = member.phone->playing(here);
    const auto doubt =
        member.phone->clock() ? member.phone->clock()->uncertainty({tutti::Duration{here}}).count() : -1;
    out += fmt::format("{}[{},{},{},{},{}]", i > 0 ? "," : "", i, member.phone->is_decided() ? 1 : 0,
                       playing ? playing->cue : 0, playing ? member.clock.real(playing->begins) : 0, doubt);
  }
  return out + "]";
}

}  // namespace walk
