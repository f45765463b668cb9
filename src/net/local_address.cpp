#include "net/local_address.h"

namespace tutti::net {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

bool is_local(const address_v4& address) {
  const auto bytes = address.to_bytes();
  const bool is_link_local = bytes[0] == 169 && bytes[1] == 254;
  const bool is_private =
      bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) || (bytes[0] == 192 && bytes[1] == 168);
  return address.is_loopback() || is_link_local || is_private;
}

}  // namespace

bool is_local(const boost::asio::ip::address& address) {
  if (address.is_v4()) return is_local(address.to_v4());
  const address_v6 v6 = address.to_v6();
  // 192.168.0.1 may be written ::ffff:192.168.0.1, and so may any other.
  if (v6.is_v4_mapped()) return is_local(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6));
  const bool is_unique_local = (v6.to_bytes()[0] & 0xFE) == 0xFC;
  return v6.is_loopback() || v6.is_link_local() || is_unique_local;
}

}  // namespace tutti::net
