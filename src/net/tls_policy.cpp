#include "net/tls_policy.h"

#include <fmt/format.h>

namespace tutti::net {
namespace {

// A Host header without its port; an IPv6 address keeps its brackets.
std::string_view name_of(std::string_view host) {
  const auto colon = host.rfind(':');
  const auto bracket = host.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return has_port ? host.substr(0, colon) : host;
}

}  // namespace

std::optional<Reply> answer_plain(const TlsPolicy& policy, const HttpRequest& request,
                                  const std::string& path) {
  if (policy.is_required) {
    return error_reply(http::status::bad_request, "this port speaks TLS only: use https://");
  }
  if (!policy.redirects || path == "/healthz" || path == "/readyz") return std::nullopt;
  const std::string_view host = name_of(request[http::field::host]);
  if (host.empty()) return error_reply(http::status::bad_request, "use https://");
  const std::string port = policy.port == 443 ? "" : fmt::format(":{}", policy.port);
  Reply reply = text_reply(http::status::permanent_redirect, "Use https://\n");
  reply.headers.emplace_back("Location",
                             fmt::format("https://{}{}{}", host, port, std::string(request.target())));
  return reply;
}

void add_hsts(const TlsPolicy& policy, Reply& reply) {
  if (policy.hsts.count() == 0) return;
  reply.headers.emplace_back("Strict-Transport-Security", fmt::format("max-age={}", policy.hsts.count()));
}

}  // namespace tutti::net
