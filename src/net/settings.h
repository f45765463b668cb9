// What the network side is told at start.
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tutti::net {

// A path that has a port of its own, for clients that know no path.
struct Alias {
  unsigned short port;  // 0: any free one
  std::string path;
};

// Without a certificate there is no TLS.
struct TlsSettings {
  std::string certificate, key;        // PEM files
  std::optional<unsigned short> port;  // of its own; without it TLS and plain share every port
  bool redirects = false;              // plain requests are sent on to https://
  std::chrono::seconds hsts{0};
};

struct Settings {
  std::vector<std::string> hosts;  // addresses to listen on
  unsigned short port = 9999;      // 0: any free one
  std::vector<Alias> aliases;
  std::vector<std::string> allowed_origins;  // of pages of other sites, as protocol::is_allowed_origin()
  unsigned io_threads = 1;
  std::size_t max_listeners = 100'000;  // WebSockets count as listeners
  std::size_t max_sessions = 4'000;     // connections that are not listeners (yet), all threads together
  Duration flush_interval{1'000'000};
  Duration burst{4'000'000};
  std::size_t buffer_size = 2 << 20;  // bytes of packets per broadcast
  TlsSettings tls;
  bool is_listening_closed = false;  // to all who have not the role listener
  std::string server_name = "Tutti";
};

}  // namespace tutti::net
