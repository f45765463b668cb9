#include "player/tls_client.h"

#include "player/await.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace tutti::player {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

bool is_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

Result<ssl::context> tls_context(const ConnectionSettings& settings) {
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  error_code error;
  context.set_default_verify_paths(error);
  if (!settings.ca_file.empty()) {
    context.load_verify_file(settings.ca_file, error);
    if (error) return fail("cannot read certificates from " + settings.ca_file + ": " + error.message());
  }
  return context;
}

asio::awaitable<std::optional<Ending>> secure(TlsStream& tls, const protocol::WebSocketUrl& url,
                                              const ConnectionSettings& settings) {
  // The name is told so that a server of many can choose its certificate; addresses are no names (RFC 6066,
  // 3).
  if (!is_address(url.host)) {
    // SSL_set_tlsext_host_name is a macro around this.
    std::string name = url.host;
    SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
  tls.set_verify_mode(settings.is_trusting ? ssl::verify_none : ssl::verify_peer);
  if (!settings.is_trusting) tls.set_verify_callback(ssl::host_name_verification(url.host));
  const auto [error] = co_await tls.async_handshake(ssl::stream_base::client, kAwait);
  if (!error) co_return std::nullopt;
  const std::string where = "no secure connection to " + url.authority() + ": ";
  if (const long verdict = SSL_get_verify_result(tls.native_handle()); verdict != X509_V_OK) {
    co_return Ending::failed(where + "its certificate is not trusted (" +
                             X509_verify_cert_error_string(verdict) +
                             "); name its authority's file by --ca, or take any certificate by --insecure");
  }
  if (error.category() == asio::error::get_ssl_category()) {
    co_return Ending::failed(where + error.message() + "; does it speak TLS on this port?");
  }
  co_return Ending::lost(where + error.message());
}

}  // namespace tutti::player
