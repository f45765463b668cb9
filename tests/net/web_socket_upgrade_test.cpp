#include "net/web_socket_upgrade.h"

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

HttpRequest good() {
  HttpRequest request{http::verb::get, "/pcm", 11};
  request.set(http::field::host, "radio:9999");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  return request;
}

unsigned status(const HttpRequest& request, const WebSocketMount& mount = {}) {
  const auto head = check_upgrade(request, "/pcm", mount, {"https://app.example"});
  return head ? 101 : static_cast<unsigned>(head.error().status);
}

std::string header(const Reply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(WebSocketUpgrade, AcceptsAndDeclinesExtensions) {
  auto request = good();
  request.set(http::field::sec_websocket_extensions, "permessage-deflate; client_max_window_bits");
  const auto head = check_upgrade(request, "/pcm", {}, {});
  ASSERT_TRUE(head);
  EXPECT_EQ(*head,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

TEST(WebSocketUpgrade, ListsMayComeOnSeveralLines) {
  auto request = good();
  request.set(http::field::connection, "keep-alive");
  request.insert(http::field::connection, "Upgrade");
  EXPECT_EQ(status(request), 101u);
  request.insert(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(status(request), 400u) << "two keys";
}

TEST(WebSocketUpgrade, PlainRequestsAreToldWhatThisIs) {
  auto request = good();
  request.erase(http::field::upgrade);
  const auto head = check_upgrade(request, "/pcm", {}, {});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().status, http::status::upgrade_required);
  EXPECT_EQ(header(head.error(), "Upgrade"), "websocket");
  EXPECT_NE(head.error().body.find("ws://radio:9999/pcm"), std::string::npos);
  WebSocketMount mount;
  mount.plain_status = http::status::bad_request;
  EXPECT_EQ(status(request, mount), 400u);
  request.method(http::verb::head);
  EXPECT_EQ(status(request), 426u);
  request.method(http::verb::post);
  EXPECT_EQ(status(request), 405u);
}

TEST(WebSocketUpgrade, RefusesAnotherVersionNamingItsOwn) {
  auto request = good();
  request.set(http::field::sec_websocket_version, "8");
  const auto head = check_upgrade(request, "/pcm", {}, {});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().status, http::status::upgrade_required);
  EXPECT_EQ(header(head.error(), "Sec-WebSocket-Version"), "13");
}

TEST(WebSocketUpgrade, PagesOfOtherSitesAreRefusedWhereTheMountCares) {
  auto request = good();
  for (const auto& [origin, expected] : {std::pair{"http://radio:9999", 101u},
                                         {"https://app.example", 101u},
                                         {"http://evil.example", 403u},
                                         {"null", 403u}}) {
    request.set(http::field::origin, origin);
    EXPECT_EQ(status(request), expected) << origin;
    WebSocketMount open;
    open.checks_origin = false;
    EXPECT_EQ(status(request, open), 101u) << origin;
  }
}

}  // namespace
}  // namespace tutti::net
