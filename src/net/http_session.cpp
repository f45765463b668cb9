#include "net/http_session.h"

#include "base/log.h"
#include "net/ask.h"
#include "net/await.h"
#include "net/doors.h"
#include "net/download.h"
#include "net/group_api.h"
#include "net/library_api.h"
#include "net/pages.h"
#include "net/player_api.h"
#include "net/playlist_reply.h"
#include "net/radio_api.h"
#include "net/station_api.h"
#include "net/walk_api.h"
#include "net/web_socket_upgrade.h"
#include "protocol/tls_hello.h"

#include <sys/socket.h>
#include <utility>

#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace tutti::net {
namespace {

namespace beast = boost::beast;
using namespace std::chrono_literals;
using app::Station;
using boost::asio::awaitable;

constexpr auto kHeadTimeout = 10s;   // for a whole request, however slowly it trickles
constexpr auto kWriteTimeout = 30s;  // for a whole reply
constexpr std::uint64_t kMostRequestBody = 64 * 1024;
constexpr int kMostRequests = 1000;  // on one connection
// Room for the burst, and a bound on the kernel's memory for one who does not read.
constexpr int kSendBuffer = 128 * 1024;

http::status status_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return http::status::request_header_fields_too_large;
  if (error == http::error::body_limit) return http::status::payload_too_large;
  return http::status::bad_request;
}

// True where the peer is still there and sent something that is not HTTP.
bool is_malformed(const boost::system::error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

Reply busy(std::string text, std::string retry_after) {
  Reply reply = text_reply(http::status::service_unavailable, std::move(text));
  reply.headers.emplace_back("Retry-After", std::move(retry_after));
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

Reply preflight_reply() {
  Reply reply;
  reply.status = http::status::no_content;
  reply.headers = {{"Allow", "GET, HEAD, POST, OPTIONS"},
                   {"Access-Control-Allow-Origin", "*"},
                   {"Access-Control-Allow-Methods", "GET, HEAD, POST"},
                   {"Access-Control-Allow-Headers", "Icy-MetaData, Range"},
                   {"Access-Control-Max-Age", "86400"}};
  return reply;
}

}  // namespace

HttpSession::HttpSession(boost::asio::ip::tcp::socket socket, IoThread& thread, const Site& site)
    : stream_(std::move(socket)), thread_(thread), site_(site) {
  thread_.add(*this);
}

HttpSession::~HttpSession() { thread_.remove(*this); }

void HttpSession::close() {
  is_closing_ = true;
  if (!is_answering_) stream_.close();
}

std::string HttpSession::peer() const {
  boost::system::error_code error;
  const auto endpoint = stream_.socket().remote_endpoint(error);
  return error ? "somebody" : endpoint.address().to_string();
}

awaitable<bool> HttpSession::begin() {
  stream_.expires_after(kHeadTimeout);
  const auto [error] = co_await stream_.async_wait_input(kAwait);
  if (error) co_return false;
  std::array<std::uint8_t, 3> first{};
  const ssize_t size = ::recv(stream_.socket().native_handle(), first.data(), first.size(), MSG_PEEK);
  if (size <= 0) co_return false;
  if (!protocol::is_tls_hello(std::span(first).first(static_cast<std::size_t>(size)))) {
    co_return true;
  }
  if (!site_.tls.context) {
    log::info("{} tried TLS (https://) on the plain port; use http://", peer());
    co_return false;
  }
  stream_.secure(site_.tls.context->accept(stream_.socket().native_handle()));
  if (!stream_.is_secure()) co_return false;
  const auto [failure, bytes] = co_await stream_.async_handshake(kAwait);
  if (failure) log::debug("{}: no TLS: {}", peer(), failure.message());
  co_return !failure;
}

awaitable<std::optional<HttpRequest>> HttpSession::read_request() {
  Parser parser;
  parser.header_limit(kMostHeadBytes);
  parser.body_limit(kMostRequestBody);
  stream_.expires_after(kHeadTimeout);
  auto [error, bytes] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
  if (!error && !parser.is_done()) {
    const std::string_view expect = parser.get()[http::field::expect];
    if (beast::iequals(expect, "100-continue")) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await boost::asio::async_write(stream_, boost::asio::buffer(kContinue), kAwait);
    } else if (!expect.empty()) {
      Reply refused = text_reply(http::status::expectation_failed, "only 100-continue can be expected");
      co_await write(std::move(refused), 11, false, false);
      co_return std::nullopt;
    }
    std::tie(error, bytes) = co_await http::async_read(stream_, buffer_, parser, kAwait);
  }
  if (error) {
    if (is_malformed(error)) {
      Reply refused = text_reply(status_of(error), "this request cannot be answered: " + error.message());
      co_await write(std::move(refused), 11, false, false);
    }
    co_return std::nullopt;
  }
  co_return parser.release();
}

