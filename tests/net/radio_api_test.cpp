#include "net/radio_api.h"

#include "net/stream_request.h"
#include "tests/fakes/fake_producers.h"
#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace tutti::net {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class RadioApiTest : public testing::Test {
 protected:
  RadioApiTest() {
    scanner_.add("/m/<b>&.mp3", Frames{44100} * 100);
    scanner_.add("/h/joke.mp3", Frames{44100} * 60);
    library_.add_folder("/m");
    library_.add_folder("/h");
    scanner_.answer_all();
    stations_.open({{"/", {"/m"}, {}}, {"/humor", {"/h"}, {}}}, {}, ServerTime{});
  }

  Reply ask(std::string target, http::verb method = http::verb::get, Duration now = 30s) {
    auto reply = answer_radio_api(stations_, {method, protocol::parse_request_target(target).value(), {now}});
    EXPECT_TRUE(reply) << target;
    return reply.value_or(Reply{});
  }
  json::object ask_json(std::string target, Duration now = 30s) {
    return json::parse(ask(std::move(target), http::verb::get, now).body).as_object();
  }

  fakes::FakeScanner scanner_;
  fakes::FakeTrackStore tracks_;
  fakes::FakeProgrammeStore programmes_;
  fakes::FakeProducers producers_;
  fakes::FakeAudience audience_;
  app::Library library_{tracks_, scanner_, 1, [](const std::string&) {}};
  app::StationService stations_{{{}, 0s}, {{1'000'000s}}, library_, programmes_, producers_, audience_};
};

TEST_F(RadioApiTest, Streams) {
  const auto answer = ask_json("/streams", 130s);
  EXPECT_EQ(answer.at("status"), "success");
  const auto& streams = answer.at("streams").as_array();
  ASSERT_EQ(streams.size(), 2u);
  EXPECT_EQ(streams[0].at("route"), "/") << "sorted by route";
  EXPECT_EQ(streams[1].at("route"), "/humor");
  EXPECT_EQ(streams[1].at("current_track"), "joke.mp3");
  EXPECT_EQ(streams[1].at("listeners"), 0);
  EXPECT_EQ(streams[0].at("history_html"), "<ul><li>&lt;b&gt;&amp;.mp3</li></ul>")
      << "file names are hostile";
}

TEST_F(RadioApiTest, NowPlaying) {
  const auto all = ask_json("/now-playing");
  EXPECT_EQ(all.at("tracks").as_object().size(), 2u);
  EXPECT_EQ(all.at("route"), "/");
  const auto one = ask_json("/now-playing?route=humor");
  EXPECT_EQ(one.at("route"), "/humor");
  EXPECT_EQ(one.at("track"), "joke.mp3");
  EXPECT_EQ(one.at("path"), "joke.mp3");
  EXPECT_EQ(ask("/now-playing?route=/none").status, http::status::not_found);
}

TEST_F(RadioApiTest, PlaybackTime) {
  const auto one = ask_json("/playback-time?route=/humor");
  EXPECT_EQ(one.at("elapsed_ms"), 30'000);
  EXPECT_EQ(one.at("elapsed_text"), "00:30");
  EXPECT_EQ(one.at("total_text"), "01:00");
  EXPECT_EQ(one.at("remaining_ms"), 30'000);
  EXPECT_EQ(one.at("progress_percent").as_double(), 50.0);
  EXPECT_EQ(one.at("start_time"), "1970-01-12T13:46:40Z");
  EXPECT_EQ(ask_json("/playback-time").at("playback_times").as_object().size(), 2u);
}

TEST_F(RadioApiTest, ReloadAnswersAsTheOldServersDid) {
  EXPECT_EQ(ask("/reload-playlist", http::verb::post).body, "All playlists reloaded");
  EXPECT_EQ(ask("/reload-playlist?route=/humor", http::verb::post).body,
            "Playlist for stream /humor reloaded");
  EXPECT_EQ(ask_json("/reload-playlist").at("status"), "success");
  EXPECT_EQ(ask("/reload-playlist?route=/none").status, http::status::not_found);
}

TEST_F(RadioApiTest, Health) {
  EXPECT_EQ(ask("/healthz").body, "OK");
  EXPECT_EQ(ask("/readyz").body, "Ready - 2 streams registered");
  EXPECT_EQ(ask("/streams", http::verb::delete_).status, http::status::method_not_allowed);
  EXPECT_FALSE(answer_radio_api(stations_, {http::verb::get, {"/other", {}}, {}}));
}

TEST(StreamRequest, FindsItsStation) {
  const Routes routes{{"/", {0, 0}}, {"/humor", {1, 0}}};
  HttpRequest request{http::verb::get, "/", 11};
  const auto match = [&](std::string target) {
    return match_stream(routes, request, protocol::parse_request_target(target).value());
  };
  EXPECT_EQ(match("/")->route, "/");
  EXPECT_EQ(match("/humor/")->route, "/humor");
  EXPECT_EQ(match("/stream")->route, "/");
  EXPECT_EQ(match("/direct-stream?route=humor")->route, "/humor");
  EXPECT_FALSE(match("/none"));
  EXPECT_FALSE(match("/stream?route=none"));
  EXPECT_EQ(match("/?listener=abcdefghijklmnop")->key, "abcdefghijklmnop");
  EXPECT_EQ(match("/?listener=short")->key, "");
  EXPECT_FALSE(match("/")->wants_titles);
  request.set("Icy-MetaData", "1");
  EXPECT_TRUE(match("/")->wants_titles);
}

TEST(StreamRequest, BrowsersThatOpenADocumentWantThePage) {
  HttpRequest request{http::verb::get, "/", 11};
  EXPECT_FALSE(wants_page(request));
  request.set(http::field::accept, "*/*");
  EXPECT_FALSE(wants_page(request));
  request.set(http::field::accept, "text/html,application/xhtml+xml,*/*;q=0.8");
  EXPECT_TRUE(wants_page(request));
  request.set("Sec-Fetch-Dest", "audio");
  EXPECT_FALSE(wants_page(request));
  request.set("Sec-Fetch-Dest", "document");
  EXPECT_TRUE(wants_page(request));
}

}  // namespace
}  // namespace tutti::net
