// Which paths are WebSockets, and who decides on each connection. Fixed while the server runs.
#pragma once

#include "net/reply.h"
#include "net/web_sockets.h"

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <tl/expected.hpp>

namespace tutti::net {

class IoThread;

// A proper request for a WebSocket, before it is answered.
struct WebSocketRequest {
  protocol::RequestTarget target;
  HttpRequest http;  // headers: cookies, Authorization, …
  std::string peer;  // its address
  IoThread& thread;  // on which the connection will live
};
using WebSocketRequestPtr = std::shared_ptr<const WebSocketRequest>;

// Either what makes the connection's handler, or the answer instead of 101 (401, 404, 503, …).
using MakeWebSocketHandler = WebSockets::MakeHandler;
using Admission = tl::expected<MakeWebSocketHandler, Reply>;

struct WebSocketMount {
  // Runs on the connection's I/O thread; may ask others (net/ask.h), in bounded time.
  std::function<boost::asio::awaitable<Admission>(WebSocketRequestPtr)> admit;
  WebSocketLimits limits;
  // True: pages of other sites are refused, but for those of --allow-origin. For whatever acts for a user.
  bool checks_origin = true;
  // True: stations' or files' audio, which --require-auth listen closes. Whoever comes to admit() may listen.
  bool is_audio = false;
  // The answer to a request that is not for a WebSocket.
  http::status plain_status = http::status::upgrade_required;
};

// For mounts that need not ask anybody: `make(request, socket)` returns the handler.
template <class Make>
auto admit_everybody(Make make) {
  return [make = std::move(make)](WebSocketRequestPtr request) -> boost::asio::awaitable<Admission> {
    MakeWebSocketHandler handler = [make, request](WebSocket& socket) { return make(*request, socket); };
    co_return handler;
  };
}

class WebSocketMounts {
 public:
  // `path` as it is asked for, percent-decoded: "/pcm". Before the server starts.
  void add(std::string path, WebSocketMount mount) {
    mounts_.insert_or_assign(std::move(path), std::move(mount));
  }
  // nullptr: the path is no WebSocket.
  const WebSocketMount* find(const std::string& path) const {
    const auto found = mounts_.find(path);
    return found == mounts_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, WebSocketMount> mounts_;
};

}  // namespace tutti::net
