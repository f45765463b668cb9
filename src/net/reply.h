// What an HTTP request is, and what it is answered with, free of sockets.
#pragma once

#include "protocol/request_target.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/value.hpp>

namespace tutti::net {

namespace http = boost::beast::http;

// Of the head of a request or of an answer that is read here.
inline constexpr std::uint32_t kMostHeadBytes = 8 * 1024;

using HttpRequest = http::request<http::string_body>;

struct Reply {
  http::status status = http::status::ok;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// If the client has this very version already (If-None-Match, RFC 9110 13.1.2), the answer becomes 304
// without a body.
Reply unless_known(Reply reply, const HttpRequest& request);

Reply text_reply(http::status status, std::string text);
// Read-only JSON, open to pages of any origin.
Reply json_reply(const boost::json::value& value, http::status status = http::status::ok);
// {"status":"error","message":…}, as the earlier radio servers did.
Reply error_reply(http::status status, std::string message);

}  // namespace tutti::net
