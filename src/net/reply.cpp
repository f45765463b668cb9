#include "net/reply.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::net {

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
