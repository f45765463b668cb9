// One WebSocket connection of a client, plain or over TLS. A client has a single one, so Beast's stream
// serves here; the server, with its thousands, builds its own frames (net/).
#pragma once

#include "player/conversation.h"
#include "protocol/websocket_url.h"

#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace tutti::player {

struct ConnectionSettings {
  std::string token;         // sent as `Authorization: Bearer`; "" for none
  std::string ca_file;       // PEM, trusted beside the system's own authorities; "" for none
  bool is_trusting = false;  // whether any certificate will do
};

// How a connection came to its end.
struct Ending {
  enum class Kind {
    done,   // all was said
    lost,   // or never made; another attempt may do better
    failed  // another attempt would not
  };
  Kind kind = Kind::done;
  std::string why;
};

class Connection {
 public:
  Connection(boost::asio::any_io_executor executor, protocol::WebSocketUrl url, ConnectionSettings settings)
      : executor_(std::move(executor)), url_(std::move(url)), settings_(std::move(settings)) {}

  // Connects and holds the conversation until either side ends it. A server that is not heard for 20 s,
  // though asked by a ping, counts as lost.
  boost::asio::awaitable<Ending> hold(Conversation& conversation);
  // Ends hold() at once. On the executor's thread.
  void abort();

 private:
  template <class Stream>
  boost::asio::awaitable<Ending> talk(Stream& stream, Conversation& conversation);

  boost::asio::any_io_executor executor_;
  protocol::WebSocketUrl url_;
  ConnectionSettings settings_;
  std::function<void()> close_;  // set while there is a socket
  bool aborted_ = false;
};

}  // namespace tutti::player
