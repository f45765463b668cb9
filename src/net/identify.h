// Who sends a request: one way for HTTP and for WebSocket upgrades, on any I/O thread.
#pragma once

#include "app/verdict.h"
#include "net/control.h"
#include "net/reply.h"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace tutti::net {

// What it presents: the Authorization header, else the session's cookie, else `?token=` of a GET or HEAD (for
// players and pages that cannot send headers).
Credentials credentials_of(const HttpRequest& request, const protocol::RequestTarget& target);

// Resumes on the caller's own thread. Whoever presents nothing costs nothing. `address`: the peer's.
boost::asio::awaitable<app::Verdict> identify(Control& control, Credentials credentials, std::string address);
boost::asio::awaitable<app::Verdict> identify(Control& control, const HttpRequest& request,
                                              const protocol::RequestTarget& target, std::string address);

// The answer to one who is not let in: 401 (with a challenge that players and scripts understand, and that
// makes no browser ask in its own window), 429 or 503 with Retry-After; 403 where they are known, but may
// not. nullopt: they may.
std::optional<Reply> refuse_unless(app::Role role, const app::Verdict& verdict, const HttpRequest& request);
// The same for a door that is open to everybody who is known.
std::optional<Reply> refuse_unless_known(const app::Verdict& verdict, const HttpRequest& request);

// A request that changes something has to be made on purpose (CSRF). Where the browser adds the credentials
// by itself (cookie, Basic, or none yet), a page of another origin must not be able to make it. 403, or
// nullopt.
std::optional<Reply> refuse_cross_site(const HttpRequest& request, Credentials::Kind presented);

// JSON for one person: not cached, not readable by pages of other origins.
Reply private_reply(const boost::json::value& value, http::status status = http::status::ok);
Reply private_error(http::status status, std::string message);

}  // namespace tutti::net
