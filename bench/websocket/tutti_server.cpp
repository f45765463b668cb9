// Tutti's own network side, with one mounted path whose connections all get the same frames.
#include "base/log.h"
#include "net/http_server.h"
#include "net/web_socket_fanout.h"
#include "tests/fakes/fake_encoded_files.h"
#include "tests/fakes/fake_groups.h"
#include "tests/fakes/fake_identity.h"
#include "tests/fakes/fake_player_store.h"
#include "tests/fakes/fake_producers.h"
#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"
#include "websocket/options.h"
#include "websocket/ticker.h"

#include <csignal>
#include <optional>

#include <boost/asio/signal_set.hpp>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

class NoCovers : public app::CoverReader {
 public:
  void read_cover(std::string, Done done) override { done(std::nullopt); }
};

// Everybody gets what the ticker makes; what they send is ignored.
class Listening : public net::WebSocketHandler {
 public:
  void on_text(std::string_view) override {}
  void on_binary(std::span<const std::uint8_t>) override {}
};

// Made with the first connection, on its thread: there is but one.
struct Broadcast {
  net::WebSocketFanout fanout;
  bench::Ticker ticker;

  Broadcast(boost::asio::io_context& context, const bench::Options& options)
      : fanout(context, interval(options), net::FrameKind::audio),
        ticker(
            context, std::chrono::milliseconds(options.number("--frame-ms")),
            static_cast<std::size_t>(options.number("--bytes")),
            [this](const bench::Ticker::Payload& payload) { fanout.push(protocol::binary_frame(payload)); }) {
  }

  // From the first frame of a tick to a moment between its last and the next.
  static Duration interval(const bench::Options& options) {
    const auto frame = options.number("--frame-ms"), tick = options.number("--tick-ms");
    return std::chrono::milliseconds(tick > frame ? tick - frame / 2 : 0);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options(argc, argv,
                               {{"--port", "0"},
                                {"--frame-ms", "20"},
                                {"--bytes", "320"},
                                {"--tick-ms", "20"},
                                {"--connections", "100000"}});
  log::configure(log::Format::text, "warn");
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context control_context{1};
  ServerClock clock;
  fakes::FakeScanner scanner;
  fakes::FakeTrackStore tracks;
  fakes::FakeProgrammeStore programmes;
  fakes::FakeProducers producers;
  fakes::FakeAudience audience;
  NoCovers covers;
  app::Library library(tracks, scanner, 1, [](const std::string&) {});
  app::StationService stations({{}, 0s}, clock.wall_anchor(), library, programmes, producers, audience);
  fakes::FakeIdentityStore users;
  fakes::FakeBackground background;
  app::PasswordCheck passwords(users, background, background, nullptr);
  app::Auth auth(users, background, passwords, nullptr, nullptr);
  app::SignIn sign_in(users, background, background, passwords);
  fakes::FakePlayerBackend states;
  fakes::FakePlayerStore player_store(states);
  app::PlayerService players({}, player_store, [](std::int64_t) { return std::nullopt; });
  app::TrackSearch search(library);
  fakes::FakeMp3Files files;
  fakes::FakeEncodedFiles encoded;
  app::EncodedCache cache(encoded, {});
  app::PersonalService personal(stations, library, files, cache);
  fakes::FakeSyncAudience sync_audience;
  fakes::FakeClientStore clients;
  fakes::FakeCovers artwork;
  app::GroupService groups(stations, producers, sync_audience, clients, artwork);
  WorkerPool file_pool("file", 1);
  net::Control control{control_context.get_executor(),
                       clock,
                       stations,
                       covers,
                       personal,
                       auth,
                       sign_in,
                       players,
                       search,
                       groups,
                       file_pool};

  net::Settings settings;
  settings.hosts = {"127.0.0.1"};
  settings.port = static_cast<unsigned short>(options.number("--port"));
  settings.max_sessions = static_cast<std::size_t>(options.number("--connections"));
  settings.max_listeners = settings.max_sessions;
  net::HttpServer server(settings, control, net::WebAssets({}), 128'000);
  std::optional<Broadcast> broadcast;
  net::WebSocketMount mount;
  mount.admit = net::admit_everybody([&](const net::WebSocketRequest& request, net::WebSocket& socket) {
    if (!broadcast) broadcast.emplace(request.thread.context(), options);
    broadcast->fanout.add(socket.shared_from_this());
    return std::make_unique<Listening>();
  });
  server.mounts().add("/", std::move(mount));
  if (const auto opened = server.open({}); !opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  boost::asio::signal_set signals(control_context, SIGTERM, SIGINT);
  signals.async_wait([](const boost::system::error_code&, int) { std::_Exit(0); });
  server.start();
  std::puts("ready");
  std::fflush(stdout);
  control_context.run();
}
