#include "server/discovery.h"

#include "base/log.h"
#include "server/player_address.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {
namespace {

namespace asio = boost::asio;

constexpr auto* kServers = "_sendspin-server._tcp";
constexpr auto* kPlayers = "_sendspin._tcp";
constexpr auto* kPath = "/sendspin";

}  // namespace

Discovery::Discovery(const ServeOptions& options, net::Control& control, net::HttpServer& http,
                     protocol::sendspin::Session::Self self)
    : control_(control),
      caller_(control, http.threads(), self,
              {[this](app::CallId id, const std::string& client) {
                 calls_.on_up(id, client, control_.clock.now());
               },
               [this](app::CallId id, const app::CallEnd& end) {
                 calls_.on_over(id, end, control_.clock.now());
               }}),
      calls_(caller_) {
  control_.calls = &calls_;
  for (const auto& url : options.players) calls_.add(parse_player_address(url).value(), control_.clock.now());
  if (options.mdns == "on" || options.discover_players == "on") begin_mdns(options, http.port(), self.name);
}

void Discovery::begin_mdns(const ServeOptions& options, unsigned short port, std::string name) {
  net::ServiceDirectory::Wishes wishes;
  if (options.mdns == "on") {
    wishes.offer = {std::move(name), kServers, port, {std::string("path=") + kPath}};
  }
  if (options.discover_players == "on") wishes.looks_for = kPlayers;
  directory_.emplace(
      std::move(wishes),
      net::ServiceDirectory::Events{
          [this](net::ServiceDirectory::Found found) {
            asio::post(control_.executor, [this, found = std::move(found)] { on_found(found); });
          },
          [this](std::string name_of_lost) {
            asio::post(control_.executor, [this, lost = std::move(name_of_lost)] { calls_.lost(lost); });
          }});
}

void Discovery::on_found(const net::ServiceDirectory::Found& found) {
  const std::string path = found.path.empty() ? kPath : found.path;
  if (found.port == 0 || !is_player_path(path)) {
    return log::info("mDNS: '{}' announces no address that could be connected to", found.name);
  }
  log::debug("mDNS: found '{}' at {} port {}", found.name, found.address, found.port);
  calls_.found(found.name, {found.address, found.port, path, found.is_here}, control_.clock.now());
}

void Discovery::stop() {
  directory_.reset();
  calls_.stop();
}

}  // namespace tutti::server
