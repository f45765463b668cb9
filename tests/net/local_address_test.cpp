#include "net/local_address.h"

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

bool local(const char* text) { return is_local(boost::asio::ip::make_address(text)); }

TEST(LocalAddress, IsOneOfANetworkOfOnesOwn) {
  for (const char* each :
       {"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.3.4",
        "::1", "fe80::1%1", "fd00::2", "fc12::1", "::ffff:192.168.0.1"}) {
    EXPECT_TRUE(local(each)) << each;
  }
}

TEST(LocalAddress, IsNoneOfTheWorlds) {
  for (const char* each :
       {"8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "169.253.0.1", "100.64.0.1", "0.0.0.0",
        "255.255.255.255", "224.0.0.251", "::", "2001:db8::1", "ff02::fb", "fec0::1", "::ffff:8.8.8.8"}) {
    EXPECT_FALSE(local(each)) << each;
  }
}

}  // namespace
}  // namespace tutti::net
