#include "base/stamped_read.h"

#include <array>
#include <chrono>
#include <cstring>
#include <ctime>
#include <sys/socket.h>

namespace tutti {
namespace {

// The kernel's stamps are of the calendar, which may be set in between.
constexpr Duration kLongest = std::chrono::seconds(1);

Duration since(const timespec& stamp) {
  using std::chrono::system_clock;
  const auto calendar = std::chrono::seconds(stamp.tv_sec) + std::chrono::nanoseconds(stamp.tv_nsec);
  const auto ago = std::chrono::duration_cast<Duration>(system_clock::now().time_since_epoch() - calendar);
  return ago >= Duration(0) && ago <= kLongest ? ago : Duration(0);
}

Duration age_of(msghdr& message) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(each), sizeof stamp);
    return since(stamp);
  }
  return Duration(0);
}

}  // namespace

void stamp_arrivals(int socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

StampedRead read_stamped(int socket, std::span<std::uint8_t> buffer) {
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t bytes = ::recvmsg(socket, &message, MSG_DONTWAIT);
  return {bytes, bytes > 0 ? age_of(message) : Duration(0)};
}

}  // namespace tutti
