#include "protocol/sendspin_session.h"

#include "protocol/websocket_frame.h"

#include <gtest/gtest.h>

namespace tutti::protocol::sendspin {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHello =
    R"({"type":"client/hello","payload":{"client_id":"kitchen","name":"Kitchen","version":1,)"
    R"("supported_roles":["player@v2","player@v1","controller@v1","metadata@v1","_own@v1"],)"
    R"("player@v1_support":{"supported_formats":[{"codec":"opus","sample_rate":44100,"channels":2,"bit_depth":16},)"
    R"({"codec":"flac","sample_rate":48000,"channels":2,"bit_depth":24},)"
    R"({"codec":"pcm","sample_rate":48000,"channels":2,"bit_depth":16}],)"
    R"("buffer_capacity":100000,"supported_commands":["volume"]}}})";
constexpr std::string_view kState =
    R"({"type":"client/state","payload":{"state":"synchronized","player":{"volume":50,"muted":false}}})";
const Session::Group kMain{0, "/", "main", true}, kHumor{1, "/humor", "humor", true};
constexpr ServerTime kNow{10s};

std::vector<ServerMessage> said(const Session::Actions& actions) {
  std::vector<ServerMessage> out;
  for (const auto& action : actions) {
    if (const auto* say = std::get_if<Session::Say>(&action)) {
      const auto message = parse_server_message(say->text);
      EXPECT_TRUE(message) << say->text;
      if (message) out.push_back(*message);
    }
  }
  return out;
}

template <class T>
std::vector<T> only(const Session::Actions& actions) {
  std::vector<T> out;
  for (const auto& action : actions) {
    if (const auto* found = std::get_if<T>(&action)) out.push_back(*found);
  }
  return out;
}

template <class T>
std::optional<T> heard(const Session::Actions& actions) {
  for (const auto& message : said(actions)) {
    if (const auto* found = std::get_if<T>(&message)) return *found;
  }
  return std::nullopt;
}

class SendspinSession : public testing::Test {
 protected:
  void live(const Session::Group& group = kMain) {
    session.on_text(kHello, kNow);
    session.on_group(group);
    session.on_text(kState, kNow);
  }
  Session session{{"server-1", "Tutti"}};
};

TEST_F(SendspinSession, AnswersAHelloWithTheFirstKnownVersionOfEachRole) {
  const auto actions = session.on_text(kHello, kNow);
  const auto hello = heard<ServerHello>(actions);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->server_id, "server-1");
  EXPECT_EQ(hello->active_roles, (std::vector<std::string>{"player@v1", "controller@v1", "metadata@v1"}));
  EXPECT_EQ(only<Session::Enter>(actions).size(), 1u);
  EXPECT_EQ(session.foreign_roles(), std::vector<std::string>{"player@v2"});
}

constexpr std::string_view kWalker =
    R"({"type":"client/hello","payload":{"client_id":"p","name":"Pixel","version":1,"supported_roles":["_walk@v1"]}})";

TEST_F(SendspinSession, WithoutAWalkNobodyTakesPartInOne) {
  const auto hello = heard<ServerHello>(session.on_text(kWalker, kNow));
  ASSERT_TRUE(hello);
  EXPECT_TRUE(hello->active_roles.empty());
  const auto actions =
      session.on_text(R"({"type":"client/state","payload":{"_walk":{"unlocked":true}}})", kNow);
  EXPECT_TRUE(only<Session::Walk>(actions).empty());
}

