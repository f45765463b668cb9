#include "net/sendspin_socket.h"

#include "base/log.h"
#include "base/utf8.h"
#include "net/identify.h"
#include "net/io_thread.h"
#include "net/library_api.h"
#include "protocol/route.h"
#include "protocol/sendspin_envelope.h"
#include "protocol/web_origin.h"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::net {
namespace {

namespace asio = boost::asio;
using protocol::sendspin::ArtworkChannel;
using protocol::sendspin::ArtworkSource;
using protocol::sendspin::binary_header;
using protocol::sendspin::Change;
using protocol::sendspin::ControllerCommand;
using protocol::sendspin::ControllerCommands;
using protocol::sendspin::ControllerState;
using protocol::sendspin::GoodbyeReason;
using protocol::sendspin::ImageFormat;
using protocol::sendspin::kMostMessageBytes;
using protocol::sendspin::Metadata;
using protocol::sendspin::OperationalState;
using protocol::sendspin::Overloaded;
using protocol::sendspin::PlayerCommand;
using protocol::sendspin::Progress;
using protocol::sendspin::RepeatMode;
using protocol::sendspin::Role;
using protocol::sendspin::ServerCommand;
using protocol::sendspin::Session;

// Players of every site may listen, but a page of another site does not act for whoever is signed in here.
bool may_act(const WebSocketRequest& request, Credentials::Kind presented) {
  return presented == Credentials::Kind::bearer ||
         protocol::is_allowed_origin(request.http[http::field::origin], request.http[http::field::host],
                                     request.thread.settings().allowed_origins);
}

std::string no_station(const std::string& route, const std::vector<std::string>& stations) {
  constexpr std::size_t kMostNamed = 12;
  std::string out = "there is no station " + route + " here to play in sync; there ";
  out += stations.empty() ? "is none" : stations.size() == 1 ? "is " : "are ";
  for (std::size_t i = 0; i < std::min(stations.size(), kMostNamed); ++i)
    out += (i > 0 ? ", " : "") + stations[i];
  if (stations.size() > kMostNamed) out += " and more, see /streams";
  return out;
}

using Stations = std::shared_ptr<const std::vector<std::string>>;

asio::awaitable<Admission> admit_client(WebSocketRequestPtr request, Control& control, Session::Self self,
                                        Stations stations) {
  SendspinSocket::Visit visit;
  if (const auto station = request->target.parameter("station"); !station.empty()) {
    auto route = protocol::normalise_route(station);
    if (!route) co_return tl::make_unexpected(error_reply(http::status::bad_request, route.error().message));
    if (std::ranges::find(*stations, *route) == stations->end()) {
      co_return tl::make_unexpected(error_reply(http::status::not_found, no_station(*route, *stations)));
    }
    visit.route = std::move(*route);
  }
  if (const auto group = request->target.parameter("group"); !group.empty()) {
    if (group != "private") {
      co_return tl::make_unexpected(
          error_reply(http::status::bad_request, "?group= is 'private', or left out"));
    }
    visit.wants_solo = true;
  }
  visit.base_url = "http://" + to_valid_utf8(request->http[http::field::host]);
  Credentials credentials = credentials_of(request->http, request->target);
  const bool acts = may_act(*request, credentials.kind);
  const auto verdict = co_await identify(control, std::move(credentials), request->peer);
  visit.is_operator = acts && verdict.is_known() && verdict.identity.may(app::Role::operator_);
  MakeWebSocketHandler make = [visit = std::move(visit), self = std::move(self),
                               &feeds = request->thread.sync_feeds(), &control](WebSocket& socket) {
    return std::make_unique<SendspinSocket>(socket, self, visit, feeds, control);
  };
  co_return make;
}

ArtworkFormat::Kind kind_of(ImageFormat format) {
  switch (format) {
    case ImageFormat::jpeg:
      return ArtworkFormat::Kind::jpeg;
    case ImageFormat::png:
      return ArtworkFormat::Kind::png;
    case ImageFormat::bmp:
      break;
  }
  return ArtworkFormat::Kind::bmp;
}

RepeatMode repeat_of(PrivateTimeline::Repeat repeat) {
  switch (repeat) {
    case PrivateTimeline::Repeat::off:
      return RepeatMode::off;
    case PrivateTimeline::Repeat::one:
      return RepeatMode::one;
    case PrivateTimeline::Repeat::all:
      break;
  }
  return RepeatMode::all;
}

constexpr std::array<std::pair<ControllerCommand, app::GroupAction>, 10> kActions = {{
    {ControllerCommand::next, app::GroupAction::next},
    {ControllerCommand::previous, app::GroupAction::previous},
    {ControllerCommand::play, app::GroupAction::play},
    {ControllerCommand::pause, app::GroupAction::pause},
    {ControllerCommand::stop, app::GroupAction::stop},
    {ControllerCommand::repeat_off, app::GroupAction::repeat_off},
    {ControllerCommand::repeat_one, app::GroupAction::repeat_one},
    {ControllerCommand::repeat_all, app::GroupAction::repeat_all},
    {ControllerCommand::shuffle, app::GroupAction::shuffle},
    {ControllerCommand::unshuffle, app::GroupAction::unshuffle},
}};

std::size_t allowed_actions(app::GroupRights rights) {
  constexpr std::size_t kSkips = 2;
  if (rights == app::GroupRights::volume) return 0;
  return rights == app::GroupRights::skip ? kSkips : kActions.size();
}

Metadata metadata_of(const app::NowPlaying& playing, const std::string& base_url) {
  const auto text = [](const std::string& value) -> Change<std::string> {
    return value.empty() ? std::optional<std::string>() : std::optional(value);
  };
  const auto number = [](int value) -> Change<int> {
    return value == 0 ? std::optional<int>() : std::optional(value);
  };
  Metadata out;
  out.at = playing.at;
  out.title = text(playing.title);
  out.artist = text(playing.artist);
  out.album_artist = text(playing.album_artist);
  out.album = text(playing.album);
  out.artwork_url = text(playing.cover ? base_url + cover_path(*playing.cover) : "");
  out.year = number(playing.year);
  out.track = number(playing.number);
  out.progress = std::optional<Progress>();
  out.repeat = std::optional<RepeatMode>();
  out.shuffle = std::optional<bool>();
  if (playing.has_track) {
    constexpr int kNormalSpeed = 1000, kPaused = 0;
    out.progress = std::optional(
        Progress{playing.position, playing.duration, playing.is_moving ? kNormalSpeed : kPaused});
    out.repeat = std::optional(repeat_of(playing.repeat));
    out.shuffle = std::optional(playing.is_shuffled);
  }
  return out;
}

}  // namespace

