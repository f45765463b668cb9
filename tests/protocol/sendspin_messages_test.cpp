#include "protocol/sendspin_messages.h"

#include "protocol/sendspin_binary.h"

#include <random>

#include <gtest/gtest.h>

namespace tutti::protocol::sendspin {
namespace {

using namespace std::chrono_literals;

// --- what the specification and the published clients say, word for word

ClientMessage client(std::string_view text) {
  auto message = parse_client_message(text);
  EXPECT_TRUE(message) << text << ": " << (message ? "" : message.error().message);
  return message ? std::move(*message) : ClientMessage{};
}

ServerMessage server(std::string_view text) {
  auto message = parse_server_message(text);
  EXPECT_TRUE(message) << text << ": " << (message ? "" : message.error().message);
  return message ? std::move(*message) : ServerMessage{};
}

TEST(SendspinMessages, ReadsTheHelloOfABrowser) {
  const auto hello = std::get<ClientHello>(client(
      R"({"type":"client/hello","payload":{"client_id":"kitchen","name":"Kitchen","version":1,)"
      R"("supported_roles":["player@v1","controller@v1","metadata@v1"],)"
      R"("device_info":{"product_name":"Web Browser","manufacturer":"Unknown","software_version":"Mozilla/5.0"},)"
      R"("player@v1_support":{"supported_formats":[{"codec":"opus","sample_rate":48000,"channels":2,"bit_depth":16},)"
      R"({"codec":"from-tomorrow","sample_rate":48000,"channels":2,"bit_depth":16},)"
      R"({"codec":"pcm","sample_rate":44100,"channels":2,"bit_depth":16}],"buffer_capacity":1572864,)"
      R"("supported_commands":["volume","mute","of-tomorrow"]},"of_tomorrow":[{}]}})"));
  EXPECT_EQ(hello.client_id, "kitchen");
  EXPECT_EQ(hello.supported_roles.size(), 3u);
  EXPECT_EQ(hello.device_info->software_version, "Mozilla/5.0");
  ASSERT_TRUE(hello.player);
  EXPECT_EQ(hello.player->formats,
            (std::vector<AudioFormat>{{AudioCodec::opus, 48000, 2, 16}, {AudioCodec::pcm, 44100, 2, 16}}));
  EXPECT_EQ(hello.player->buffer_capacity, 1572864);
  EXPECT_EQ(hello.player->commands, (PlayerCommands{PlayerCommand::volume, PlayerCommand::mute}));
  EXPECT_FALSE(hello.artwork);
}

TEST(SendspinMessages, ReadsTheStateOfABrowserWhichHasItInPlayer) {
  const auto state = std::get<ClientState>(client(
      R"({"type":"client/state","payload":{"player":{"state":"synchronized","volume":100,"muted":false,)"
      R"("static_delay_ms":200,"supported_commands":["set_static_delay"]}}})"));
  EXPECT_EQ(state.state, OperationalState::synchronized);
  EXPECT_EQ(state.player, (PlayerState{100, false}));
  const auto flat = std::get<ClientState>(client(R"({"type":"client/state","payload":{"state":"error"}})"));
  EXPECT_EQ(flat.state, OperationalState::error);
  EXPECT_FALSE(flat.player);
}

TEST(SendspinMessages, PrintsTheSpecificationsExample) {
  StreamStart start;
  start.player = PlayerStream{{AudioCodec::opus, 48000, 2, 16}, ""};
  start.artwork = {{ArtworkSource::album, ImageFormat::jpeg, 800, 800}};
  EXPECT_EQ(print(ServerMessage(start)),
            R"({"type":"stream/start","payload":{"player":{"codec":"opus","sample_rate":48000,"channels":2,)"
            R"("bit_depth":16},"artwork":{"channels":[{"source":"album","format":"jpeg","width":800,)"
            R"("height":800}]}}})");
}

TEST(SendspinMessages, TellsAbsentFromNull) {
  const auto state = std::get<ServerState>(
      server(R"({"type":"server/state","payload":{"metadata":{"timestamp":5,"title":"A","artist":null}}})"));
  ASSERT_TRUE(state.metadata);
  EXPECT_EQ(state.metadata->title, Change<std::string>(std::optional<std::string>("A")));
  EXPECT_EQ(state.metadata->artist, Change<std::string>(std::optional<std::string>()));
  EXPECT_FALSE(state.metadata->album);
  EXPECT_EQ(print(ServerMessage(state)),
            R"({"type":"server/state","payload":{"metadata":{"timestamp":5,"title":"A","artist":null}}})");
}

TEST(SendspinMessages, PassesOverWhatItDoesNotKnow) {
  EXPECT_EQ(client(R"({"type":"client/of-tomorrow","payload":{"a":1}})"),
            ClientMessage(UnknownMessage{"client/of-tomorrow"}));
  EXPECT_EQ(client(R"({"type":"client/command","payload":{"controller":{"command":"dance"}}})"),
            ClientMessage(ClientCommand{}));
  EXPECT_EQ(server(R"({"type":"server/command","payload":{"player":{"command":"set_static_delay"}}})"),
            ServerMessage(UnknownMessage{"server/command"}));
  EXPECT_EQ(client(R"({"type":"client/init","payload":{"key":"x"}})"), ClientMessage(ClientInit{}));
  EXPECT_EQ(client(R"({"type":"client/goodbye","payload":{"reason":"tired"}})"),
            ClientMessage(ClientGoodbye{GoodbyeReason::restart}));
}

TEST(SendspinMessages, RefusesWhatIsWrongAndSaysWhere) {
  const auto why = [](std::string_view text) {
    const auto message = parse_client_message(text);
    return message ? "accepted" : message.error().message;
  };
  EXPECT_NE(why("").find("JSON"), std::string::npos);
  EXPECT_EQ(why("[]"), "not a JSON object");
  EXPECT_EQ(why("{}"), "a message without a type");
  EXPECT_EQ(why(R"({"type":7})"), "a message without a type");
  EXPECT_EQ(why(R"({"type":"client/time","payload":[]})"), "client/time: its payload is not an object");
  EXPECT_EQ(why(R"({"type":"client/time"})"), "client/time: client_transmitted is not there");
  EXPECT_EQ(why(R"({"type":"client/state","payload":{"state":"asleep"}})"),
            "client/state: state is not a word that is known here");
  EXPECT_EQ(why(R"({"type":"client/state","payload":{"player":{"volume":101}}})"),
            "client/state: volume is not a whole number from 0 to 100");
  EXPECT_EQ(why(R"({"type":"client/state","payload":{"player":{"muted":1}}})"),
            "client/state: muted is not true or false");
  EXPECT_EQ(why(R"({"type":"client/command","payload":{"controller":{"command":"volume"}}})"),
            "client/command: volume is not there");
  EXPECT_EQ(
      why(R"({"type":"client/hello","payload":{"client_id":"","name":"x","version":1,"supported_roles":[]}})"),
      "client/hello: client_id is not a text of at least one character");
  EXPECT_EQ(why(R"({"type":"client/hello","payload":{"client_id":"a","name":"x","version":1,)"
                R"("supported_roles":["player@v1"]}})"),
            "client/hello: player@v1_support is not there");
  EXPECT_EQ(why(R"({"type":"stream/request-format","payload":{"artwork":{"channel":4}}})"),
            "stream/request-format: channel is not a whole number from 0 to 3");
  EXPECT_NE(why(R"({"type":")" + std::string(kMostMessageBytes, 'x') + R"("})").find("longer than"),
            std::string::npos);
  EXPECT_NE(why(R"({"type":"a","payload":)" + std::string(100, '[')).find("JSON"), std::string::npos);
}

TEST(SendspinMessages, CutsLongTextsWhereACharacterEnds) {
  std::string name;
  while (name.size() < kMostTextBytes + 9) name += "é";
  const auto hello = std::get<ClientHello>(client(
      R"({"type":"client/hello","payload":{"client_id":"ax","version":1,"supported_roles":[],"name":"x)" +
      name + R"("}})"));
  EXPECT_EQ(hello.name, "x" + name.substr(0, kMostTextBytes - 2));
}

