#include "protocol/playlist_file.h"

#include "protocol/tls_hello.h"

#include <array>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

TEST(PlaylistFile, NamesTheStream) {
  EXPECT_EQ(m3u_file("Tutti", "http://h/humor"), "#EXTM3U\r\n#EXTINF:-1,Tutti\r\nhttp://h/humor\r\n");
  EXPECT_EQ(pls_file("Tutti", "http://h/humor"),
            "[playlist]\r\nNumberOfEntries=1\r\nFile1=http://h/"
            "humor\r\nTitle1=Tutti\r\nLength1=-1\r\nVersion=2\r\n");
}

TEST(TlsHello, IsToldFromHttp) {
  EXPECT_TRUE(is_tls_hello(std::array<std::uint8_t, 5>{0x16, 3, 1, 2, 0}));
  EXPECT_TRUE(is_tls_hello(std::array<std::uint8_t, 3>{0x16, 3, 3}));
  EXPECT_FALSE(is_tls_hello(std::array<std::uint8_t, 3>{'G', 'E', 'T'}));
  EXPECT_FALSE(is_tls_hello(std::array<std::uint8_t, 2>{0x16, 3}));
  EXPECT_FALSE(is_tls_hello(std::array<std::uint8_t, 3>{0x16, 2, 0}));
}

}  // namespace
}  // namespace tutti::protocol
