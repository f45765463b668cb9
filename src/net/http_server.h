// The network side as a whole: I/O threads, acceptors, and what their sessions share.
#pragma once

#include "net/acceptor.h"

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tutti::net {

class HttpServer {
 public:
  // `control` outlives this. The audience is there from now on; open() and start() come later.
  HttpServer(Settings settings, Control& control, WebAssets assets, int bitrate);

  app::Audience& audience() { return threads_; }
  app::SyncAudience& sync_audience() { return threads_; }
  // Paths that are WebSockets; filled before open().
  WebSocketMounts& mounts() { return mounts_; }
  // Binds every host. Of the wildcard pair 0.0.0.0 and :: one may fail (machines without IPv6). Error: none
  // could be, or a host that was asked for by name could not; an alias has a path that is not served.
  // `individual`: those of the stations that give each listener a programme of their own.
  Result<void> open(Routes routes, std::set<app::BroadcastId> individual = {});
  std::size_t max_listeners() const { return settings_.max_listeners; }
  // What it listens on, as URLs to show.
  std::vector<std::string> urls() const;
  // The main one, after open().
  unsigned short port() const { return settings_.port; }
  // Where connections live that the server makes itself.
  IoThreads& threads() { return threads_; }
  // The ports of aliases, each with the path that it serves.
  const std::vector<Alias>& aliases() const { return settings_.aliases; }

  // Reads the certificate again; connections that are there keep theirs. Error: the old one goes on serving.
  Result<void> reload_certificate();

  void start();
  // Stops accepting, closes every connection, waits for the sessions to end, at most `grace`.
  void stop(std::chrono::milliseconds grace);
  // After stop(), when control has answered its last question: lets the sessions that asked it end.
  void drain() { threads_.drain(); }

 private:
  Result<void> listen(const Site& site, unsigned short& port);
  Result<void> open_tls();
  Result<void> check_alias(std::size_t index) const;

  Settings settings_;
  Routes routes_;
  std::set<app::BroadcastId> individual_;
  WebSocketMounts mounts_;
  WebAssets assets_;
  std::unique_ptr<TlsContext> tls_;
  IoThreads threads_;
  std::deque<Site>
      sites_;  // of the main port, then of the aliases, then of TLS where it has a port of its own
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
};

}  // namespace tutti::net
