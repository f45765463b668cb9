#include "net/http_server.h"

#include "base/log.h"

#include <utility>

#include <boost/asio/ip/address.hpp>

namespace tutti::net {

using tcp = boost::asio::ip::tcp;

HttpServer::HttpServer(Settings settings, Control& control, WebAssets assets, int bitrate)
    : settings_(std::move(settings)),
      assets_(assets),
      threads_(settings_, control),
      site_{routes_, assets_, bitrate} {}

Result<void> HttpServer::open(Routes routes) {
  routes_ = std::move(routes);
  unsigned short port = settings_.port;
  for (const auto& host : settings_.hosts) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error)
      return fail("'" + host + "' is not an address to listen on; give one such as 127.0.0.1 or ::1");
    auto acceptor = std::make_unique<Acceptor>(threads_, site_);
    if (auto opened = acceptor->open({address, port}); !opened) {
      const bool is_optional = address.is_v6() && address.is_unspecified() && settings_.hosts.size() > 1;
      if (!is_optional) return opened;
      log::debug("{}", opened.error().message);
      continue;
    }
    port = acceptor->endpoint().port();  // one free port for all hosts
    acceptors_.push_back(std::move(acceptor));
  }
  return {};
}

std::vector<std::string> HttpServer::urls() const {
  std::vector<std::string> out;
  for (const auto& acceptor : acceptors_) {
    const auto endpoint = acceptor->endpoint();
    std::string host = endpoint.address().to_string();
    if (endpoint.address().is_unspecified()) {
      if (endpoint.address().is_v6()) continue;  // the same name reaches both
      host = "localhost";
    } else if (endpoint.address().is_v6()) {
      host = "[" + host + "]";
    }
    out.push_back("http://" + host + ":" + std::to_string(endpoint.port()) + "/");
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
