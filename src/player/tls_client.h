// A client's side of TLS: whom it trusts.
#pragma once

#include "base/result.h"
#include "player/connection.h"

#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace tutti::player {

using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

// Error: the certificates of `settings` cannot be read.
Result<boost::asio::ssl::context> tls_context(const ConnectionSettings& settings);

// The handshake, on a socket that is connected. nullopt: it is done.
boost::asio::awaitable<std::optional<Ending>> secure(TlsStream& stream, const protocol::WebSocketUrl& url,
                                                     const ConnectionSettings& settings);

}  // namespace tutti::player
