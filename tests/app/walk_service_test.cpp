#include "app/walk_service.h"

#include "domain/walk_lead.h"
#include "domain/walk_timing.h"
#include "tests/fakes/fake_walk.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

namespace tutti::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

WalkAsset asset(const std::string& id, Millis length) {
  WalkAsset out;
  out.id = id;
  out.title = id;
  out.frames = length.count() * 48;
  out.is_ready = true;
  out.bytes = 1000;
  out.sha256 = "digest of " + id;
  return out;
}

CueOrder part(Millis a, Millis b) {
  CueOrder out;
  out.a = a;
  out.b = b;
  return out;
}

CueOrder named(const std::string& name) {
  CueOrder out;
  out.name = name;
  return out;
}

class WalkServed : public testing::Test {
 protected:
  WalkServed() { start({{1'000'000s}}); }

  void start(WallAnchor anchor) {
    service.emplace(
        store, anchor, [this](std::function<void()> job) { posted.push_back(std::move(job)); },
        [this] { return now; });
    const std::vector<WalkCue> sheet = {{"gate", {"forest", 0s, 5s}, ""}, {"bridge", {"sea", 1s, 3s}, ""}};
    ASSERT_TRUE(service->open("/walks/park", {"Park", "", "", {"en"}}, sheet));
    service->set_assets({asset("forest", 60s), asset("sea", 10s)});
  }

  void settle() {
    while (!store.saving.empty() || !posted.empty()) {
      store.finish();
      for (auto& job : std::exchange(posted, {})) job();
    }
  }

  // What was answered; "" where it was carried out.
  std::string order(WalkOrder what) {
    std::string out = "nothing was answered";
    service->order(std::move(what), "anna",
                   [&](const Result<void>& done) { out = done ? "" : done.error().message; });
    settle();
    return out;
  }

  struct Phone {
    std::shared_ptr<fakes::FakeWalker> told = std::make_shared<fakes::FakeWalker>();
    WalkVisit visit = 0;
  };
  Phone join(const std::string& id) {
    Phone phone;
    phone.visit = service->join({id, "phone " + id, WalkParticipant::Kind::phone}, phone.told).value();
    return phone;
  }

  const Walk& walk() {
    shown = service->news();
    return *shown->walk;
  }

  fakes::FakeWalkStore store;
  std::vector<std::function<void()>> posted;
  ServerTime now{100s};
  std::optional<WalkService> service;
  WalkNewsPtr shown;
};

TEST_F(WalkServed, WhoComesIsToldAllOfIt) {
  const auto phone = join("a");
  ASSERT_EQ(phone.told->news.size(), 1U);
  EXPECT_EQ(phone.told->news[0]->keys, WalkKeys::all());
  EXPECT_EQ(phone.told->walk().about.title, "Park");
  EXPECT_EQ(phone.told->walk().sheet.size(), 2U);
}

TEST_F(WalkServed, ACueIsStoredBeforeItIsTold) {
  const auto phone = join("a");
  service->order(named("gate"), "anna", [](const Result<void>&) {});
  EXPECT_EQ(phone.told->news.size(), 1U);
  EXPECT_FALSE(store.kept.contains("/walks/park"));
  settle();
  EXPECT_EQ(store.kept.at("/walks/park").walk.live.next->name, "gate");
  ASSERT_EQ(phone.told->news.size(), 2U);
  const auto& news = *phone.told->news[1];
  WalkKeys live;
  live.live = true;
  EXPECT_EQ(news.keys, live);
  EXPECT_EQ(news.walk->live.next->start, now + kUsualLead);
  EXPECT_EQ(news.walk->live.next->author, "anna");
}

TEST_F(WalkServed, AFullDiskDoesNotEndAWalk) {
  const auto phone = join("a");
  store.trouble = Error{"no space"};
  EXPECT_EQ(order(named("gate")), "");
  EXPECT_EQ(phone.told->walk().live.next->name, "gate");
}

