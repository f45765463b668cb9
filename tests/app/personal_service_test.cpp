#include "app/personal_service.h"

#include "tests/fakes/fake_encoded_files.h"
#include "tests/fakes/fake_producers.h"
#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"

#include <set>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;

constexpr BroadcastId kOwn{0, 0};

class PersonalServiceTest : public testing::Test {
 protected:
  void add(const std::string& path, const std::string& format) {
    scanner_.add(path, Frames{44100} * 60);
    scanner_.files[path].format = format;
  }
  void open() {
    library_.add_folder("/m");
    StationSettings station{"/", {"/m"}, Rotation::Order::shuffled};
    station.is_individual = true;
    stations_.open({station}, {}, ServerTime{});
    scanner_.answer_all();
  }
  PersonalService::Next next(Rotation::State rotation) {
    PersonalService::Next out;
    service_.next(kOwn, rotation, {}, [&](auto answer) { out = std::move(answer); });
    return out;
  }

  fakes::FakeScanner scanner_;
  fakes::FakeTrackStore tracks_;
  fakes::FakeProgrammeStore programmes_;
  fakes::FakeProducers producers_;
  fakes::FakeAudience audience_;
  fakes::FakeMp3Files mp3_files_;
  fakes::FakeEncodedFiles encoded_;
  Library library_{tracks_, scanner_, 1,
                   [this](const std::string& folder) { stations_.on_library_changed(folder); }};
  StationService stations_{{{}, 0s}, {{1'000'000s}}, library_, programmes_, producers_, audience_};
  EncodedCache cache_{encoded_, {{}, std::int64_t{1} << 30, 1}};
  PersonalService service_{stations_, library_, mp3_files_, cache_};
};

TEST_F(PersonalServiceTest, AProgrammeHoldsEveryTrackOncePerCycle) {
  for (int i = 0; i < 10; ++i) add("/m/" + std::to_string(i) + ".mp3", "mp3");
  open();
  Rotation::State rotation;
  rotation.seed = 7;
  std::set<std::int64_t> heard;
  for (int i = 0; i < 10; ++i) {
    const auto answer = next(rotation);
    ASSERT_TRUE(answer.track);
    rotation = answer.rotation;
    heard.insert(answer.track->id.value);
  }
  EXPECT_EQ(heard.size(), 10u);
  EXPECT_TRUE(encoded_.jobs.empty()) << "MP3s are played as they are";
  EXPECT_TRUE(programmes_.programmes.empty()) << "the station itself has no programme";
}

TEST_F(PersonalServiceTest, ATrackIsOpenOnceForAllWhoHearIt) {
  add("/m/a.mp3", "mp3");
  open();
  const auto one = next({1, 0, {}, {}, 0}), two = next({2, 0, {}, {}, 0});
  EXPECT_EQ(one.track, two.track);
  EXPECT_EQ(mp3_files_.opened.size(), 1u);
}

TEST_F(PersonalServiceTest, WhatIsNotMp3IsEncodedAndNotWaitedFor) {
  add("/m/a.flac", "flac");
  add("/m/b.flac", "flac");
  add("/m/c.mp3", "mp3");
  open();
  std::vector<PersonalTrackPtr> held;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto answer = next({seed, 0, {}, {}, 0});
    ASSERT_TRUE(answer.track);
    held.push_back(answer.track);
  }
  EXPECT_EQ(encoded_.jobs.size(), 1u)
      << "one encoder, so one of the two; who would have got the other gets the next";
  std::set<std::int64_t> heard;
  for (const auto& track : held) heard.insert(track->id.value);
  EXPECT_EQ(heard.size(), 2u);
}

TEST_F(PersonalServiceTest, AnMp3ThatCannotBePlayedAsItIsIsEncoded) {
  add("/m/free.mp3", "mp3");
  mp3_files_.broken.insert("/m/free.mp3");
  open();
  const auto answer = next({});
  ASSERT_TRUE(answer.track);
  EXPECT_EQ(encoded_.jobs.size(), 1u);
  next({});
  EXPECT_EQ(mp3_files_.opened.size(), 1u) << "not tried again";
}

TEST_F(PersonalServiceTest, NothingToPlayIsSaid) {
  open();
  EXPECT_FALSE(next({}).track);
  add("/m/a.flac", "flac");
  library_.rescan("/m");
  scanner_.answer_all();
  const auto growing = next({});
  EXPECT_TRUE(growing.track);
  encoded_.end_job(fail("damaged"));
  EXPECT_TRUE(next({}).track) << "those who hear what there is of it share it";
}

TEST_F(PersonalServiceTest, AheadOfNeedAllIsEncoded) {
  for (int i = 0; i < 5; ++i) add("/m/" + std::to_string(i) + ".flac", "flac");
  add("/m/x.mp3", "mp3");
  open();
  for (int i = 0; i < 40; ++i) {
    service_.tick({});
    if (!encoded_.jobs.empty()) encoded_.end_job(1000);
  }
  EXPECT_EQ(encoded_.files.size(), 5u);
}

TEST_F(PersonalServiceTest, WhatSomebodyHearsIsWhatTheStationPlays) {
  add("/m/a.mp3", "mp3");
  add("/m/b.mp3", "mp3");
  open();
  EXPECT_TRUE(stations_.view("/", {10s}, 0, 0)->aired.empty());
  const auto track = next({}).track;
  stations_.listeners().set("key", {"/", {12s}, {}, {}});
  stations_.note_started(kOwn, track->id, {12s}, "key");
  EXPECT_TRUE(stations_.view("/", {11s}, 0, 0)->aired.empty()) << "it is sent ahead of time";
  const auto view = stations_.view("/", {13s}, 0, 0).value();
  EXPECT_TRUE(view.is_individual);
  ASSERT_EQ(view.aired.size(), 1u);
  EXPECT_EQ(view.current, 0u);
  EXPECT_EQ(view.aired[0].id, track->id);
  EXPECT_EQ(view.aired[0].starts_at, ServerTime{12s});
  EXPECT_EQ(stations_.view("/", {100s}, 0, 0)->current, 1u) << "it has ended";
  const auto heard = stations_.heard_by(*stations_.listeners().find("key"));
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].duration, 60s);
  stations_.count_listeners(kOwn, 0, 3);
  stations_.count_listeners(kOwn, 1, 4);
  EXPECT_EQ(stations_.view("/", {13s}, 0, 0)->listeners, 7u);
}

}  // namespace
}  // namespace tutti::app
