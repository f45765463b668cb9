#include "player/sendspin_client.h"

#include "protocol/sendspin_binary.h"
#include "tests/player/client_talk.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

namespace wire = protocol::sendspin;

constexpr Duration kOffset{1'000'000'000};

ClientTime at(std::int64_t ms) { return {std::chrono::milliseconds(ms)}; }

// A server of the other side's messages, in virtual time, some milliseconds away.
class SendspinClientTest : public testing::Test {
 protected:
  SendspinClientTest() { client_.begin(); }

  std::optional<wire::ClientMessage> said() { return said_by(client_, now_); }
  template <class T>
  std::optional<T> said_as() {
    return as<T>(said());
  }
  Result<ClientEvent> tell(const wire::ServerMessage& message) {
    return client_.on_text(print(message), now_);
  }
  void greet() {
    ASSERT_TRUE(said_as<wire::ClientHello>());
    wire::ServerHello hello;
    hello.server_id = "s";
    hello.name = "Server";
    hello.active_roles = {"player@v1", "controller@v1", "metadata@v1"};
    ASSERT_TRUE(tell(hello));
    ASSERT_TRUE(said_as<wire::ClientState>());
  }
  // Asks, and is answered after a millisecond each way. False: it does not ask now.
  bool exchange(Duration offset = kOffset) {
    const auto question = said_as<wire::TimeRequest>();
    if (!question) return false;
    EXPECT_EQ(question->client_transmitted, now_.since_start);
    now_ = now_ + std::chrono::milliseconds(1);
    const ServerTime there{now_.since_start + offset};
    now_ = now_ + std::chrono::milliseconds(1);
    event_ = *tell(wire::TimeAnswer{question->client_transmitted, there, there});
    return true;
  }
  // Until so many exchanges are done; returns how long it took.
  Duration exchange_times(int count, Duration offset = kOffset) {
    const ClientTime begin = now_;
    for (int done = 0; done < count;) {
      if (exchange(offset)) {
        ++done;
      } else {
        now_ = std::max(now_ + Duration(1), client_.speaks_at(now_));
      }
    }
    return now_ - begin;
  }
  void start() { ASSERT_TRUE(tell(wire::StreamStart{wire::PlayerStream{{}, ""}, {}, {}})); }
  std::vector<std::uint8_t> chunk(wire::Role role = wire::Role::player) {
    const auto header = wire::binary_header({role, 0}, ServerTime{Duration(77)});
    std::vector<std::uint8_t> message(header.begin(), header.end());
    message.push_back(42);
    return message;
  }

  ClientTime now_ = at(5'000);
  SendspinClient client_{{"id", "Name", "1", {{wire::AudioCodec::flac, 48'000, 2, 16}}, 100'000, 70}};
  ClientEvent event_;
};

TEST_F(SendspinClientTest, BeginsWithWhoItIsAndSaysNothingElseUntilItIsAnswered) {
  const auto hello = said_as<wire::ClientHello>();
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->client_id, "id");
  EXPECT_EQ(hello->supported_roles, (std::vector<std::string>{"player@v1", "controller@v1", "metadata@v1"}));
  ASSERT_TRUE(hello->player);
  EXPECT_EQ(hello->player->buffer_capacity, 100'000);
  client_.set_volume(20);
  EXPECT_FALSE(said());
  now_ = now_ + std::chrono::hours(1);
  EXPECT_FALSE(said());
}

TEST_F(SendspinClientTest, TellsItsWholeStateFirstAndThenWhatIsDifferent) {
  ASSERT_TRUE(said_as<wire::ClientHello>());
  wire::ServerHello hello;
  hello.active_roles = {"player@v1"};
  ASSERT_TRUE(tell(hello));
  const auto all = said_as<wire::ClientState>();
  EXPECT_EQ(all, (wire::ClientState{wire::OperationalState::synchronized, wire::PlayerState{70, false}}));
  client_.set_muted(true);
  EXPECT_EQ(said_as<wire::ClientState>(), (wire::ClientState{{}, wire::PlayerState{70, true}}));
  client_.set_operational(false);
  EXPECT_EQ(said_as<wire::ClientState>(), (wire::ClientState{wire::OperationalState::error, {}}));
  client_.set_operational(false);
  EXPECT_FALSE(said_as<wire::ClientState>());
}

TEST_F(SendspinClientTest, DoesWhatItIsToldAndSaysSo) {
  greet();
  ASSERT_TRUE(tell(wire::ServerCommand{{30}}));
  EXPECT_EQ(client_.volume(), 30);
  EXPECT_EQ(said_as<wire::ClientState>(), (wire::ClientState{{}, wire::PlayerState{30, false}}));
  ASSERT_TRUE(tell(wire::ServerCommand{{true}}));
  EXPECT_TRUE(client_.is_muted());
  EXPECT_EQ(said_as<wire::ClientState>(), (wire::ClientState{{}, wire::PlayerState{30, true}}));
}

TEST_F(SendspinClientTest, KnowsTheTimeWithinASecondAndThenAsksNowAndThen) {
  greet();
  EXPECT_LT(exchange_times(4), std::chrono::seconds(1));
  EXPECT_TRUE(client_.is_clock_sure());
  EXPECT_NEAR(
      static_cast<double>((client_.clock().to_server(now_).since_start - now_.since_start - kOffset).count()),
      0, 10);
  exchange_times(100);
  EXPECT_GT(exchange_times(10), std::chrono::seconds(5));
}

TEST_F(SendspinClientTest, AQuestionWithoutAnAnswerIsAskedAgainAndALateAnswerIsNone) {
  greet();
  const auto question = said_as<wire::TimeRequest>();
  ASSERT_TRUE(question);
  EXPECT_FALSE(said());
  now_ = client_.speaks_at(now_);
  const auto again = said_as<wire::TimeRequest>();
  ASSERT_TRUE(again);
  EXPECT_NE(again->client_transmitted, question->client_transmitted);
  ASSERT_TRUE(tell(wire::TimeAnswer{question->client_transmitted, ServerTime{}, ServerTime{}}));
  EXPECT_FALSE(said()) << "it still waits for the second answer";
}

TEST_F(SendspinClientTest, SoundIsHandedOnWhileThereIsAStream) {
  greet();
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*client_.on_binary(chunk())));
  start();
  const auto message = chunk();
  const auto event = client_.on_binary(message);
  ASSERT_TRUE(event && std::holds_alternative<Sound>(*event));
  EXPECT_EQ(std::get<Sound>(*event).at, ServerTime{Duration(77)});
  EXPECT_EQ(std::get<Sound>(*event).content[0], 42);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*client_.on_binary(chunk(wire::Role::artwork))));
  EXPECT_TRUE(std::holds_alternative<SoundCleared>(*tell(wire::StreamClear{})));
  EXPECT_TRUE(
      std::holds_alternative<std::monostate>(*tell(wire::StreamClear{wire::Roles{wire::Role::visualizer}})));
  EXPECT_TRUE(std::holds_alternative<Sound>(*client_.on_binary(chunk()))) << "a clear is no end";
  EXPECT_TRUE(
      std::holds_alternative<std::monostate>(*tell(wire::StreamEnd{wire::Roles{wire::Role::artwork}})));
  EXPECT_TRUE(std::holds_alternative<SoundEnds>(*tell(wire::StreamEnd{})));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*client_.on_binary(chunk())));
  EXPECT_FALSE(client_.on_binary(std::span(message).first(5)));
}