awaitable<void> HttpSession::run() {
  if (!co_await begin()) co_return;
  for (int requests = 1; requests <= kMostRequests; ++requests) {
    auto request = co_await read_request();
    if (!request || is_closing_) co_return;
    is_answering_ = true;
    auto reply = co_await answer(*request);
    if (!reply && !std::exchange(is_answered_, false)) co_return;
    const bool head_only = request->method() == http::verb::head;
    const bool keep_alive = request->keep_alive() && requests < kMostRequests && !is_closing_;
    if (!reply) {
      is_answering_ = false;
      if (!keep_alive) co_return stream_.shutdown_send();
      continue;
    }
    Reply final_reply = unless_known(std::move(*reply), *request);
    if (stream_.is_secure()) add_hsts(site_.tls, final_reply);
    if (!co_await write(std::move(final_reply), request->version(), head_only, keep_alive)) co_return;
    is_answering_ = false;
    if (is_closing_) co_return;
  }
}

awaitable<std::optional<Reply>> HttpSession::answer(const HttpRequest& request) {
  auto target = protocol::parse_request_target(request.target());
  if (!target) co_return error_reply(http::status::bad_request, target.error().message);
  if (!stream_.is_secure()) {
    if (auto refused = answer_plain(site_.tls, request, target->path)) co_return refused;
  }
  if (request.method() == http::verb::options) {
    co_return preflight_reply();
  }
  apply_alias(target->path);
  if (const auto* mount = site_.mounts.find(target->path)) {
    co_return co_await upgrade(request, std::move(*target), *mount);
  }
  if (is_door(target->path)) {
    Peer sender{peer(), came_by_tls(request)};
    co_return co_await answer_door(thread_.control(), thread_.settings(), request, *target,
                                   std::move(sender));
  }
  if (is_walk_api(target->path)) {
    co_return co_await answer_walk_api(thread_.control(), thread_.settings(), request, *target, peer());
  }
  if (auto asset = asset_of(target->path)) co_return co_await download(request, *target, std::move(*asset));
  if (target->path == kPlayerApi) co_return co_await answer_player_api(request, *target, peer(), thread_);
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  if (auto group = match_group_api(target->path)) {
    co_return co_await answer_group_api(request, *target, std::move(*group), peer(), thread_);
  }
  auto stream_request = match_stream(site_.routes, request, *target);
  const bool is_root_without_station = target->path == "/" && !stream_request;
  if (reads && ((stream_request && wants_page(request)) || is_root_without_station)) {
    co_return page_reply(site_.assets);
  }
  if (stream_request && !reads) {
    auto refused = error_reply(http::status::method_not_allowed, "a station can only be listened to");
    refused.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
    co_return refused;
  }
  if (reads && !stream_request) {
    if (auto page = answer_page(site_.assets, target->path)) co_return page;
  }
  auto playlist =
      reads ? answer_playlist(site_.routes, request, *target, came_by_tls(request)) : std::nullopt;
  if (thread_.settings().is_listening_closed && (stream_request || playlist)) {
    auto refused = co_await refuse_listener(request, *target);
    if (refused) co_return refused;
  }
  if (stream_request) co_return co_await stream(request, std::move(*stream_request));
  if (playlist) co_return playlist;
  ApiRequest api_request{request.method(), std::move(*target), {}};
  co_return co_await ask_api(std::move(api_request));
}