TEST_F(SendspinSession, WhoOnlyWalksIsHeardAndSentNoAudio) {
  Session walker({"server-1", "Tutti", ConnectionReason::playback, true});
  const auto hello = heard<ServerHello>(walker.on_text(kWalker, kNow));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->active_roles, std::vector<std::string>{"_walk@v1"});
  EXPECT_TRUE(walker.only_walks());
  const auto told = only<Session::Walk>(
      walker.on_text(R"({"type":"client/state","payload":{"_walk":{"unlocked":true}}})", kNow));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(std::get<WalkReport>(told[0].said).is_unlocked, true);
  const auto acked = only<Session::Walk>(walker.on_text(
      R"({"type":"client/command","payload":{"_walk":{"command":"seen","message":3}}})", kNow));
  ASSERT_EQ(acked.size(), 1u);
  EXPECT_EQ(std::get<WalkSaid>(acked[0].said), WalkSaid(WalkSeen{3}));
  EXPECT_TRUE(only<Session::Tune>(walker.on_group(kMain)).empty());
}

TEST_F(SendspinSession, SendsNoAudioBeforeTheFirstState) {
  session.on_text(kHello, kNow);
  EXPECT_TRUE(only<Session::Tune>(session.on_group(kMain)).empty());
  const auto actions = session.on_text(kState, kNow);
  const auto start = heard<StreamStart>(actions);
  ASSERT_TRUE(start && start->player);
  // Opus at 44.1 kHz cannot be made, so it is the client's second choice.
  EXPECT_EQ(start->player->format, (AudioFormat{AudioCodec::flac, 48000, 2, 24}));
  EXPECT_EQ(start->player->codec_header.substr(0, 4), "fLaC");
  const auto tunes = only<Session::Tune>(actions);
  ASSERT_EQ(tunes.size(), 1u);
  EXPECT_EQ(tunes[0].encoding, player_encoding(Encoding::Codec::flac, 48000, 2, 24).value());
}

TEST_F(SendspinSession, StampsTheTimeAtTheReadAndAtTheWrite) {
  session.on_text(kHello, kNow);
  const auto actions = session.on_text(R"({"type":"client/time","payload":{"client_transmitted":77}})", kNow);
  EXPECT_EQ(only<Session::Answer>(actions).size(), 1u);
  const auto answers = session.take_answers(kNow + 5ms);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(std::get<TimeAnswer>(*parse_server_message(answers[0])), (TimeAnswer{77us, kNow, kNow + 5ms}));
  EXPECT_TRUE(session.take_answers(kNow).empty());
}

TEST_F(SendspinSession, KeepsABoundedNumberOfQuestionsForTheTime) {
  session.on_text(kHello, kNow);
  for (int i = 0; i < 1000; ++i) {
    session.on_text(R"({"type":"client/time","payload":{"client_transmitted":1}})", kNow);
  }
  EXPECT_EQ(session.take_answers(kNow).size(), 16u);
}

TEST_F(SendspinSession, ChangesTheFormatWithoutEndingTheStream) {
  live();
  const auto actions = session.on_text(
      R"({"type":"stream/request-format","payload":{"player":{"codec":"pcm","bit_depth":16}}})", kNow);
  const auto tunes = only<Session::Tune>(actions);
  ASSERT_EQ(tunes.size(), 1u);
  EXPECT_TRUE(tunes[0].continues);
  EXPECT_EQ(tunes[0].encoding, player_encoding(Encoding::Codec::pcm, 48000, 2, 16).value());
  EXPECT_EQ(heard<StreamStart>(actions)->player->format, (AudioFormat{AudioCodec::pcm, 48000, 2, 16}));
  EXPECT_FALSE(heard<StreamEnd>(actions));
}

TEST_F(SendspinSession, AnswersAFormatThatCannotBeMadeWithTheOneThatIs) {
  live();
  const auto actions =
      session.on_text(R"({"type":"stream/request-format","payload":{"player":{"sample_rate":7}}})", kNow);
  EXPECT_TRUE(only<Session::Tune>(actions).empty());
  EXPECT_EQ(heard<StreamStart>(actions)->player->format, (AudioFormat{AudioCodec::flac, 48000, 2, 24}));
}

