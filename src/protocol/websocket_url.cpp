#include "protocol/websocket_url.h"

#include "base/utf8.h"

#include <charconv>
#include <system_error>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tutti::protocol {
namespace {

constexpr std::size_t kLongestUrl = 4096;
constexpr std::string_view kPlainPort = "80", kTlsPort = "443";

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 && number <= 65'535;
}

// A name that may stand in a request's Host line: "%00" or "%2F" decode to what no host is called.
bool is_name(std::string_view host) {
  for (const char c : host) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return host.find_first_of("/?#@\\[]") == std::string_view::npos;
}

}  // namespace

std::string WebSocketUrl::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_tls ? kTlsPort : kPlainPort) ? name : name + ":" + port;
}

Result<WebSocketUrl> parse_websocket_url(std::string_view text) {
  const std::string shown = "'" + to_valid_utf8(text.substr(0, 200)) + "'";
  const std::string expected = "; expected one like ws://host:9999/pcm";
  if (text.size() > kLongestUrl) return fail("the address " + shown + "… is longer than 4096 characters");
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return fail(shown + " is not an address" + expected);
  WebSocketUrl url;
  std::string scheme(parsed->scheme());  // in either case (RFC 3986, 3.1)
  for (char& c : scheme) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  url.is_tls = scheme == "wss" || scheme == "https";
  if (!url.is_tls && scheme != "ws" && scheme != "http") {
    return fail(shown + " begins with neither ws:// nor wss://" + expected);
  }
  if (parsed->has_userinfo()) {
    return fail("a name or password does not belong into the address; a token is given by --token");
  }
  if (parsed->has_fragment()) return fail(shown + ": leave out what begins with '#'");
  url.host = parsed->host_address();
  if (url.host.empty()) return fail(shown + " names no host" + expected);
  if (!is_name(url.host)) return fail(shown + ": no host is called so" + expected);
  url.port = parsed->port();
  if (url.port.empty()) url.port = url.is_tls ? kTlsPort : kPlainPort;
  if (!is_port(url.port)) return fail(shown + ": there is no such port");
  url.path = parsed->path();
  url.target = parsed->encoded_target();
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (!url.path.starts_with('/')) url.path.insert(0, "/");
  return url;
}

}  // namespace tutti::protocol