// TLS that ends before us says so; that a client may say so too changes only its own cookie and playlist.
bool HttpSession::came_by_tls(const HttpRequest& request) const {
  return stream_.is_secure() || request["X-Forwarded-Proto"] == "https";
}

awaitable<std::optional<Reply>> HttpSession::refuse_listener(const HttpRequest& request,
                                                             const protocol::RequestTarget& target) {
  return refuse_unless_listener(thread_.control(), request, target, peer());
}

// A port for clients that know no path: whatever they ask for is the WebSocket. Of a page or a station only
// "/" is, so that its other files are found.
void HttpSession::apply_alias(std::string& path) const {
  if (site_.alias.empty()) return;
  if (path == "/" || site_.mounts.find(site_.alias)) path = site_.alias;
}

Reply HttpSession::full() const {
  return busy(
      fmt::format("All {} places are taken. Please try again later.\n", thread_.settings().max_listeners),
      "30");
}

awaitable<std::optional<Reply>> HttpSession::upgrade(const HttpRequest& request,
                                                     protocol::RequestTarget target,
                                                     const WebSocketMount& mount) {
  const std::string path = target.path;
  const auto head = check_upgrade(request, path, mount, thread_.settings().allowed_origins);
  if (!head) co_return head.error();
  if (thread_.is_full()) co_return full();
  if (mount.is_audio && thread_.settings().is_listening_closed) {
    if (auto refused = co_await refuse_listener(request, target)) co_return refused;
  }
  const auto asked =
      std::make_shared<const WebSocketRequest>(WebSocketRequest{std::move(target), request, peer(), thread_});
  stream_.expires_never();
  auto admission = co_await mount.admit(asked);
  if (!admission) co_return std::move(admission.error());
  if (is_closing_) co_return std::nullopt;
  if (thread_.is_full()) co_return full();  // others may have come while the question was out
  log::debug("{} opens {}", asked->peer, path);
  const auto data = buffer_.cdata();
  const std::string already_read(static_cast<const char*>(data.data()), data.size());
  Connection connection = stream_.release();
  thread_.open_web_socket(std::move(connection), *head, already_read, mount.limits, *admission);
  co_return std::nullopt;
}

awaitable<Reply> HttpSession::ask_api(ApiRequest api_request) {
  auto question = [&control = thread_.control(),
                   api_request = std::move(api_request)](auto reply_with) mutable {
    api_request.now = control.clock.now();
    if (auto reply = answer_trouble(control.players.trouble(), api_request))
      return reply_with(std::move(*reply));
    if (auto reply = answer_radio_api(control.stations, api_request)) return reply_with(std::move(*reply));
    if (auto reply = answer_library_api(control.tracks, api_request)) return reply_with(std::move(*reply));
    if (!answer_station_api(control, api_request, reply_with)) {
      reply_with(error_reply(http::status::not_found, "there is nothing at this address; see /streams"));
    }
  };
  co_return co_await ask<Reply>(thread_.control().executor, std::move(question));
}

Reply HttpSession::silent(const StreamRequest& wanted, Station::Status status) {
  const bool scanning = status == Station::Status::scanning;
  return busy(fmt::format("The station {} has no track to play{}.\n", wanted.route,
                          scanning ? " yet: its folder is being scanned"
                                   : ": put audio files into its folder, and it comes alive"),
              scanning ? "2" : "10");
}

