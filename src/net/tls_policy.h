// What a port does about TLS.
#pragma once

#include "net/reply.h"
#include "net/tls_context.h"

#include <chrono>
#include <optional>

namespace tutti::net {

struct TlsPolicy {
  const TlsContext* context = nullptr;  // null: no TLS here
  bool is_required = false;             // a port of its own for TLS
  bool redirects = false;               // plain requests are sent on to https://
  unsigned short port = 0;              // of https://
  std::chrono::seconds hsts{0};         // how long browsers shall insist on TLS; 0: not a word of it
};

// The answer to a request that came without TLS: on to https://, or that it has to. nullopt: it may. `path`
// without query; probes of the server's health may always.
std::optional<Reply> answer_plain(const TlsPolicy& policy, const HttpRequest& request,
                                  const std::string& path);

// Tells browsers to come back over TLS only (RFC 6797), where the policy wants it.
void add_hsts(const TlsPolicy& policy, Reply& reply);

}  // namespace tutti::net
