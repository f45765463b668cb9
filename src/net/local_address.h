// Which addresses the server connects to on the word of others.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace tutti::net {

// Of a home's or company's own network: loopback, link-local, private (RFC 1918) or unique local (RFC 4193).
bool is_local(const boost::asio::ip::address& address);

}  // namespace tutti::net