awaitable<std::optional<Reply>> HttpSession::stream(const HttpRequest& request, StreamRequest wanted) {
  if (thread_.is_full()) co_return full();
  const bool head_only = request.method() == http::verb::head;
  const bool is_individual = site_.individual.contains(wanted.broadcast);
  const bool tunes_in = !head_only && !is_individual;
  if (!tunes_in || !thread_.find(wanted.broadcast)) {
    auto question = [&control = thread_.control(), id = wanted.broadcast, index = thread_.index(),
                     tunes_in](auto reply_with) {
      const ServerTime now = control.clock.now();
      reply_with(tunes_in ? control.stations.tune_in(id, index, now) : control.stations.status(id, now));
    };
    if (tunes_in) thread_.feed(wanted.broadcast).expect();
    const auto status = co_await ask<Station::Status>(thread_.control().executor, std::move(question));
    if (tunes_in) thread_.feed(wanted.broadcast).expected();
    if (status != Station::Status::on_air) {
      if (tunes_in) thread_.drop_if_unused(wanted.broadcast);
      co_return silent(wanted, status);
    }
  }
  if (!head_only) {
    listen(wanted);
    co_return std::nullopt;
  }
  const std::string head = stream_head(wanted, site_.bitrate, head_only);
  stream_.expires_after(kWriteTimeout);
  co_await boost::asio::async_write(stream_, boost::asio::buffer(head), kAwait);
  stream_.shutdown_send();
  co_return std::nullopt;
}

awaitable<std::optional<Reply>> HttpSession::download(const HttpRequest& request,
                                                      const protocol::RequestTarget& target, std::string id) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    auto refused = error_reply(http::status::method_not_allowed, "an asset can only be downloaded");
    refused.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
    co_return refused;
  }
  if (thread_.settings().is_listening_closed) {
    if (auto refused = co_await refuse_listener(request, target)) co_return refused;
  }
  using Found = std::optional<app::AssetMaker::Made>;
  auto question = [&assets = thread_.control().walk_assets, id = std::move(id)](auto reply_with) {
    const auto* found = assets.find(id);
    reply_with(found ? Found(*found) : Found());
  };
  const auto found = co_await ask<Found>(thread_.control().executor, std::move(question));
  if (!found) {
    co_return error_reply(http::status::not_found,
                          "the walk has no such asset, or it is still being prepared");
  }
  auto plan = plan_download(request, *found);
  plan.head.set(http::field::server, thread_.settings().server_name);
  plan.head.keep_alive(request.keep_alive());
  if (stream_.is_secure()) {
    Reply secure;
    add_hsts(site_.tls, secure);
    for (const auto& [name, value] : secure.headers) plan.head.set(name, value);
  }
  const bool head_only = request.method() == http::verb::head;
  is_answered_ = co_await send_download(stream_, thread_.control().file_pool, thread_.download_turns(),
                                        std::move(plan), found->file, head_only);
  co_return std::nullopt;
}

void HttpSession::listen(const StreamRequest& wanted) {
  log::debug("{} listens to {}", peer(), wanted.route);
  std::string head = stream_head(wanted, site_.bitrate, false);
  Connection connection = stream_.release();
  boost::system::error_code ignored;
  connection.socket.set_option(boost::asio::socket_base::send_buffer_size(kSendBuffer), ignored);
  auto icy = wanted.wants_titles ? std::make_unique<protocol::IcyInterleaver>() : nullptr;
  QuietConnection quiet(std::move(connection));
  if (site_.individual.contains(wanted.broadcast)) {
    thread_.listen(wanted.broadcast, PersonalListener(std::move(quiet), std::move(head), std::move(icy),
                                                      wanted.key, thread_.draw_seed()));
  } else {
    thread_.listen(wanted.broadcast, Listener(std::move(quiet), std::move(head), std::move(icy), wanted.key));
  }
}

awaitable<bool> HttpSession::write(Reply reply, unsigned version, bool head_only, bool keep_alive) {
  http::response<http::string_body> response{reply.status, version};
  response.set(http::field::server, thread_.settings().server_name);
  if (!reply.body.empty()) response.set(http::field::content_type, reply.content_type);
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.keep_alive(keep_alive);
  response.content_length(reply.body.size());
  const bool has_no_body =
      reply.status == http::status::no_content || reply.status == http::status::not_modified;
  if (has_no_body) response.erase(http::field::content_length);
  if (!head_only) response.body() = std::move(reply.body);
  stream_.expires_after(kWriteTimeout);
  const auto [error, bytes] = co_await http::async_write(stream_, response, kAwait);
  if (error) co_return false;
  if (!keep_alive) stream_.shutdown_send();
  co_return keep_alive;
}

}  // namespace tutti::net
