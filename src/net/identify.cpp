#include "net/identify.h"

#include "net/ask.h"
#include "protocol/credentials.h"
#include "protocol/web_origin.h"

#include <utility>

#include <boost/beast/http/field.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tutti::net {
namespace {

bool is_read(const HttpRequest& request) {
  return request.method() == http::verb::get || request.method() == http::verb::head;
}

// A page's own script, which shows a sign-in page of its own.
bool is_by_script(const HttpRequest& request) {
  return !request["Sec-Fetch-Site"].empty() || !request["X-Requested-With"].empty();
}

Reply retry_later(http::status status, std::string message, Duration wait) {
  Reply reply = private_error(status, std::move(message));
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  reply.headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(1, seconds)));
  return reply;
}

Reply challenge(const HttpRequest& request, std::string message) {
  Reply reply = private_error(http::status::unauthorized, std::move(message));
  reply.headers.emplace_back("WWW-Authenticate", is_by_script(request)
                                                     ? "Bearer realm=\"Tutti\""
                                                     : "Basic realm=\"Tutti\", charset=\"UTF-8\"");
  return reply;
}

}  // namespace

Credentials credentials_of(const HttpRequest& request, const protocol::RequestTarget& target) {
  Credentials out = protocol::parse_authorization(request[http::field::authorization]);
  if (out.kind != Credentials::Kind::none) return out;
  // What was sent on purpose comes before what a browser adds by itself, perhaps of a session that is over.
  const std::string_view token = target.parameter("token");
  if (!token.empty() && is_read(request)) return {Credentials::Kind::bearer, {}, std::string(token)};
  if (auto session = protocol::find_cookie(request[http::field::cookie], protocol::kSessionCookie)) {
    return {Credentials::Kind::session, {}, std::move(*session)};
  }
  return {};
}

asio::awaitable<app::Verdict> identify(Control& control, Credentials credentials, std::string address) {
  if (credentials.kind == Credentials::Kind::none) co_return app::Verdict{};
  auto question = [&control, credentials = std::move(credentials),
                   address = std::move(address)](auto answer) {
    const app::Caller caller{address, control.clock.now(), control.clock.date()};
    control.auth.check(credentials, caller, std::move(answer));
  };
  co_return co_await ask<app::Verdict>(control.executor, std::move(question));
}

asio::awaitable<app::Verdict> identify(Control& control, const HttpRequest& request,
                                       const protocol::RequestTarget& target, std::string address) {
  Credentials credentials = credentials_of(request, target);
  return identify(control, std::move(credentials), std::move(address));
}

std::optional<Reply> refuse_unless_known(const app::Verdict& verdict, const HttpRequest& request) {
  using Kind = app::Verdict::Kind;
  switch (verdict.kind) {
    case Kind::known:
      return std::nullopt;
    case Kind::nobody:
      return challenge(request, "this is for users: sign in at /login, or send a token");
    case Kind::wrong:
      return challenge(request, "these credentials do not fit, or no longer");
    case Kind::slowed:
      return retry_later(http::status::too_many_requests, "too many attempts; wait a moment",
                         verdict.retry_after);
    case Kind::unavailable:
      break;
  }
  return retry_later(http::status::service_unavailable, "who you are cannot be found out at the moment",
                     std::chrono::seconds(5));
}

std::optional<Reply> refuse_unless(app::Role role, const app::Verdict& verdict, const HttpRequest& request) {
  if (auto refused = refuse_unless_known(verdict, request)) return refused;
  if (verdict.identity.may(role)) return std::nullopt;
  return private_error(http::status::forbidden,
                       "this needs the role " + std::string(app::name_of(role)) + ", which you do not have");
}

std::optional<Reply> refuse_cross_site(const HttpRequest& request, Credentials::Kind presented) {
  if (is_read(request) || presented == Credentials::Kind::bearer) return std::nullopt;
  const std::string_view origin = request[http::field::origin];
  const std::string_view site = request["Sec-Fetch-Site"];
  const auto refused = [] {
    return private_error(http::status::forbidden, "this request comes from a page of another site");
  };
  if (!protocol::is_allowed_origin(origin, request[http::field::host], {})) return refused();
  if (!site.empty() && site != "same-origin" && site != "none") return refused();
  // A browser that sends a cookie says where the request comes from. A program without that header says that
  // it is one, by a header that no foreign page can set.
  const bool says_so = !origin.empty() || !site.empty() || !request["X-Requested-With"].empty();
  if (presented == Credentials::Kind::session && !says_so) {
    return private_error(
        http::status::forbidden,
        "a change by cookie needs an Origin header, or X-Requested-With; programs use a token");
  }
  return std::nullopt;
}

Reply private_reply(const boost::json::value& value, http::status status) {
  return {status,
          "application/json",
          boost::json::serialize(value),
          {{"Cache-Control", "no-store"}, {"Vary", "Cookie, Authorization"}}};
}

Reply private_error(http::status status, std::string message) {
  return private_reply(boost::json::object{{"status", "error"}, {"message", std::move(message)}}, status);
}

}  // namespace tutti::net
