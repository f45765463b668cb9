#include "protocol/cues_session.h"

#include "base/utf8.h"
#include "domain/walk_timing.h"
#include "protocol/small_json.h"

#include <algorithm>
#include <cstdio>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace tutti::protocol {
namespace {

using std::chrono::ceil;
using std::chrono::milliseconds;

constexpr std::size_t kMostUnanswered = 8;
constexpr std::size_t kMostCues = 4;
constexpr std::size_t kMostMessageBytes = 4096;
// The app knows no stop. A cue of next to no length ends what plays.
constexpr milliseconds kStopLength{1};
// What ends a cue that has not begun must come after it.
constexpr Duration kAfterStart = milliseconds(50);

// Of microseconds that are not negative: always with a decimal point, as the app's language has no other way
// from a whole number to a fraction. 1 s is "1.0", 1999 ms "1.999".
std::string seconds_text(Duration value) {
  std::array<char, 48> text{};
  const auto count = static_cast<long long>(value.count());
  std::snprintf(text.data(), text.size(), "%lld.%06lld", count / 1'000'000, count % 1'000'000);
  std::string out = text.data();
  while (out.back() == '0' && out[out.size() - 2] != '.') out.pop_back();
  return out;
}

std::optional<bool> flag(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

}  // namespace

CuesSession::Outcome CuesSession::on_open(ServerTime now) {
  Outcome out;
  opened_ = now;
  ping(out, now);
  return out;
}

CuesSession::Outcome CuesSession::on_text(std::string_view text, ServerTime now) {
  Outcome out;
  if (text.size() > kMostMessageBytes) return out;
  const auto object = parse_small_object(text);
  if (!object) return out;
  const auto audio = flag(*object, "audioDownloaded");
  if (object->contains("pong")) {
    meet(out);
    on_pong(out, now);
  } else if (object->contains("ack")) {
    meet(out);
    if (audio) has_audio_ = *audio;
    on_ack(out, !audio, now);
  } else if (object->contains("downloadAck")) {
    meet(out);
    on_download(out, now);
  } else if (text_in(*object, "message") == "Client connected") {
    const bool is_news = is_met_ && audio == true && !has_audio_;
    if (audio) has_audio_ = *audio;
    meet(out);
    if (is_news) out.events.push_back({Event::Kind::downloaded, true});
  }
  tell(out, now);
  return out;
}

CuesSession::Outcome CuesSession::on_cues(const std::vector<AppCue>& cues, ServerTime now) {
  Outcome out;
  std::vector<Told> next;
  for (const auto& cue : cues) {
    if (next.size() == kMostCues) break;
    if (cue.b <= cue.a || cue.a < milliseconds(0)) continue;
    const auto known =
        std::find_if(told_.begin(), told_.end(), [&](const Told& t) { return t.cue.id == cue.id; });
    next.push_back(known == told_.end() ? Told{cue, false, false, cue.start} : *known);
    next.back().cue.stop = cue.stop;
    next.back().cue.until = cue.until;
  }
  for (auto& gone : told_) {
    const bool stays =
        std::any_of(next.begin(), next.end(), [&](const Told& t) { return t.cue.id == gone.cue.id; });
    if (stays || !gone.is_told || gone.is_stop_told || gone.cue.start <= now) continue;
    take_back(out, gone.cue, next, now);
  }
  told_ = std::move(next);
  tell(out, now);
  return out;
}

// The app will begin it all the same. What it is to play then is said for just after that.
void CuesSession::take_back(Outcome& out, AppCue gone, std::vector<Told>& instead, ServerTime now) {
  const ServerTime from = gone.start + kAfterStart;
  for (auto& told : instead) {
    const AppCue& cue = told.cue;
    const Duration into = from - cue.start;
    if (into < Duration(0)) break;
    if (into >= cue.b - cue.a || (cue.until && *cue.until <= from)) continue;
    if (cue.start >= gone.start) return;  // it takes its place by itself
    if (!told.is_told) tell_cue(out, told, now);
    const auto whole = ceil<milliseconds>(into);
    const ServerTime arrives = now + way();
    return say(out, cue.a + whole, cue.b, std::max(Duration(0), cue.start + whole - arrives),
               {now, cue.id, Duration(0)});
  }
  Told ended{gone, true, false, gone.start};
  ended.cue.stop = gone.start;
  tell_stop(out, ended, now);
}

CuesSession::Outcome CuesSession::on_time(ServerTime now) {
  Outcome out;
  if (now - opened_ >= kPatience) meet(out);
  if (now >= ping_due_) ping(out, now);
  tell(out, now);
  return out;
}

ServerTime CuesSession::due() const {
  ServerTime due = ping_due_;
  if (!is_met_) due = std::min(due, opened_ + kPatience);
  for (const auto& told : told_) {
    if (!told.is_told) {
      const ServerTime soonest = best_ ? opened_ : opened_ + kPatience;
      due = std::min(due, std::max(soonest, told.next - kReach));
    } else if (has_turn(told)) {
      due = std::min(due, told.next - kLoopLead);
    }
  }
  return due;
}

std::optional<Duration> CuesSession::one_way() const {
  if (!best_) return std::nullopt;
  return *best_ / 2;
}

void CuesSession::meet(Outcome& out) {
  if (is_met_) return;
  is_met_ = true;
  out.events.push_back({Event::Kind::connected, has_audio_});
}

void CuesSession::ping(Outcome& out, ServerTime now) {
  ping_due_ = now + kPingEvery;
  if (pings_.size() == kMostUnanswered) pings_.pop_front();
  pings_.push_back(now);
  out.say.emplace_back(R"({"ping": "ping"})");
}

// Pongs name no ping. They come in order, so each is for the oldest; unless that one was passed over, which
// shows in a round trip that is longer than the time between two. Then the next ping starts anew.
void CuesSession::on_pong(Outcome& out, ServerTime now) {
  if (pings_.empty()) return;
  const Duration trip = now - pings_.front();
  pings_.pop_front();
  if (trip < Duration(0)) return;
  if (trip > kPingEvery) return pings_.clear();
  trips_[trip_count_ % trips_.size()] = trip;
  ++trip_count_;
  const bool is_first = !best_;
  best_ = *std::min_element(
      trips_.begin(), trips_.begin() + static_cast<std::ptrdiff_t>(std::min(trip_count_, trips_.size())));
  if (is_first) out.events.push_back({Event::Kind::pong, has_audio_, trip});
}

// Those that nobody has asked for are not passed on, so that no phone can flood the conductor.
void CuesSession::on_ack(Outcome& out, bool has_played, ServerTime now) {
  if (has_played) {
    if (acked_ == 0) return;
    --acked_;
    out.events.push_back({Event::Kind::played, has_audio_});
    return;
  }
  if (cues_sent_.empty()) return;
  const Sent& sent = cues_sent_.front();
  out.events.push_back({Event::Kind::ack, has_audio_, now - sent.at, sent.cue, sent.late});
  cues_sent_.pop_front();
  acked_ = std::min(acked_ + 1, kMostUnanswered);
}

// What is on is told again to who could not play it before.
void CuesSession::on_download(Outcome& out, ServerTime now) {
  has_audio_ = true;
  if (was_downloaded_) return;
  was_downloaded_ = true;
  out.events.push_back({Event::Kind::downloaded, true});
  for (auto& told : told_) {
    if (told.cue.start <= now && !told.cue.stop) told.is_told = false;
  }
}

void CuesSession::tell(Outcome& out, ServerTime now) {
  if (!may_tell(now)) return;
  for (auto& told : told_) {
    const AppCue& cue = told.cue;
    const bool is_first = !told.is_told && now >= told.next - kReach;
    const bool is_turn = told.is_told && has_turn(told) && now >= told.next - kLoopLead;
    if (is_first || is_turn) tell_cue(out, told, now);
    if (told.is_told && cue.stop && !told.is_stop_told) tell_stop(out, told, now);
  }
}

// Another pass of a loop.
bool CuesSession::has_turn(const Told& told) const {
  const AppCue& cue = told.cue;
  return cue.loop && !cue.stop && cue.b - cue.a >= 2 * kLoopLead && (!cue.until || told.next < *cue.until);
}

void CuesSession::tell_cue(Outcome& out, Told& told, ServerTime now) {
  const AppCue& cue = told.cue;
  const Duration length = cue.b - cue.a;
  const ServerTime arrives = now + way();
  told.is_told = true;
  if (cue.loop && told.next < arrives) {
    told.next = told.next + length * ((arrives - told.next) / length);  // the pass that is on
  }
  const ServerTime pass = told.next;
  if (cue.loop) told.next = pass + length;
  const auto is_over = [&](ServerTime begins) {
    return (cue.stop && begins >= *cue.stop) || (cue.until && begins >= *cue.until) ||
           begins - pass >= length;
  };
  if (arrives <= pass) {
    if (is_over(pass)) {
      told.is_stop_told = true;
      return;
    }
    return say(out, cue.a, cue.b, pass - arrives, {now, cue.id, Duration(0)});
  }
  const auto into = ceil<milliseconds>(arrives + kEntry - pass);  // whole milliseconds, and so a little later
  if (is_over(pass + into)) {
    told.is_stop_told = !cue.loop || cue.stop;  // there is nothing to stop
    return;
  }
  say(out, cue.a + into, cue.b, pass + into - arrives, {now, cue.id, arrives - pass});
}

void CuesSession::tell_stop(Outcome& out, Told& told, ServerTime now) {
  told.is_stop_told = true;
  const AppCue& cue = told.cue;
  const Duration length = cue.b - cue.a;
  const ServerTime at = std::max(*cue.stop, cue.start + kAfterStart);
  const ServerTime arrives = now + way();
  if (!cue.loop && std::max(at, arrives) - cue.start >= length) return;  // it ends by itself
  const auto into = std::chrono::floor<milliseconds>((at - cue.start) % length);
  say(out, cue.a + into, cue.a + into + kStopLength, std::max(Duration(0), at - arrives),
      {now, 0, Duration(0)});
}

void CuesSession::say(Outcome& out, milliseconds start, milliseconds end, Duration offset, Sent sent) {
  if (cues_sent_.size() == kMostUnanswered) cues_sent_.pop_front();
  cues_sent_.push_back(sent);
  std::string text = R"({"start": )" + seconds_text(start);
  text += R"(, "end": )" + seconds_text(end);
  text += R"(, "playbackTimeOffset": )" + seconds_text(offset);
  out.say.push_back(text + "}");
}

std::vector<AppCue> app_cues(const Walk& walk, const std::string& asset, ServerTime now, std::size_t most) {
  std::vector<AppCue> out;
  const auto all = cues_from(walk, now);
  for (std::size_t i = 0; i < all.size() && out.size() < most; ++i) {
    const LiveCue& live = all[i];
    if (live.part.asset != asset) continue;
    AppCue cue{
        static_cast<std::uint64_t>(live.id), live.part.a, live.part.b, live.start, live.part.loop, {}, {}};
    if (live.stop) cue.stop = live.stop->at + live.stop->fade;
    if (i + 1 < all.size()) {
      const LiveCue& next = all[i + 1];
      if (next.part.asset == asset) {
        cue.until = next.start;
      } else if (!cue.stop || next.start < *cue.stop) {
        cue.stop = next.start;
      }
    }
    out.push_back(cue);
  }
  return out;
}

std::string app_message(std::string_view text) {
  const boost::json::value value(boost::json::string(to_valid_utf8(text)));
  return R"({"message": )" + boost::json::serialize(value) + "}";
}

std::string in_words(const CuesSession::Event& event, std::uint32_t client) {
  using Kind = CuesSession::Event::Kind;
  const std::string who = "client " + std::to_string(client);
  const std::string latency =
      " Latency " + seconds_text(event.latency.value_or(Duration(0))) + " (" + who + ")";
  switch (event.kind) {
    case Kind::connected:
      if (event.has_audio) return "A new " + who + " connected, which has the audio file";
      return "A new " + who + " connected, waiting for " + who + " to finish downloading the audio file";
    case Kind::downloaded:
      return "Client " + std::to_string(client) + " finished downloading the audio file";
    case Kind::pong:
      return "Received pong {'pong': 'pong'}" + latency;
    case Kind::ack:
      return std::string("Received ack {'ack': 'Received timestamp', 'audioDownloaded': ") +
             (event.has_audio ? "True" : "False") + "}" + latency;
    case Kind::played:
      return "Received ack {'ack': 'Received timestamp'} after playing (" + who + ")";
  }
  return {};
}

}  // namespace tutti::protocol