WebSocketLimits sendspin_limits() {
  WebSocketLimits limits;
  limits.max_message = kMostMessageBytes;
  limits.is_timed = true;
  // Audio is sent only when what was sent before has been taken, so this is for one turn's and a picture.
  limits.outbox_bytes = 4u << 20;
  return limits;
}

WebSocketMount sendspin_mount(Control& control, Session::Self self, std::vector<std::string> stations) {
  WebSocketMount mount;
  mount.admit = [&control, self = std::move(self),
                 routes = std::make_shared<const std::vector<std::string>>(std::move(stations))](
                    WebSocketRequestPtr request) {
    return admit_client(std::move(request), control, self, routes);
  };
  mount.limits = sendspin_limits();
  mount.checks_origin = false;
  mount.is_audio = true;
  return mount;
}

// What control holds of the connection; carries what it is told to the connection's thread.
class SendspinSocket::Client : public app::GroupClient {
 public:
  explicit Client(WebSocket& socket) : executor_(socket.executor()), socket_(socket.weak_from_this()) {}

  void on_group(const app::GroupView& group) override {
    on_thread([group](SendspinSocket& self) { self.on_group(group); });
  }
  void on_now_playing(const app::NowPlayingPtr& playing) override {
    on_thread([playing](SendspinSocket& self) { self.on_now_playing(*playing); });
  }
  void on_controls(const app::GroupControls& controls) override {
    on_thread([controls](SendspinSocket& self) { self.on_controls(controls); });
  }
  void set_volume(int volume) override { command({volume}); }
  void set_mute(bool is_muted) override { command({is_muted}); }
  void on_artwork(int channel, const ArtworkPtr& artwork, ServerTime at) override {
    on_thread([channel, artwork, at](SendspinSocket& self) { self.on_artwork(channel, artwork, at); });
  }
  void on_replaced() override {
    on_thread([](SendspinSocket& self) {
      self.is_replaced_ = true;
      self.socket_.close(protocol::kClosePolicy, "another connection with this client_id has come");
    });
  }

