#include "server/conducting.h"

#include <gtest/gtest.h>

namespace tutti::server {
namespace {

TEST(OscAddress, AddressesAndPorts) {
  const auto where = [](std::string_view text) {
    const auto parsed = parse_osc_address(text);
    return parsed ? parsed->address + " " + std::to_string(parsed->port) : parsed.error().message;
  };
  EXPECT_EQ(where("9000"), "127.0.0.1 9000") << "who is not asked for hears nothing from other machines";
  EXPECT_EQ(where("0.0.0.0:9000"), "0.0.0.0 9000");
  EXPECT_EQ(where("[::1]:9000"), "::1 9000");
  EXPECT_EQ(where("0"), "127.0.0.1 0");
  for (const auto* text : {"", "x", ":9000", "9000x", "::1:9000", "70000", "-1", "1.2.3.4:", "1.2.3.4"}) {
    EXPECT_NE(where(text).find("is not [ADDRESS:]PORT"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tutti::server