TEST_F(SendspinSession, AnotherGroupClearsAndPlaysOn) {
  live();
  const auto actions = session.on_group(kHumor);
  EXPECT_TRUE(heard<StreamClear>(actions));
  EXPECT_FALSE(heard<StreamEnd>(actions));
  ASSERT_EQ(only<Session::Tune>(actions).size(), 1u);
  EXPECT_FALSE(only<Session::Tune>(actions)[0].continues);
  const auto update = heard<GroupUpdate>(actions);
  ASSERT_TRUE(update);
  EXPECT_FALSE(update->playback_state) << "it has not changed";
  EXPECT_EQ(**update->group_id, "/humor");
}

TEST_F(SendspinSession, ASeekClearsAndSaysNothingOfTheGroup) {
  live();
  Session::Group later = kMain;
  later.index = kMain.index + 100;
  const auto actions = session.on_group(later);
  EXPECT_TRUE(heard<StreamClear>(actions));
  EXPECT_EQ(only<Session::Tune>(actions).size(), 1u);
  EXPECT_FALSE(heard<GroupUpdate>(actions));
}

TEST_F(SendspinSession, AGroupThatStopsEndsTheStreams) {
  live();
  Session::Group silent = kMain;
  silent.is_playing = false;
  const auto actions = session.on_group(silent);
  EXPECT_TRUE(heard<StreamEnd>(actions));
  ASSERT_EQ(only<Session::Tune>(actions).size(), 1u);
  EXPECT_FALSE(only<Session::Tune>(actions)[0].encoding);
  EXPECT_EQ(**heard<GroupUpdate>(actions)->playback_state, PlaybackState::stopped);
  EXPECT_TRUE(heard<StreamStart>(session.on_group(kMain)));
}

TEST_F(SendspinSession, AnExternalSourceEndsTheStreamsAndIsNoted) {
  live();
  const auto actions =
      session.on_text(R"({"type":"client/state","payload":{"state":"external_source"}})", kNow);
  EXPECT_TRUE(heard<StreamEnd>(actions));
  EXPECT_EQ(only<Session::Note>(actions).size(), 1u);
  EXPECT_EQ(session.state().operational, OperationalState::external_source);
  EXPECT_EQ(session.state().volume, 50) << "what is not said stays";
}

TEST_F(SendspinSession, SaysOfAStateOnlyWhatHasChanged) {
  live();
  Metadata metadata;
  metadata.at = kNow;
  metadata.title = std::optional<std::string>("A");
  metadata.artist = std::optional<std::string>();
  metadata.progress = std::optional(Progress{0ms, 1000ms, 1000});
  const auto first = heard<ServerState>(session.on_metadata(metadata));
  EXPECT_EQ(first->metadata->title, metadata.title);
  EXPECT_FALSE(first->metadata->artist) << "a new client knows of none";
  metadata.title = std::optional<std::string>();
  const auto second = heard<ServerState>(session.on_metadata(metadata));
  EXPECT_EQ(second->metadata->title, Change<std::string>(std::optional<std::string>())) << "cleared by null";
  EXPECT_EQ(second->metadata->progress, metadata.progress);

  ControllerState controls{ControllerCommands{ControllerCommand::volume}, 40, false};
  EXPECT_EQ(heard<ServerState>(session.on_controller(controls))->controller, controls);
  EXPECT_TRUE(session.on_controller(controls).empty());
  controls.volume = 41;
  EXPECT_EQ(heard<ServerState>(session.on_controller(controls))->controller, (ControllerState{{}, 41, {}}));
}

TEST_F(SendspinSession, ObeysOnlyWhatIsOffered) {
  live();
  const std::string_view volume =
      R"({"type":"client/command","payload":{"controller":{"command":"volume","volume":7}}})";
  EXPECT_TRUE(session.on_text(volume, kNow).empty());
  session.on_controller({ControllerCommands{ControllerCommand::volume}, 40, false});
  const auto orders = only<Session::Obey>(session.on_text(volume, kNow));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].control.volume, 7);
  EXPECT_TRUE(
      session.on_text(R"({"type":"client/command","payload":{"controller":{"command":"next"}}})", kNow)
          .empty());
}