TEST_F(SendspinClientTest, AfterALossTheSameClockIsKept) {
  greet();
  exchange_times(30);
  client_.begin();
  now_ = now_ + std::chrono::seconds(3);
  greet();
  EXPECT_FALSE(client_.is_clock_sure());
  ASSERT_TRUE(exchange());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(event_));
  EXPECT_TRUE(client_.is_clock_sure());
}

TEST_F(SendspinClientTest, AfterARestartOfTheServerItsClockIsAnother) {
  greet();
  exchange_times(30);
  client_.begin();
  now_ = now_ + std::chrono::seconds(3);
  greet();
  ASSERT_TRUE(exchange(Duration(5'000)));
  EXPECT_TRUE(std::holds_alternative<ClockChanged>(event_));
  EXPECT_FALSE(client_.is_clock_sure());
  exchange_times(4, Duration(5'000));
  EXPECT_TRUE(client_.is_clock_sure());
  EXPECT_NEAR(static_cast<double>((client_.clock().to_server(now_).since_start - now_.since_start).count()),
              5'000, 10);
}

TEST_F(SendspinClientTest, AsksOnlyForWhatIsAllowed) {
  greet();
  EXPECT_FALSE(client_.command(wire::ControllerCommand::pause));
  wire::ServerState state;
  state.controller =
      wire::ControllerState{wire::ControllerCommands{wire::ControllerCommand::pause}, 100, false};
  ASSERT_TRUE(tell(state));
  EXPECT_TRUE(client_.command(wire::ControllerCommand::pause));
  EXPECT_FALSE(client_.command(wire::ControllerCommand::next));
  const auto command = said_as<wire::ClientCommand>();
  ASSERT_TRUE(command && command->controller);
  EXPECT_EQ(command->controller->command, wire::ControllerCommand::pause);
}

TEST_F(SendspinClientTest, GoodbyeIsTheLastWord) {
  greet();
  client_.leave(wire::GoodbyeReason::user_request);
  EXPECT_FALSE(client_.has_left());
  EXPECT_EQ(said_as<wire::ClientGoodbye>(), (wire::ClientGoodbye{wire::GoodbyeReason::user_request}));
  EXPECT_TRUE(client_.has_left());
  client_.set_volume(3);
  EXPECT_FALSE(said());
}

TEST_F(SendspinClientTest, ServersThatCannotBeTalkedToAreNamed) {
  ASSERT_TRUE(said_as<wire::ClientHello>());
  EXPECT_FALSE(tell(wire::StreamEnd{})) << "before its hello";
  EXPECT_FALSE(client_.on_text("{", now_));
  wire::ServerHello hello;
  hello.active_roles = {"controller@v1"};
  EXPECT_FALSE(tell(hello)) << "it takes no players";
  hello.active_roles = {"player@v1"};
  EXPECT_TRUE(tell(hello));
  EXPECT_FALSE(tell(hello)) << "twice";
}

TEST(NowPlaying, PositionsGoOnAndStayWithinTheTrack) {
  using std::chrono::milliseconds;
  NowPlaying now;
  EXPECT_FALSE(now.position(ServerTime{}));
  wire::ServerState state;
  state.metadata.emplace();
  state.metadata->at = ServerTime{std::chrono::seconds(10)};
  state.metadata->title.emplace("Song");
  state.metadata->progress.emplace(wire::Progress{milliseconds(4'000), milliseconds(6'000), 1000});
  apply(now, state);
  EXPECT_EQ(now.position(ServerTime{std::chrono::seconds(11)}), milliseconds(5'000));
  EXPECT_EQ(now.position(ServerTime{std::chrono::seconds(60)}), milliseconds(6'000));
  EXPECT_EQ(now.position(ServerTime{}), milliseconds(0));
  state.metadata->title.reset();
  state.metadata->artist.emplace("Somebody");
  state.metadata->progress.emplace(wire::Progress{milliseconds(4'000), milliseconds(0), 0});
  apply(now, state);
  EXPECT_EQ(now.title, "Song") << "what is not said stays";
  EXPECT_EQ(now.artist, "Somebody");
  EXPECT_EQ(now.position(ServerTime{std::chrono::seconds(60)}), milliseconds(4'000));
  state.metadata->title.emplace(std::nullopt);
  apply(now, state);
  EXPECT_EQ(now.title, "");
}

}  // namespace
}  // namespace tutti::player
