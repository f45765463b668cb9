#include "walk/phone.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <boost/json/parse.hpp>

namespace walk {
namespace {

using bench::client_frame;
using bench::Opcode;
using tutti::ClientTime;
using tutti::Duration;
using tutti::ServerTime;
namespace json = boost::json;

constexpr Micros kSecond = 1'000'000;
constexpr Micros kDead = 8 * kSecond;      // without an answer
constexpr Micros kAnswerIn = 2 * kSecond;  // or it is asked again
constexpr std::size_t kListening = 8;      // exchanges of a new connection before its clock is believed
constexpr Micros kSlack = 20'000;          // by what exchanges say that the doubt of a clock does not explain
constexpr Micros kWorthTelling = 10'000;   // that a latency is another one
constexpr Micros kJudged = 150'000;        // after its start a cue is acknowledged

std::string message(std::string_view type, const std::string& payload) {
  return client_frame(Opcode::text, R"({"type":")" + std::string(type) + R"(","payload":)" + payload + "}");
}

std::int64_t number_after(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  std::int64_t out = 0;
  if (at == text.npos) return out;
  const char* begin = text.data() + at + name.size() + 2;
  std::from_chars(begin, text.data() + text.size(), out);
  return out;
}

ClientTime client(Micros t) { return {Duration{t}}; }

// As web/src/walk/keeper.ts: by that clock nothing has arrived before it was sent.
bool holds(const tutti::ClockFilter& known, const std::vector<tutti::Exchange>& exchanges) {
  return std::ranges::all_of(exchanges, [&](const tutti::Exchange& x) {
    const Duration margin = Duration{kSlack} + known.uncertainty(x.arrived);
    return known.to_server(x.sent) <= x.received + margin &&
           known.to_server(x.arrived) >= x.answered - margin;
  });
}

}  // namespace

std::string Phone::open() {
  reader_ = {};
  is_connected_ = true;
  is_greeted_ = is_asking_ = reports_ = false;
  candidate_.emplace();
  listened_.clear();
  unread_.clear();
  told_latency_ = -1;
  heard_at_ = 0;
  return bench::upgrade_request("/sendspin") +
         message("client/hello",
                 R"({"client_id":")" + id_ + R"(","name":")" + id_ +
                     R"(","version":1,"supported_roles":["_walk@v1"],"_walk@v1_support":{}})");
}

void Phone::lose() {
  is_connected_ = is_greeted_ = false;
  candidate_.reset();
  acks_.clear();
}

bool Phone::is_dead(Micros now) const { return is_connected_ && heard_at_ > 0 && now - heard_at_ > kDead; }

std::string Phone::take(std::string_view bytes, Micros arrived) {
  std::string answer;
  if (heard_at_ == 0) heard_at_ = arrived;
  reader_.take(bytes, [&](Opcode opcode, std::string_view payload) {
    if (opcode == Opcode::text) on_text(payload, arrived, answer);
    if (opcode == Opcode::ping) answer += client_frame(Opcode::pong, payload);
  });
  return answer;
}

void Phone::on_text(std::string_view text, Micros arrived, std::string& answer) {
  if (text.find(R"("server/time")") != text.npos) return on_time(text, arrived);
  if (text.find(R"("server/hello")") != text.npos) {
    is_greeted_ = true;
    asks_at_ = arrived;
    answer += message("client/state", R"({"state":"synchronized"})");
  } else if (text.find(R"("_walk")") != text.npos) {
    if (candidate_) {
      unread_.push_back({std::string(text), arrived});
    } else {
      on_walk(std::string(text), arrived);
    }
  }
}