TEST_F(SendspinSession, ObeysNoMoreThanAGroupCanBear) {
  live();
  session.on_controller({ControllerCommands{ControllerCommand::volume}, 40, false});
  std::size_t orders = 0;
  const auto flood = [&](ServerTime from, int count, Duration apart) {
    orders = 0;
    for (int i = 0; i < count; ++i) {
      orders +=
          only<Session::Obey>(
              session.on_text(
                  R"({"type":"client/command","payload":{"controller":{"command":"volume","volume":7}}})",
                  from + i * apart))
              .size();
    }
  };
  flood(kNow, 180, 16ms);
  EXPECT_EQ(orders, 180u) << "who moves a slider is heard";
  flood(kNow + 60s, 6000, 10ms);
  EXPECT_LE(orders, 60u * 20u + 201u);
  EXPECT_GE(orders, 60u * 20u);
}

TEST_F(SendspinSession, CommandsAPlayerOnlyWhatItTakes) {
  live();
  EXPECT_TRUE(heard<ServerCommand>(session.on_command({30})));
  EXPECT_TRUE(session.on_command({true}).empty()) << "it takes no mute";
}

TEST_F(SendspinSession, ClosesWhatCannotBeSpokenWith) {
  const auto end_of = [](std::string_view text) {
    Session fresh({"id", "Tutti"});
    const auto ends = only<Session::End>(fresh.on_text(text, kNow));
    return ends.empty() ? Session::End{0, ""} : ends[0];
  };
  EXPECT_EQ(end_of(R"({"type":"client/init","payload":{}})").code, kCloseProtocolError);
  EXPECT_NE(end_of(R"({"type":"client/init","payload":{}})").reason.find("encrypted"), std::string::npos);
  EXPECT_EQ(end_of(kState).reason, "the first message has to be client/hello");
  EXPECT_EQ(end_of("noise").code, kClosePolicy);
  EXPECT_NE(
      end_of(
          R"({"type":"client/hello","payload":{"client_id":"a","name":"","version":2,"supported_roles":[]}})")
          .reason.find("version 1"),
      std::string::npos);
  session.on_text(kHello, kNow);
  EXPECT_EQ(only<Session::End>(session.on_text(kHello, kNow)).size(), 1u);
  EXPECT_TRUE(session.on_text(kState, kNow).empty()) << "it is over";
}

TEST_F(SendspinSession, PassesOverSomeNonsenseButNotForEver) {
  live();
  int passed = 0;
  while (only<Session::End>(session.on_text("noise", kNow)).empty()) ++passed;
  EXPECT_EQ(passed, 20);
}

TEST_F(SendspinSession, SaysGoodbyeByClosing) {
  live();
  const auto ends = only<Session::End>(
      session.on_text(R"({"type":"client/goodbye","payload":{"reason":"shutdown"}})", kNow));
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].code, kCloseNormal);
}

TEST_F(SendspinSession, DescribesPicturesBeforeTheyAreSent) {
  session.on_text(
      R"({"type":"client/hello","payload":{"client_id":"a","name":"","version":1,"supported_roles":["artwork@v1"],)"
      R"("artwork@v1_support":{"channels":[{"source":"album","format":"jpeg","media_width":300,"media_height":200}]}}})",
      kNow);
  session.on_group(kMain);
  const auto actions = session.on_text(R"({"type":"client/state","payload":{"state":"synchronized"}})", kNow);
  EXPECT_EQ(only<Session::Paint>(actions).size(), 1u);
  EXPECT_EQ(heard<StreamStart>(actions)->artwork->at(0).width, 300);
  const auto sized = heard<StreamStart>(session.on_picture(0, 200, 200));
  EXPECT_EQ(sized->artwork->at(0).width, 200);
  EXPECT_TRUE(session.on_picture(0, 200, 200).empty()) << "known already";
  const auto changed = session.on_text(
      R"({"type":"stream/request-format","payload":{"artwork":{"channel":0,"format":"png"}}})", kNow);
  EXPECT_EQ(heard<StreamStart>(changed)->artwork->at(0).format, ImageFormat::png);
  EXPECT_EQ(only<Session::Paint>(changed).size(), 1u);
}