  app::MemberId id = 0;  // control's

 private:
  void command(ServerCommand command) {
    on_thread([command](SendspinSocket& self) { self.perform(self.session_.on_command(command)); });
  }
  template <class Act>
  void on_thread(Act act) {
    asio::post(executor_, [act = std::move(act), weak = socket_] {
      const auto socket = weak.lock();
      if (socket && socket->handler()) act(static_cast<SendspinSocket&>(*socket->handler()));
    });
  }

  WebSocket::Socket::executor_type executor_;
  std::weak_ptr<WebSocket> socket_;
};

SendspinSocket::SendspinSocket(WebSocket& socket, Session::Self self, Visit visit, SyncFeeds& feeds,
                               Control& control)
    : socket_(socket),
      feeds_(feeds),
      control_(control),
      visit_(std::move(visit)),
      session_(std::move(self)),
      audio_(*this),
      visualization_(*this) {}

SendspinSocket::~SendspinSocket() = default;

// --- from the client

void SendspinSocket::on_text(std::string_view text) { perform(session_.on_text(text, socket_.arrived_at())); }

void SendspinSocket::on_binary(std::span<const std::uint8_t>) { perform(session_.on_binary()); }

std::vector<protocol::FramePtr> SendspinSocket::urgent() {
  std::vector<protocol::FramePtr> out;
  for (const auto& answer : session_.take_answers(control_.clock.now())) {
    out.push_back(protocol::text_frame(answer));
  }
  return out;
}

void SendspinSocket::on_closed(std::uint16_t code) {
  if (visit_.caller) visit_.caller->on_over(session_.goodbye(), is_replaced_, code);
  for (Stream* each : {&audio_, &visualization_}) {
    if (each->feed) feeds_.remove(*each->feed, each->listener);
  }
  if (walker_) walker_->leave();
  if (!client_) return;
  const auto goodbye = session_.goodbye();
  const bool comes_back = !goodbye || *goodbye == GoodbyeReason::restart;
  asio::post(control_.executor,
             [&groups = control_.groups, &clock = control_.clock, client = client_, comes_back] {
               if (comes_back) return groups.disconnect(client->id, clock.now());
               groups.depart(client->id, clock.now());
             });
}

// --- what the session decides

void SendspinSocket::perform(const Session::Actions& actions) {
  for (const auto& action : actions) {
    std::visit(Overloaded{[&](const Session::Say& say) {
                            socket_.send(protocol::text_frame(say.text), FrameKind::control);
                          },
                          [&](const Session::Answer&) { socket_.ask_for_urgent(); },
                          [&](const Session::End& end) {
                            socket_.drop_audio();
                            socket_.close(end.code, end.reason);
                          },
                          [&](const Session::Enter&) { enter(); }, [&](const Session::Note&) { note(); },
                          [&](const Session::Obey& order) { obey(order.control); },
                          [&](const Session::Tune& order) { tune(order); },
                          [&](const Session::Paint& order) { paint(order.channel); },
                          [&](const Session::Walk& said) { tell_walk(said); }},
               action);
  }
}

void SendspinSocket::enter() {
  if (session_.has(Role::walk)) {
    walker_ = std::make_shared<WalkVisitor>(socket_, control_);
    walker_->join({session_.client_id(), session_.name(),
                   session_.is_speaker() || session_.has(Role::player) ? WalkParticipant::Kind::speaker
                                                                       : WalkParticipant::Kind::phone});
  }
  if (session_.only_walks()) return;
  app::NewMember about;
  about.client_id = session_.client_id();
  about.name = session_.name();
  about.is_player = session_.has(Role::player);
  about.takes_volume = session_.commands().contains(PlayerCommand::volume);
  about.takes_mute = session_.commands().contains(PlayerCommand::mute);
  about.is_operator = visit_.is_operator;
  about.route = visit_.route;
  about.wants_solo = visit_.wants_solo;
  for (const auto& role : session_.foreign_roles()) {
    log::info("Sendspin: {} would be a {}, which this version does not know", about.name, role);
  }
  if (visit_.caller) visit_.caller->on_up(about.name);
  client_ = std::make_shared<Client>(socket_);
  asio::post(control_.executor, [&control = control_, client = client_, about = std::move(about)]() mutable {
    client->id = control.groups.connect(std::move(about), client, control.clock.now());
  });
}

