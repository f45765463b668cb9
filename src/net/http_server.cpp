#include "net/http_server.h"

#include "base/log.h"
#include "net/pages.h"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace tutti::net {

using tcp = boost::asio::ip::tcp;

HttpServer::HttpServer(Settings settings, Control& control, WebAssets assets, int bitrate)
    : settings_(std::move(settings)),
      assets_(assets),
      threads_(settings_, control),
      sites_{{routes_, individual_, mounts_, assets_, bitrate, "", {}}} {}

Result<void> HttpServer::open(Routes routes, std::set<app::BroadcastId> individual) {
  routes_ = std::move(routes);
  individual_ = std::move(individual);
  if (!settings_.tls.certificate.empty()) {
    if (auto opened = open_tls(); !opened) return opened;
  }
  if (auto opened = listen(sites_.front(), settings_.port); !opened) return opened;
  if (sites_.front().tls.port == 0) sites_.front().tls.port = settings_.port;
  for (std::size_t i = 0; i < settings_.aliases.size(); ++i) {
    if (auto good = check_alias(i); !good) return good;
    Site site = sites_.front();
    site.alias = settings_.aliases[i].path;
    sites_.push_back(std::move(site));
    if (auto opened = listen(sites_.back(), settings_.aliases[i].port); !opened) return opened;
  }
  return {};
}

Result<void> HttpServer::open_tls() {
  auto opened = TlsContext::open(settings_.tls.certificate, settings_.tls.key);
  if (!opened) return tl::make_unexpected(opened.error());
  tls_ = std::move(*opened);
  TlsPolicy& policy = sites_.front().tls;
  policy = {tls_.get(), false, settings_.tls.redirects, 0, settings_.tls.hsts};
  if (!settings_.tls.port) return {};
  Site site = sites_.front();
  site.tls.is_required = true;
  sites_.push_back(std::move(site));
  if (auto listens = listen(sites_.back(), *settings_.tls.port); !listens) return listens;
  sites_.front().tls.context = nullptr;
  sites_.front().tls.port = *settings_.tls.port;
  return {};
}

Result<void> HttpServer::reload_certificate() {
  if (!tls_) return {};
  return tls_->reload();
}

Result<void> HttpServer::check_alias(std::size_t index) const {
  const auto& [port, path] = settings_.aliases[index];
  const auto what = "--alias " + std::to_string(port) + "=" + path;
  if (!mounts_.find(path) && !routes_.contains(path) && path != "/stream" && !answer_page(assets_, path)) {
    return fail(what + ": nothing is served at " + path + "; name a station or a WebSocket");
  }
  const auto is_taken = [&, port = port](const Alias& other) { return other.port == port; };
  const auto begin = settings_.aliases.begin();
  if (port != 0 &&
      (port == settings_.port || std::any_of(begin, begin + static_cast<std::ptrdiff_t>(index), is_taken))) {
    return fail(what + ": the port is this server's already; give each path one of its own");
  }
  return {};
}

// One port on all hosts. Where it is 0, the first free one, and `port` becomes it.
Result<void> HttpServer::listen(const Site& site, unsigned short& port) {
  for (const auto& host : settings_.hosts) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error)
      return fail("'" + host + "' is not an address to listen on; give one such as 127.0.0.1 or ::1");
    auto acceptor = std::make_unique<Acceptor>(threads_, site);
    if (auto opened = acceptor->open({address, port}); !opened) {
      const bool is_optional = address.is_v6() && address.is_unspecified() && settings_.hosts.size() > 1;
      if (!is_optional) return opened;
      log::debug("{}", opened.error().message);
      continue;
    }
    port = acceptor->endpoint().port();
    acceptors_.push_back(std::move(acceptor));
  }
  return {};
}

std::vector<std::string> HttpServer::urls() const {
  std::vector<std::string> out;
  for (const auto& acceptor : acceptors_) {
    const auto endpoint = acceptor->endpoint();
    const bool is_tls = settings_.tls.port == endpoint.port();
    if (endpoint.port() != settings_.port && !is_tls) continue;
    std::string host = endpoint.address().to_string();
    if (endpoint.address().is_unspecified()) {
      if (endpoint.address().is_v6()) continue;  // the same name reaches both
      host = "localhost";
    } else if (endpoint.address().is_v6()) {
      host = "[" + host + "]";
    }
    const std::string rest = "://" + host + ":" + std::to_string(endpoint.port()) + "/";
    if (!is_tls) out.push_back("http" + rest);
    if (is_tls || (tls_ && !settings_.tls.port)) out.push_back("https" + rest);
  }
  return out;
}

void HttpServer::start() {
  for (auto& acceptor : acceptors_) acceptor->start();
  threads_.start();
}

void HttpServer::stop(std::chrono::milliseconds grace) {
  for (auto& acceptor : acceptors_) acceptor->stop();
  threads_.stop(grace);
  threads_.join();
}

}  // namespace tutti::net