// --- laws: what is printed is read as what it was

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int up_to(int most) { return std::uniform_int_distribution(0, most)(random_); }
  std::int64_t wide() {
    return std::uniform_int_distribution<std::int64_t>(-(1LL << 60), 1LL << 60)(random_);
  }
  bool flip() { return up_to(1) == 1; }
  std::string text(int least = 0) {
    static constexpr std::string_view kLetters[] = {"a", "Z", "0", "\"", "\\", "/", " ", "é", "音", "😀", "{"};
    std::string out;
    for (int i = 0, n = least + up_to(12); i < n; ++i) out += kLetters[static_cast<std::size_t>(up_to(10))];
    return out;
  }
  template <class Enum>
  Enum word(Enum last) {
    return static_cast<Enum>(up_to(static_cast<int>(last)));
  }
  template <class Make>
  auto maybe(Make make) -> std::optional<decltype(make())> {
    if (flip()) return std::nullopt;
    return make();
  }
  template <class Make>
  auto change(Make make) -> Change<decltype(make())> {
    if (flip()) return std::nullopt;
    return std::optional<decltype(make())>(maybe(make));
  }

  AudioFormat format() { return {word(AudioCodec::opus), 1 + up_to(767'999), 1 + up_to(63), 1 + up_to(63)}; }
  ArtworkChannel channel() {
    return {word(ArtworkSource::none), word(ImageFormat::bmp), up_to(65'535), up_to(65'535)};
  }
  std::vector<ArtworkChannel> channels() {
    std::vector<ArtworkChannel> out;
    for (int i = up_to(3); i >= 0; --i) out.push_back(channel());
    return out;
  }
  template <class Enum>
  Flags<Enum> flags(Enum last) {
    Flags<Enum> out;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (flip()) out.insert(static_cast<Enum>(i));
    }
    return out;
  }

  ClientMessage client_message() {
    switch (up_to(6)) {
      case 0: {
        ClientHello hello{text(1), text(), std::nullopt, up_to(9), {"_own@v1"}, {}, {}, {}};
        hello.device_info = maybe([&] {
          return DeviceInfo{maybe([&] { return text(); }), text(), std::nullopt};
        });
        hello.player = maybe([&] {
          PlayerSupport support{{}, up_to(1 << 30), flags(PlayerCommand::mute)};
          for (int i = up_to(9); i > 0; --i) support.formats.push_back(format());
          return support;
        });
        hello.artwork = maybe([&] { return channels(); });
        hello.visualizer = maybe([&] { return VisualizerSupport{up_to(1 << 30)}; });
        if (hello.player) hello.supported_roles.emplace_back("player@v1");
        if (hello.artwork) hello.supported_roles.emplace_back("artwork@v1");
        if (hello.visualizer) hello.supported_roles.emplace_back("visualizer@v1");
        return hello;
      }
      case 1:
        return TimeRequest{Duration(wide())};
      case 2:
        return ClientState{
            maybe([&] { return word(OperationalState::external_source); }), maybe([&] {
              return PlayerState{maybe([&] { return up_to(100); }), maybe([&] { return flip(); })};
            })};
      case 3: {
        Control control{word(ControllerCommand::switch_group), {}, {}};
        if (control.command == ControllerCommand::volume) control.volume = up_to(100);
        if (control.command == ControllerCommand::mute) control.mute = flip();
        return ClientCommand{control};
      }
      case 4:
        return FormatRequest{
            maybe([&] {
              return PlayerFormatRequest{maybe([&] { return word(AudioCodec::opus); }), 1 + up_to(767'999),
                                         maybe([&] { return 1 + up_to(63); }),
                                         maybe([&] { return 1 + up_to(63); })};
            }),
            maybe([&] {
              return ArtworkRequest{up_to(3), maybe([&] { return word(ArtworkSource::none); }),
                                    maybe([&] { return word(ImageFormat::bmp); }),
                                    maybe([&] { return up_to(65'535); }),
                                    maybe([&] { return up_to(65'535); })};
            })};
      case 5:
        return ClientGoodbye{word(GoodbyeReason::user_request)};
      default:
        return ClientInit{};
    }
  }

  ServerMessage server_message() {
    const auto some_text = [&] { return text(); };
    const auto number = [&] { return up_to(1 << 30) - (1 << 29); };
    switch (up_to(7)) {
      case 0:
        return ServerHello{text(), text(), up_to(9), {"player@v1", text()}, word(ConnectionReason::playback)};
      case 1:
        return TimeAnswer{Duration(wide()), {Duration(wide())}, {Duration(wide())}};
      case 2: {
        ServerState state;
        state.metadata = maybe([&] {
          return Metadata{{Duration(wide())},
                          change(some_text),
                          change(some_text),
                          change(some_text),
                          change(some_text),
                          change(some_text),
                          change(number),
                          change(number),
                          change([&] {
                            return Progress{std::chrono::milliseconds(up_to(1 << 30)),
                                            std::chrono::milliseconds(up_to(1 << 30)), up_to(2000)};
                          }),
                          change([&] { return word(RepeatMode::all); }),
                          change([&] { return flip(); })};
        });
        state.controller = maybe([&] {
          return ControllerState{maybe([&] { return flags(ControllerCommand::switch_group); }),
                                 maybe([&] { return up_to(100); }), maybe([&] { return flip(); })};
        });
        return state;
      }
      case 3:
        if (flip()) return ServerCommand{up_to(100)};
        return ServerCommand{flip()};
      case 4: {
        StreamStart start;
        start.player = maybe([&] { return PlayerStream{format(), text()}; });
        start.artwork = maybe([&] { return channels(); });
        start.visualizer = maybe([&] {
          return VisualizerStream{text(),        up_to(99),  up_to(99), up_to(99),
                                  up_to(20'000), -up_to(99), 4096,      48'000};
        });
        return start;
      }
      case 5:
        return StreamClear{maybe([&] { return flags(Role::visualizer); })};
      case 6:
        return StreamEnd{maybe([&] { return flags(Role::visualizer); })};
      default:
        return GroupUpdate{change([&] { return word(PlaybackState::stopped); }), change(some_text),
                           change(some_text)};
    }
  }

 private:
  std::mt19937_64 random_;
};

TEST(SendspinMessages, WhatAClientSaysIsReadAsItWasMeant) {
  Dice dice(1);
  for (int i = 0; i < 3000; ++i) {
    const ClientMessage message = dice.client_message();
    const std::string text = print(message);
    const auto again = parse_client_message(text);
    ASSERT_TRUE(again) << text << ": " << again.error().message;
    ASSERT_EQ(*again, message) << text;
  }
}

TEST(SendspinMessages, WhatTheServerSaysIsReadAsItWasMeant) {
  Dice dice(2);
  for (int i = 0; i < 3000; ++i) {
    const ServerMessage message = dice.server_message();
    const std::string text = print(message);
    const auto again = parse_server_message(text);
    ASSERT_TRUE(again) << text << ": " << again.error().message;
    ASSERT_EQ(*again, message) << text;
  }
}

TEST(SendspinMessages, BinaryHeadersKeepKindAndTime) {
  Dice dice(3);
  for (int i = 0; i < 1000; ++i) {
    static constexpr BinaryKind kKinds[] = {
        {Role::player, 0}, {Role::artwork, 0}, {Role::artwork, 3}, {Role::visualizer, 0}};
    const BinaryKind kind = kKinds[dice.up_to(3)];
    const ServerTime at{Duration(dice.wide())};
    const auto header = binary_header(kind, at);
    std::vector<std::uint8_t> bytes(header.begin(), header.end());
    bytes.resize(bytes.size() + static_cast<std::size_t>(dice.up_to(3)));
    const auto message = parse_binary(bytes);
    ASSERT_TRUE(message);
    ASSERT_EQ(message->kind, kind);
    ASSERT_EQ(message->at, at);
    ASSERT_EQ(message->content.size(), bytes.size() - kBinaryHeaderBytes);
  }
}

TEST(SendspinMessages, BinaryHeadersAreTheSpecifications) {
  const auto header = binary_header({Role::artwork, 2}, {Duration(0x0102030405060708)});
  EXPECT_EQ(header, (std::array<std::uint8_t, 9>{10, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(binary_header({Role::player, 0}, {})[0], 4);
  EXPECT_EQ(binary_header({Role::visualizer, 0}, {})[0], 16);
  EXPECT_FALSE(parse_binary(std::vector<std::uint8_t>(8)));
  EXPECT_FALSE(parse_binary(std::vector<std::uint8_t>(9, 200))->kind);
}

}  // namespace
}  // namespace tutti::protocol::sendspin
