#include "net/reply.h"

#include <algorithm>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::net {

Reply unless_known(Reply reply, const HttpRequest& request) {
  const std::string_view known = request[http::field::if_none_match];
  const auto tag = std::ranges::find(reply.headers, "ETag", &std::pair<std::string, std::string>::first);
  const bool is_known = !known.empty() && tag != reply.headers.end() && known.find(tag->second) != known.npos;
  if (reply.status != http::status::ok || !is_known) return reply;
  reply.status = http::status::not_modified;
  reply.body.clear();
  return reply;
}

Reply text_reply(http::status status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text), {}};
}

Reply json_reply(const boost::json::value& value, http::status status) {
  return {status,
          "application/json",
          boost::json::serialize(value),
          {{"Access-Control-Allow-Origin", "*"}, {"Cache-Control", "no-store"}}};
}

Reply error_reply(http::status status, std::string message) {
  return json_reply(boost::json::object{{"status", "error"}, {"message", std::move(message)}}, status);
}

}  // namespace tutti::net
