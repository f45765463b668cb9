#include "player/walk_room.h"

#include "base/utf8.h"
#include "media/asset_decoder.h"
#include "player/volume.h"
#include "player/walk_line.h"

#include <algorithm>
#include <utility>

namespace tutti::player {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTellEvery = std::chrono::seconds(1);
// What the device asks for within this has to be there already.
constexpr Duration kMargin{60'000};
// A device that says it holds more than this is not believed.
constexpr Duration kMostBelieved{5'000'000};
// So long after a cue's start it is looked how it began: the device's clock says little of a single frame.
constexpr Duration kJudgeAfter{150'000};
constexpr std::size_t kMostJudged = 1000;
constexpr Micros kMostDoubt{3.6e9};  // more is not told

Micros here() { return Clock::now().time_since_epoch(); }

ServerTime whole(Micros t) { return {Duration(static_cast<Duration::rep>(t.count()))}; }

}  // namespace

WalkRoom::WalkRoom(const WalkParts& parts)
    : parts_(parts),
      sound_(parts.samples, [this](const std::string& id) { return open_asset(id); }),
      volume_(parts.volume) {
  parts_.engine.set_volume(amplitude_of(volume_));
}

std::optional<Failure> WalkRoom::play(const std::atomic<bool>& is_over) {
  if (auto opened = parts_.output.open(parts_.engine); !opened) return Failure{2, opened.error().message};
  std::optional<Failure> failure;
  while (!is_over && !failure) {
    if (const auto key = keys_.next(kKeyPatience)) on_key(*key);
    take_news();
    take_files();
    if (auto alive = parts_.output.check(); !alive) failure = Failure{1, alive.error().message};
    const SyncStatus status = parts_.engine.status();
    pump(status);
    judge(status);
    tell();
    show(status);
  }
  auto closed = parts_.output.close();
  parts_.terminal.leave();
  if (!failure && !closed) failure = Failure{1, closed.error().message};
  return failure;
}

void WalkRoom::on_key(char key) {
  if (key == 'q') return parts_.reception.leave();
  if (key == 'm') is_muted_ = !is_muted_;
  if (key == '+' || key == '=') volume_ = std::min(100, volume_ + kVolumeStep);
  if (key == '-') volume_ = std::max(0, volume_ - kVolumeStep);
  parts_.engine.set_volume(is_muted_ ? 0 : amplitude_of(volume_));
}

std::optional<ServerTime> WalkRoom::now() const {
  if (!news_.clock.is_known) return std::nullopt;
  return whole(news_.clock.to_server(here()));
}

void WalkRoom::take_news() {
  auto news = parts_.news.try_take();
  if (!news) return;
  const auto edition = news_.edition;
  const bool is_back = news->is_connected && !news_.is_connected;
  const auto before = std::exchange(news_, std::move(*news));
  if (is_back) parts_.fetcher.hurry();
  is_fresh_ = is_fresh_ || is_back;
  if (news_.edition == edition) return;
  if (!before.walk || before.walk->assets != news_.walk->assets || *before.urls != *news_.urls) want_files();
  show_messages();
  const auto moment = now();
  if (!moment) return;
  sound_.set_plan(plan_of(*news_.walk, *moment));
  // What was under way when this came here was not heard of late.
  const bool is_fresh = std::exchange(is_fresh_, false);
  for (const auto& span : sound_.plan()) {
    const Duration late = is_fresh ? Duration{0} : std::max(Duration{0}, *moment - span.start);
    late_.try_emplace(span.cue, late);
  }
  std::erase_if(late_, [&](const auto& each) {
    return std::ranges::find(sound_.plan(), each.first, &WalkSpan::cue) == sound_.plan().end();
  });
}

void WalkRoom::want_files() {
  std::vector<WantedFile> files;
  for (std::size_t i = 0; i < news_.walk->assets.size(); ++i) {
    const WalkAsset& asset = news_.walk->assets[i];
    if (asset.is_ready) files.push_back({(*news_.urls)[i], asset.bytes, asset.sha256});
  }
  parts_.fetcher.want(std::move(files));
  sound_.reopen();
}

void WalkRoom::take_files() {
  auto files = parts_.fetcher.states();
  const auto ready = [](const FetchStates& states) {
    return std::ranges::count_if(states, [](const auto& each) { return each.second.is_ready; });
  };
  if (ready(files) != ready(files_)) sound_.reopen();
  for (const auto& [hash, state] : files) {
    if (!state.problem.empty() && state.problem != files_[hash].problem) {
      parts_.terminal.say("tutti: " + state.problem + "; trying again");
    }
  }
  files_ = std::move(files);
}

const WalkAsset* WalkRoom::find_asset(const std::string& id) const {
  return news_.walk ? news_.walk->find_asset(id) : nullptr;
}

WalkSound::Read WalkRoom::open_asset(const std::string& id) const {
  const WalkAsset* asset = find_asset(id);
  const auto file = asset ? files_.find(asset->sha256) : files_.end();
  if (file == files_.end() || !file->second.is_ready) return nullptr;
  auto opened = media::AssetDecoder::open(parts_.fetcher.path_of(asset->sha256), asset->frames, asset->delay);
  if (!opened) {
    parts_.terminal.say("tutti: " + opened.error().message);
    return nullptr;
  }
  const auto decoder = std::make_shared<media::AssetDecoder>(std::move(*opened));
  return [decoder](Frames first, std::span<float> out) { decoder->read(first, out); };
}

void WalkRoom::pump(const SyncStatus& status) {
  const auto moment = now();
  if (!moment) return;
  // The device has been given what is heard until then.
  const Duration held = whole(status.heard) - *moment;
  ahead_ = held > Duration{0} && held < kMostBelieved ? held : Duration{0};
  sound_.pump(*moment + ahead_ + kMargin);
}

void WalkRoom::judge(const SyncStatus& status) {
  if (!status.is_playing) return;
  const ServerTime heard = whole(status.heard);
  for (const auto& span : sound_.plan()) {
    if (judged_.contains(span.cue)) continue;
    const Duration late = late_[span.cue];
    const Duration since = heard - std::max(grid_time(span.begin), span.start + late);
    if (since < kJudgeAfter || grid_frame(heard) >= span.end) continue;
    const WalkAsset* asset = find_asset(span.asset);
    const auto file = asset ? files_.find(asset->sha256) : files_.end();
    if (file == files_.end() || !file->second.is_ready) continue;
    if (judged_.size() == kMostJudged) judged_.erase(judged_.begin());
    judged_.insert(span.cue);
    const Duration error =
        Duration(static_cast<Duration::rep>(-status.error.count())) + (grid_time(span.begin) - span.start);
    const StartedCue started{span.cue, span.start, news_.clock.to_client(Micros(span.start.since_start)),
                             error, late};
    if (parts_.is_reporting) parts_.terminal.say(start_line(started));
    parts_.reception.post([&conversation = parts_.conversation, started] {
      conversation.client().say(WalkAck{started.cue, started.error, started.late});
    });
  }
}

// Those from before this came are history, but for the newest.
void WalkRoom::show_messages() {
  const auto& messages = news_.walk->messages;
  if (messages.empty()) return;
  const bool is_first = !std::exchange(has_messages_, true);
  for (const auto& each : messages) {
    if (each.seq <= message_ || (is_first && &each != &messages.back())) continue;
    message_ = each.seq;
    parts_.terminal.say(each.author + ": " + to_valid_utf8(each.text));
  }
  if (std::exchange(seen_, message_) == message_ && !is_fresh_) return;
  parts_.reception.post([&conversation = parts_.conversation, seen = message_] {
    conversation.client().say(protocol::sendspin::WalkSeen{seen});
  });
}

void WalkRoom::tell() {
  const auto now = Clock::now();
  if (now - told_ < kTellEvery || !news_.walk) return;
  told_ = now;
  WalkReport report;
  report.name = parts_.name;
  report.is_unlocked = true;
  report.is_hidden = false;
  for (const auto& asset : news_.walk->assets) {
    const auto file = files_.find(asset.sha256);
    const bool is_here = file != files_.end();
    report.assets[asset.id] = {is_here ? file->second.have : 0, is_here && file->second.is_ready};
  }
  if (news_.clock.is_known) report.clock = whole(std::min(news_.clock.uncertainty, kMostDoubt)).since_start;
  if (news_.latency) report.latency = *news_.latency + ahead_;
  report.correction = parts_.correction;
  parts_.reception.post(
      [&conversation = parts_.conversation, report] { conversation.client().report(report); });
}

void WalkRoom::show(const SyncStatus& status) {
  const auto clock = Clock::now();
  const bool reports = parts_.is_reporting && clock - reported_ >= kTellEvery;
  const bool shows = parts_.terminal.is_watched() && clock - shown_ >= kShowEvery;
  if (!reports && !shows) return;
  const auto moment = now().value_or(ServerTime{});
  const WalkSpan* span = span_from(sound_.plan(), grid_frame(moment));
  const WalkView view{news_, files_, status, span, moment, volume_, is_muted_};
  if (reports) parts_.terminal.say(walk_report_line(view));
  if (reports) reported_ = clock;
  if (!shows) return;
  shown_ = clock;
  parts_.terminal.show(walk_line(view, parts_.output.name()));
}

}  // namespace tutti::player