void SendspinSocket::note() {
  if (!client_) return;
  const auto& state = session_.state();
  const app::MemberState noted{state.volume, state.muted,
                               state.operational == OperationalState::external_source};
  asio::post(control_.executor, [&control = control_, client = client_, noted] {
    control.groups.update(client->id, noted, control.clock.now());
  });
}

void SendspinSocket::obey(const protocol::sendspin::Control& order) {
  asio::post(control_.executor, [&control = control_, client = client_, order] {
    const ServerTime now = control.clock.now();
    app::GroupService& groups = control.groups;
    switch (order.command) {
      case ControllerCommand::volume:
        return groups.set_volume(client->id, order.volume.value_or(0));
      case ControllerCommand::mute:
        return groups.set_mute(client->id, order.mute.value_or(false));
      case ControllerCommand::switch_group:
        return groups.switch_group(client->id, now);
      default:
        break;
    }
    const auto action = std::ranges::find(kActions, order.command, &decltype(kActions)::value_type::first);
    if (action != kActions.end()) groups.act(client->id, action->second, now);
  });
}

void SendspinSocket::tell_walk(const Session::Walk& walk) {
  if (walker_) std::visit([&](const auto& said) { walker_->say(said); }, walk.said);
}

SendspinSocket::Stream& SendspinSocket::stream(Role role) {
  return role == Role::visualizer ? visualization_ : audio_;
}

void SendspinSocket::tune(const Session::Tune& order) {
  Stream& changed = stream(order.role);
  std::optional<ServerTime> from;
  if (changed.feed) {
    feeds_.remove(*changed.feed, changed.listener, order.continues);
    changed.feed.reset();
    if (order.continues) from = changed.listener.sent_until;
  }
  if (!order.encoding) return;
  changed.listener.capacity = session_.capacity(order.role);
  changed.listener.from = from.value_or(ServerTime{});
  if (!from) changed.listener.carried = 0;
  changed.feed = app::SyncId{group_, *order.encoding};
  feeds_.add(*changed.feed, changed.listener);
}

void SendspinSocket::paint(int channel) {
  const ArtworkChannel& wanted = session_.artwork().at(static_cast<std::size_t>(channel));
  std::optional<ArtworkFormat> format;
  if (wanted.source != ArtworkSource::none) {
    format = ArtworkFormat{kind_of(wanted.format), wanted.width, wanted.height,
                           wanted.source == ArtworkSource::artist ? ArtworkFormat::Subject::artist
                                                                  : ArtworkFormat::Subject::album};
  }
  asio::post(control_.executor, [&control = control_, client = client_, channel, format] {
    control.groups.show(client->id, channel, format, control.clock.now());
  });
}

// What waits here is not to be heard either; it must not come after the word that clears.
void SendspinSocket::on_revoked() {
  socket_.drop_audio();
  perform(session_.on_cleared());
}

// --- from control

void SendspinSocket::on_group(app::GroupView group) {
  if (group.index != group_) socket_.drop_audio();
  group_ = group.index;
  perform(session_.on_group({group.index, std::move(group.id), std::move(group.name), group.is_playing}));
}

void SendspinSocket::on_now_playing(const app::NowPlaying& playing) {
  perform(session_.on_metadata(metadata_of(playing, visit_.base_url)));
}

void SendspinSocket::on_artwork(int channel, const ArtworkPtr& artwork, ServerTime at) {
  if (!session_.is_showing()) return;
  if (artwork) perform(session_.on_picture(channel, artwork->width, artwork->height));
  const auto header = binary_header({Role::artwork, channel}, at);
  const std::span<const std::uint8_t> image =
      artwork ? std::span(artwork->bytes) : std::span<const std::uint8_t>();
  socket_.send(protocol::binary_frame(header, image), FrameKind::state, static_cast<std::uint16_t>(channel));
}

void SendspinSocket::on_controls(const app::GroupControls& controls) {
  ControllerState state;
  state.commands =
      ControllerCommands{ControllerCommand::volume, ControllerCommand::mute, ControllerCommand::switch_group};
  for (std::size_t i = 0; i < allowed_actions(controls.rights); ++i) {
    state.commands->insert(kActions.at(i).first);
  }
  state.volume = controls.volume;
  state.muted = controls.is_muted;
  perform(session_.on_controller(state));
}

}  // namespace tutti::net