TEST_F(SendspinSession, APauseEndsTheSoundAndLeavesThePicture) {
  session.on_text(
      R"({"type":"client/hello","payload":{"client_id":"a","name":"","version":1,"supported_roles":["artwork@v1","player@v1"],)"
      R"("artwork@v1_support":{"channels":[{"source":"album","format":"jpeg","media_width":300,"media_height":200}]},)"
      R"("player@v1_support":{"supported_formats":[{"codec":"pcm","sample_rate":48000,"channels":2,"bit_depth":16}],)"
      R"("buffer_capacity":1000000,"supported_commands":[]}}})",
      kNow);
  Session::Group paused = kMain;
  paused.is_playing = false;
  session.on_group(paused);
  auto actions = session.on_text(R"({"type":"client/state","payload":{"state":"synchronized"}})", kNow);
  EXPECT_FALSE(heard<StreamStart>(actions)->player);
  EXPECT_EQ(only<Session::Paint>(actions).size(), 1u) << "of what it stands at";
  actions = session.on_group(kMain);
  EXPECT_TRUE(heard<StreamStart>(actions)->player);
  EXPECT_FALSE(heard<StreamStart>(actions)->artwork);
  actions = session.on_group(paused);
  EXPECT_EQ(heard<StreamEnd>(actions)->roles, Roles{Role::player});
  EXPECT_TRUE(session.is_showing());
  actions = session.on_text(R"({"type":"client/state","payload":{"state":"external_source"}})", kNow);
  EXPECT_FALSE(heard<StreamEnd>(actions)->roles) << "all that is left";
  EXPECT_FALSE(session.is_showing());
}

TEST_F(SendspinSession, AsksForNoMorePicturesThanCanBeMade) {
  session.on_text(
      R"({"type":"client/hello","payload":{"client_id":"a","name":"","version":1,"supported_roles":["artwork@v1"],)"
      R"("artwork@v1_support":{"channels":[{"source":"album","format":"jpeg","media_width":300,"media_height":200}]}}})",
      kNow);
  session.on_group(kMain);
  session.on_text(R"({"type":"client/state","payload":{"state":"synchronized"}})", kNow);
  std::size_t pictures = 0;
  ServerTime now = kNow;
  for (int i = 0; i < 1000; ++i, now = now + 10ms) {
    const auto answer = session.on_text(
        R"({"type":"stream/request-format","payload":{"artwork":{"channel":0,"media_width":)" +
            std::to_string(i + 1) + "}}}",
        now);
    pictures += only<Session::Paint>(answer).size();
    const auto said = heard<StreamStart>(answer);
    ASSERT_TRUE(said) << "each is answered, by what is so";
    EXPECT_EQ(said->artwork->at(0).width == i + 1, !only<Session::Paint>(answer).empty());
  }
  EXPECT_GE(pictures, 40u) << "four a second";
  EXPECT_LE(pictures, 60u) << "and some at once";
}

TEST_F(SendspinSession, SaysWhyItHasCalled) {
  EXPECT_EQ(heard<ServerHello>(session.on_text(kHello, kNow))->reason, ConnectionReason::playback);
  Session calling{{"server-1", "Tutti", ConnectionReason::discovery}};
  EXPECT_EQ(heard<ServerHello>(calling.on_text(kHello, kNow))->reason, ConnectionReason::discovery);
}

TEST_F(SendspinSession, KnowsWhyAClientHasLeft) {
  live();
  EXPECT_FALSE(session.goodbye());
  session.on_text(R"({"type":"client/goodbye","payload":{"reason":"another_server"}})", kNow);
  EXPECT_EQ(session.goodbye(), GoodbyeReason::another_server);
}

}  // namespace
}  // namespace tutti::protocol::sendspin
