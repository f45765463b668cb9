// Port: calls players that wait for servers to connect to them. Implemented by net/. Called on the control
// thread, which is told by PlayerCalls::on_up() and on_over() what becomes of it.
#pragma once

#include <cstdint>
#include <string>

namespace tutti::app {

// Where a player listens: ws://host:port/path.
struct PlayerAddress {
  std::string host;  // a name, or an address; IPv6 with its scope where it has one: fe80::1%2
  unsigned short port = 0;
  std::string path;      // as it is asked for, begins with '/'
  bool is_here = false;  // known to be this machine's own: only then may it be a loopback address

  friend bool operator==(const PlayerAddress&, const PlayerAddress&) = default;
  std::string url() const;
};

// Why a player is called, which decides whether it leaves another server for this one.
enum class CallReason : std::uint8_t { discovery, playback };

using CallId = std::uint64_t;

struct CallEnd {
  enum class Kind : std::uint8_t {
    lost,      // or never came about; another attempt may do better
    restart,   // it will be back in a moment
    declined,  // it has said that it is not to be called again: it is with another server, or shuts down
    replaced,  // it has come by another connection
  };
  Kind kind = Kind::lost;
  std::string why;  // for a person
};

class PlayerCaller {
 public:
  virtual ~PlayerCaller() = default;
  // Ends, one day, by on_over(); before that there may be an on_up().
  virtual void call(CallId id, const PlayerAddress& address, CallReason reason) = 0;
  // on_over() comes soon.
  virtual void hang_up(CallId id) = 0;
};

}  // namespace tutti::app