TEST_F(WalkServed, APartOfTheFirstAssetByNumbers) {
  EXPECT_EQ(order(part(12'500ms, 47s)), "");
  EXPECT_EQ(walk().live.next->part, (WalkPart{"forest", 12'500ms, 47s, 100, false}));
  EXPECT_EQ(walk().live.next->name, std::nullopt);
}

TEST_F(WalkServed, WhatCannotBePlayedIsRefusedAndSaysWhatWasExpected) {
  EXPECT_THAT(order(part(5s, 5s)), HasSubstr("0 <= a < b <= 60.000, not 5.000,5.000"));
  EXPECT_THAT(order(part(5s, 61s)), HasSubstr("60.000"));
  EXPECT_THAT(order(named("moon")), HasSubstr("there are: gate, bridge"));
  CueOrder elsewhere = part(0s, 1s);
  elsewhere.asset = "moon";
  EXPECT_THAT(order(elsewhere), HasSubstr("there are: forest, sea"));
  CueOrder hasty = named("gate");
  hasty.lead = 10ms;
  EXPECT_THAT(order(hasty), HasSubstr("a lead is from 400"));
  EXPECT_THAT(order(MessageOrder{"  "}), HasSubstr("words"));
  EXPECT_THAT(order(MessageOrder{std::string(2000, 'x')}), HasSubstr("at most 1000 bytes"));
  EXPECT_THAT(order(StopOrder{2h}), HasSubstr("60000 ms"));
  EXPECT_EQ(walk().live, WalkLive{});
  EXPECT_TRUE(store.kept.empty());
}

TEST_F(WalkServed, WhatIsBeingPreparedCannotBeCued) {
  WalkAsset coming = asset("forest", 60s);
  coming.is_ready = false;
  service->set_assets({coming});
  EXPECT_THAT(order(named("gate")), HasSubstr("still being prepared"));
}

TEST_F(WalkServed, AfterARestartInTheMiddleOfACueEverybodyIsInTheSamePlace) {
  ASSERT_EQ(order(named("gate")), "");
  ASSERT_EQ(order(MessageOrder{"left"}), "");
  now = {103s};
  const auto before = heard_at(walk(), now);
  ASSERT_TRUE(before);
  // Half a second later, by the calendar, another server's clock begins.
  now = {0s};
  start({{1'000'103'500ms}});
  const auto after = heard_at(walk(), now);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->cue.id, before->cue.id);
  EXPECT_EQ(after->position, before->position + 500ms);
  EXPECT_EQ(walk().messages.front().text, "left");
  ASSERT_EQ(order(MessageOrder{"right"}), "");
  EXPECT_EQ(walk().messages.back().seq, 2);
}

TEST_F(WalkServed, ASheetThatWasEditedHoldsAfterARestart) {
  ASSERT_EQ(order(SheetOrder{{{"new", {"sea", 0s, 1s}, "note"}}}), "");
  start({{1'000'200s}});
  ASSERT_EQ(walk().sheet.size(), 1U);
  EXPECT_EQ(walk().sheet[0].name, "new");
  EXPECT_THAT(order(SheetOrder{{{"", {"sea", 0s, 1s}, ""}}}), HasSubstr("cue 1: it needs a name"));
  EXPECT_THAT(order(SheetOrder{{{"x", {"sea", 0s, 1s}, ""}, {"x", {"sea", 0s, 1s}, ""}}}),
              HasSubstr("cue 2"));
}

TEST_F(WalkServed, ASecondCueWaitsUntilTheFirstHasBegunForAll) {
  ASSERT_EQ(order(part(0s, 10s)), "");
  now = {100'500ms};
  std::vector<std::string> answers;
  const auto answered = [&](const Result<void>& done) {
    answers.push_back(done ? "" : done.error().message);
  };
  service->order(part(20s, 30s), "anna", answered);
  service->order(part(40s, 50s), "boris", answered);
  settle();
  ASSERT_EQ(answers.size(), 1U) << "of what nobody has been told the last word holds";
  EXPECT_THAT(answers[0], HasSubstr("another cue came"));
  EXPECT_EQ(walk().live.next->part.a, 0s);
  now = {101'200ms};
  service->tick();
  settle();
  EXPECT_EQ(answers.back(), "");
  EXPECT_EQ(walk().live.now->part.a, 0s);
  EXPECT_EQ(walk().live.next->part.a, 40s);
}

TEST_F(WalkServed, StopIsForEverybodyAtOneMoment) {
  ASSERT_EQ(order(part(0s, 50s)), "");
  now = {110s};
  ASSERT_EQ(order(StopOrder{500ms}), "");
  EXPECT_EQ(walk().live.now->stop, (WalkStop{now + kUsualLead, 500ms}));
}

TEST_F(WalkServed, TheLeadFollowsWhatIsMeasured) {
  auto conductor = std::make_shared<fakes::FakeConductor>();
  ASSERT_TRUE(service->conduct(conductor));
  const auto a = join("a"), b = join("b");
  WalkReport report;
  report.latency = 30ms;
  service->report(a.visit, report);
  report.latency = 620ms;
  service->report(b.visit, report);
  now = {102s};
  service->tick();
  EXPECT_EQ(walk().lead, (WalkLead{1050ms, 1050ms, std::nullopt}));
  EXPECT_TRUE(conductor->news.back()->keys.lead);
  EXPECT_EQ(a.told->news.size(), 1U) << "phones need not know";
  ASSERT_EQ(order(LeadOrder{3s}), "");
  EXPECT_EQ(walk().lead.chosen, 3s);
  ASSERT_EQ(order(LeadOrder{}), "");
  service->leave(b.visit);
  now = {104s};
  service->tick();
  EXPECT_EQ(walk().lead.chosen, 450ms) << "who has left is not waited for";
}

TEST_F(WalkServed, WhoHearsLateMakesTheLeadLonger) {
  const auto phone = join("a");
  ASSERT_EQ(order(named("gate")), "");
  service->ack(phone.visit, {walk().live.next->id, std::nullopt, 700ms});
  now = {102s};
  service->tick();
  EXPECT_EQ(walk().lead.chosen, 2'300ms);
}

TEST_F(WalkServed, WhoComesInTheMiddleOrBeginsThereLeavesTheLeadAsItIs) {
  const auto downloading = join("a"), locked = join("b");
  ASSERT_EQ(order(named("gate")), "");
  now = {110s};
  const auto late = join("c");
  WalkReport report;
  report.assets = {{"forest", {1000, true}}, {"sea", {1000, true}}};
  service->report(downloading.visit, report);
  report.assets.clear();
  report.is_unlocked = true;
  service->report(locked.visit, report);
  const auto cue = walk().live.now->id;
  for (const auto& phone : {downloading, locked, late}) service->ack(phone.visit, {cue, 300us, 9s});
  service->tick();
  EXPECT_EQ(walk().lead.measured, std::nullopt);
  service->ack(late.visit, {cue + 7, 300us, 9s});  // of an armed sheet, or of before a restart
  now = {112s};
  service->tick();
  EXPECT_EQ(walk().lead.measured, std::nullopt);
}

TEST_F(WalkServed, ConductorsSeeWhoIsThereAndWhatHappens) {
  auto conductor = std::make_shared<fakes::FakeConductor>();
  ASSERT_TRUE(service->conduct(conductor));
  const auto phone = join("a");
  WalkReport report;
  report.is_unlocked = true;
  report.assets = {{"forest", {1000, true}}, {"sea", {1000, true}}};
  service->report(phone.visit, report);
  now = {101s};
  service->tick();
  ASSERT_EQ(conductor->rows.size(), 2U);
  EXPECT_TRUE(conductor->rows[0].empty());
  ASSERT_EQ(conductor->rows[1].size(), 1U);
  EXPECT_TRUE(conductor->rows[1][0].is_ready(walk()));
  ASSERT_EQ(conductor->events.size(), 2U);
  EXPECT_EQ(conductor->events[1].kind, WalkEvent::Kind::downloaded);
  service->leave(phone.visit);
  service->tick();
  EXPECT_EQ(conductor->rows.size(), 2U) << "not more than twice a second";
  now = {102s};
  service->tick();
  EXPECT_FALSE(conductor->rows.back()[0].is_connected);
  EXPECT_EQ(conductor->events.back().kind, WalkEvent::Kind::left);
}

TEST_F(WalkServed, OfThousandsOfAcksAConductorIsToldHowMany) {
  auto conductor = std::make_shared<fakes::FakeConductor>();
  ASSERT_TRUE(service->conduct(conductor));
  const auto phone = join("a");
  for (int i = 0; i < 500; ++i) service->ack(phone.visit, {1, std::nullopt, 0us});
  EXPECT_EQ(conductor->events.size(), 50U);
  service->tick();
  EXPECT_EQ(conductor->events.back().text, "and 451 more like these");
  EXPECT_EQ(service->log().size(), 501U);
}

TEST_F(WalkServed, TheLogOutlivesTheServer) {
  join("a");
  ASSERT_EQ(order(named("gate")), "");
  now = {101s};
  service->tick();
  settle();
  ASSERT_EQ(store.logs["/walks/park"].events.size(), 2U);
  now = {50s};
  start({{1'000'090s}});  // 39 s later
  ASSERT_EQ(service->log().size(), 2U);
  EXPECT_EQ(service->log()[0].text, "phone a is here");
  EXPECT_EQ(service->log()[1].text, "anna: gate (forest 0.000–5.000)");
  EXPECT_EQ(service->log()[1].at, ServerTime{10s});
  join("b");
  now = {60s};
  service->tick();
  settle();
  EXPECT_EQ(store.logs["/walks/park"].events.size(), 3U);
}

TEST_F(WalkServed, WhatAFullDiskDidNotTakeOfTheLogItTakesLater) {
  store.trouble = Error{"no space"};
  ASSERT_EQ(order(named("gate")), "");
  join("a");
  now = {102s};
  service->tick();
  EXPECT_TRUE(store.saving.empty()) << "it was tried a moment ago";
  store.trouble.reset();
  now = {106s};
  service->tick();
  settle();
  EXPECT_EQ(store.logs["/walks/park"].events.size(), 2U);
}

TEST_F(WalkServed, OfThousandsOfEventsTheStoreGetsSomeAtATime) {
  const auto phone = join("a");
  for (int i = 0; i < 1500; ++i) service->ack(phone.visit, {1, std::nullopt, 0us});
  service->tick();
  settle();
  EXPECT_EQ(store.logs["/walks/park"].events.size(), WalkLogKeeper::kMostAtOnce);
  now = {101s};
  service->tick();
  settle();
  EXPECT_EQ(store.logs["/walks/park"].events.size(), 1501U);
  EXPECT_EQ(store.logs["/walks/park"].events[0].text, "phone a is here");
}

TEST_F(WalkServed, AnotherConnectionTakesTheFirstOnesPlace) {
  const auto first = join("a"), second = join("a");
  EXPECT_TRUE(first.told->is_replaced);
  service->leave(first.visit);
  EXPECT_TRUE(service->participants()[0].is_connected);
  service->leave(second.visit);
  EXPECT_FALSE(service->participants()[0].is_connected);
}

TEST_F(WalkServed, WhatIsKnownOfAnAssetThatChangedIsForgotten) {
  const auto phone = join("a");
  WalkReport report;
  report.assets = {{"forest", {1000, true}}, {"sea", {1000, true}}};
  service->report(phone.visit, report);
  WalkAsset other = asset("forest", 60s);
  other.sha256 = "another";
  service->set_assets({other, asset("sea", 10s)});
  EXPECT_EQ(service->participants()[0].assets.size(), 1U);
}

TEST_F(WalkServed, WhatAPhoneHasIsKnownBeforeTheFilesAreLookedAt) {
  WalkAsset coming = asset("forest", 60s);
  coming.is_ready = false;
  coming.sha256.clear();
  service->set_assets({coming});
  const auto phone = join("a");
  WalkReport report;
  report.is_unlocked = true;
  report.assets = {{"forest", {1000, true}}, {"sea", {1000, true}}};
  service->report(phone.visit, report);
  service->set_assets({asset("forest", 60s), asset("sea", 10s)});
  EXPECT_TRUE(service->participants()[0].is_ready(walk()));
}

TEST_F(WalkServed, AnArmedSheetCannotBeChangedUnderTheWalkers) {
  ASSERT_EQ(order(ArmOrder{}), "");
  EXPECT_EQ(walk().armed->from, "gate");
  EXPECT_EQ(walk().armed->start, now + kUsualLead);
  EXPECT_THAT(order(SheetOrder{}), HasSubstr("disarm"));
  EXPECT_THAT(order(ArmOrder{}), HasSubstr("armed already"));
  EXPECT_EQ(order(ArmOrder{false, {}, {}}), "");
  EXPECT_EQ(walk().armed, std::nullopt);
  EXPECT_THAT(order(ArmOrder{true, "moon", {}}), HasSubstr("there are: gate, bridge"));
  EXPECT_THAT(order(ArmOrder{true, {}, now}), HasSubstr("400 ms to 7 days"));
}

TEST_F(WalkServed, WhoHasNotSeenTheLatestEditDoesNotOverwriteIt) {
  const std::vector<WalkCue> mine = {{"mine", {"sea", 0s, 1s}, ""}};
  const auto phone = join("a");
  EXPECT_EQ(walk().edit, WalkEdit{});
  ASSERT_EQ(order(SheetOrder{mine, 0}), "");
  EXPECT_EQ(walk().edit, (WalkEdit{1, "anna"}));
  EXPECT_TRUE(phone.told->news.back()->keys.sheet && phone.told->news.back()->keys.edit);
  EXPECT_THAT(order(SheetOrder{{}, 0}), HasSubstr("edited meanwhile by anna (revision 1, not 0)"));
  AboutOrder about;
  about.title = "Night";
  about.revision = 0;
  EXPECT_THAT(order(about), HasSubstr("edited meanwhile"));
  EXPECT_EQ(walk().sheet, mine);
  EXPECT_EQ(walk().about.title, "Park");
  about.revision = 1;
  EXPECT_EQ(order(about), "");
  EXPECT_EQ(walk().edit.revision, 2);
  EXPECT_EQ(order(SheetOrder{}), "") << "who names none takes what is there";
}

TEST_F(WalkServed, TheWordsThatWereEditedHoldAfterARestartAndTheOthersAreWalkTomls) {
  AboutOrder about;
  about.title = "Night";
  about.languages = {"en", "pt-BR"};
  ASSERT_EQ(order(about), "");
  EXPECT_EQ(service->log().back().kind, WalkEvent::Kind::about);
  EXPECT_EQ(service->log().back().text, "anna: the walk's words: Night");
  const auto sheet = walk().sheet;
  start({{1'000'000s}});
  EXPECT_EQ(walk().about, (WalkAbout{"Night", "", "", {"en", "pt-BR"}}));
  EXPECT_EQ(walk().edit, (WalkEdit{1, "anna"}));
  EXPECT_EQ(walk().sheet, sheet);
}

TEST_F(WalkServed, HowFarTheSheetHasComeIsKnownAfterARestart) {
  EXPECT_EQ(walk().reached, "");
  ASSERT_EQ(order(named("gate")), "");
  now = now + 2s;
  ASSERT_EQ(order(part(0s, 1s)), "");
  EXPECT_EQ(walk().reached, "gate") << "a part without a name leaves the place";
  start({{1'000'000s}});
  EXPECT_EQ(walk().reached, "gate");
  now = now + 60s;
  ASSERT_EQ(order(ArmOrder{}), "");
  now = now + kUsualLead + 5s;
  ASSERT_EQ(order(StopOrder{}), "");
  EXPECT_EQ(walk().reached, "bridge") << "by itself";
}

TEST_F(WalkServed, WordsAreBounded) {
  const auto refused = [&](auto change) {
    AboutOrder about;
    change(about);
    return order(about);
  };
  EXPECT_THAT(refused([](auto& it) { it.title = std::string(101, 'x'); }), HasSubstr("100 bytes"));
  EXPECT_THAT(refused([](auto& it) { it.welcome = std::string(4001, 'x'); }), HasSubstr("4000 bytes"));
  EXPECT_THAT(refused([](auto& it) { it.text = "\xff"; }), HasSubstr("4000 bytes"));
  EXPECT_THAT(refused([](auto& it) { it.languages = {"en", "e n"}; }), HasSubstr("not 'e n'"));
  EXPECT_THAT(refused([](auto& it) { it.languages = std::vector<std::string>(21, "en"); }),
              HasSubstr("20 languages"));
  EXPECT_EQ(walk().edit, WalkEdit{});
}

TEST(WalkClosed, WithoutAWalkNobodyTakesPart) {
  fakes::FakeWalkStore store;
  WalkService service(
      store, {}, [](const std::function<void()>&) {}, [] { return ServerTime{}; });
  EXPECT_FALSE(service.join({"a", "a"}, std::make_shared<fakes::FakeWalker>()));
  EXPECT_FALSE(service.conduct(std::make_shared<fakes::FakeConductor>()));
  std::string said;
  service.order(StopOrder{}, "", [&](const Result<void>& done) { said = done.error().message; });
  EXPECT_THAT(said, HasSubstr("--walk"));
}

}  // namespace
}  // namespace tutti::app
