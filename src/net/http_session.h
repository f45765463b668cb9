// One HTTP connection: reads requests, has them answered, and hands the socket over to a feed when audio is
// asked for. A coroutine on one I/O thread; gone as soon as the socket is.
#pragma once

#include "net/connection_stream.h"
#include "net/io_thread.h"
#include "net/radio_api.h"
#include "net/reply.h"
#include "net/stream_request.h"
#include "net/tls_policy.h"
#include "net/web_assets.h"
#include "net/web_socket_mounts.h"

#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

namespace tutti::net {

// What sessions of all threads share, unchanging while the server runs. Each port has its own.
struct Site {
  const Routes& routes;
  const std::set<app::BroadcastId>& individual;  // of those, the individual stations
  const WebSocketMounts& mounts;
  const WebAssets& assets;
  int bitrate;        // of the streams, bit/s
  std::string alias;  // the path that this port serves as "/"; "" for the main port
  TlsPolicy tls;
};

class HttpSession {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, IoThread& thread, const Site& site);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  // Ends when the connection is closed or has become a listener's or a WebSocket.
  boost::asio::awaitable<void> run();
  // Closes at once, or after the reply that is under way.
  void close();

 private:
  using Parser = http::request_parser<http::string_body>;

  // Tells plain from TLS and shakes hands. False: the connection is to be closed.
  boost::asio::awaitable<bool> begin();
  // nullopt: the connection is to be closed.
  boost::asio::awaitable<std::optional<HttpRequest>> read_request();
  boost::asio::awaitable<std::optional<Reply>> answer(const HttpRequest& request);
  // nullopt: the socket has become a listener's.
  boost::asio::awaitable<std::optional<Reply>> stream(const HttpRequest& request, StreamRequest wanted);
  // nullopt: the socket has become a WebSocket.
  boost::asio::awaitable<std::optional<Reply>> upgrade(const HttpRequest& request,
                                                       protocol::RequestTarget target,
                                                       const WebSocketMount& mount);
  bool came_by_tls(const HttpRequest& request) const;
  // Where listening is closed: the answer to who may not; nullopt: they may.
  boost::asio::awaitable<std::optional<Reply>> refuse_listener(const HttpRequest& request,
                                                               const protocol::RequestTarget& target);
  // An asset of the walk. nullopt: it has been sent (is_answered_), or the connection is over.
  boost::asio::awaitable<std::optional<Reply>> download(const HttpRequest& request,
                                                        const protocol::RequestTarget& target,
                                                        std::string id);
  Reply full() const;
  void apply_alias(std::string& path) const;
  // Why a station cannot be listened to.
  static Reply silent(const StreamRequest& wanted, app::Station::Status status);
  // Makes the socket a listener's.
  void listen(const StreamRequest& wanted);
  boost::asio::awaitable<Reply> ask_api(ApiRequest request);
  boost::asio::awaitable<bool> write(Reply reply, unsigned version, bool head_only, bool keep_alive);
  std::string peer() const;

  ConnectionStream stream_;
  IoThread& thread_;
  const Site& site_;
  boost::beast::flat_buffer buffer_;
  bool is_answering_ = false;
  bool is_answered_ = false;  // without a Reply
  bool is_closing_ = false;
};

}  // namespace tutti::net
