// One WebSocket connection of a client, plain or over TLS. A client has a single one, so Beast's stream
// serves here; the server, with its thousands, builds its own frames (net/).
#pragma once

#include "player/conversation.h"
#include "protocol/websocket_url.h"

#include <functional>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::player {

struct ConnectionSettings {
  std::string token;         // sent as `Authorization: Bearer`; "" for none
  std::string ca_file;       // PEM, trusted beside the system's own authorities; "" for none
  bool is_trusting = false;  // whether any certificate will do
};

// How a connection came to its end.
struct Ending {
  enum class Kind {
    done,    // all was said
    lost,    // or never made; another attempt may do better
    failed,  // another attempt would not
    absent,  // nor that: what was asked for is not there
  };
  Kind kind = Kind::done;
  std::string why;

  static Ending lost(std::string why) { return {Kind::lost, std::move(why)}; }
  static Ending failed(std::string why) { return {Kind::failed, std::move(why)}; }
};

class Connection {
 public:
  Connection(boost::asio::any_io_executor executor, protocol::WebSocketUrl url, ConnectionSettings settings)
      : executor_(std::move(executor)),
        url_(std::move(url)),
        settings_(std::move(settings)),
        wake_(executor_),
        silence_(executor_) {}

  // Connects and holds the conversation until either side ends it. A server that is not heard for 20 s,
  // though asked by a ping, counts as lost.
  boost::asio::awaitable<Ending> hold(Conversation& conversation);
  // On the executor's thread, both. The conversation has something to say.
  void wake() { wake_.cancel(); }
  // Ends hold() at once.
  void abort();

 private:
  template <class Stream>
  boost::asio::awaitable<Ending> talk(Stream& stream, Conversation& conversation);
  // Both ways at once, until one of them has ended.
  template <class Stream>
  boost::asio::awaitable<Ending> converse(Stream& stream, Conversation& conversation);
  template <class Stream>
  boost::asio::awaitable<void> speak(Stream& stream, Conversation& conversation);
  template <class Stream>
  boost::asio::awaitable<Ending> hear(Stream& stream, Conversation& conversation);

  boost::asio::any_io_executor executor_;
  protocol::WebSocketUrl url_;
  ConnectionSettings settings_;
  std::function<void()> close_;        // set while there is a socket
  boost::asio::steady_timer wake_;     // whom speak() waits for
  boost::asio::steady_timer silence_;  // expires when speak() has ended
  bool is_speaking_ = false;
  bool is_over_ = false;  // hear() has ended
  bool aborted_ = false;
};

}  // namespace tutti::player