void Phone::on_time(std::string_view text, Micros arrived) {
  const Micros sent = number_after(text, "client_transmitted");
  if (!is_asking_ || sent != asked_) return;
  is_asking_ = false;
  heard_at_ = arrived;
  const tutti::Exchange exchange{client(sent),
                                 {Duration{number_after(text, "server_received")}},
                                 {Duration{number_after(text, "server_transmitted")}},
                                 client(arrived)};
  last_round_trip_ = arrived - sent;
  if (first_round_trip_ == 0) first_round_trip_ = last_round_trip_;
  if (!candidate_) {
    filter_->add(exchange);
  } else if (candidate_->add(exchange)) {
    listened_.push_back(exchange);
    if (listened_.size() >= kListening) {
      if (filter_ && holds(*filter_, listened_)) {
        for (const auto& each : listened_) filter_->add(each);
      } else {
        filter_ = candidate_;
      }
      candidate_.reset();
      for (const auto& [walk, at] : std::exchange(unread_, {})) on_walk(walk, at);
    }
  }
  const auto& clock = candidate_ ? candidate_ : filter_;
  latency_ = std::max<Micros>(0, arrived - clock->to_client(exchange.answered).since_start.count());
  asks_at_ = sent + clock->interval().count();
}

void Phone::on_walk(const std::string& text, Micros arrived) {
  const json::value root = json::parse(text);
  const auto& walk = root.at("payload").at("_walk").as_object();
  const auto* live = walk.if_contains("live");
  if (!live) return;
  live_.clear();
  for (const char* which : {"now", "next"}) {
    const auto& cue = live->at(which);
    if (cue.is_null()) continue;
    live_.push_back({cue.at("id").as_int64(), cue.at("start").as_int64()});
    on_cue(live_.back(), arrived);
  }
}

void Phone::on_cue(const Cue& cue, Micros arrived) {
  if (!known_.insert(cue.id).second) return;
  const Micros begins = filter_->to_client(ServerTime{Duration{cue.start}}).since_start.count();
  heard_.push_back({cue.id, cue.start, arrived, begins, first_round_trip_, last_round_trip_});
  const std::string late = std::to_string(std::max<Micros>(0, arrived - begins));
  acks_.emplace(std::max(begins, arrived) + kJudged,
                message("client/command", R"({"_walk":{"command":"ack","cue":)" + std::to_string(cue.id) +
                                              R"(,"start_error_us":null,"late_us":)" + late + "}}"));
}

Micros Phone::speaks_at() const {
  if (!is_greeted_) return INT64_MAX;
  const Micros question = is_asking_ ? asked_ + kAnswerIn : asks_at_;
  return acks_.empty() ? question : std::min(question, acks_.begin()->first);
}

std::string Phone::speak(Micros now) {
  std::string out;
  if (!is_greeted_) return out;
  for (; !acks_.empty() && acks_.begin()->first <= now; acks_.erase(acks_.begin())) {
    out += acks_.begin()->second;
  }
  if (now < (is_asking_ ? asked_ + kAnswerIn : asks_at_)) return out;
  out += report();
  is_asking_ = true;
  asked_ = now;
  return out + message("client/time", R"({"client_transmitted":)" + std::to_string(now) + "}");
}

// What has changed of it, as far as it is worth a message.
std::string Phone::report() {
  if (candidate_) return "";
  std::string what;
  if (!std::exchange(reports_, true)) {
    what = R"("unlocked":true,"assets":{"noise":{"have":)" + std::string(has_asset_ ? "1" : "0") +
           R"(,"ready":)" + (has_asset_ ? "true" : "false") + "}}";
  }
  if (told_latency_ < 0 || std::abs(latency_ - told_latency_) > kWorthTelling) {
    told_latency_ = latency_;
    what += std::string(what.empty() ? "" : ",") + R"("latency_us":)" + std::to_string(latency_);
  }
  return what.empty() ? "" : message("client/state", R"({"_walk":{)" + what + "}}");
}

std::optional<Heard> Phone::playing(Micros now) const {
  std::optional<Heard> out;
  if (!filter_) return out;
  for (const Cue& cue : live_) {
    const Micros begins = filter_->to_client(ServerTime{Duration{cue.start}}).since_start.count();
    if (begins <= now) out = Heard{cue.id, cue.start, 0, begins, 0, 0};
  }
  return out;
}

}  // namespace walk
