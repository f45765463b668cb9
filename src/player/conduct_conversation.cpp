#include "player/conduct_conversation.h"

#include "base/utf8.h"
#include "protocol/small_json.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <boost/json/serialize.hpp>

namespace tutti::player {
namespace {

namespace json = boost::json;

constexpr auto kAnswerPatience = std::chrono::seconds(5);
constexpr std::size_t kMostNames = 2000;

// What comes from elsewhere must not steer the terminal.
std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? to_valid_utf8(value->get_string()) : "";
}

std::optional<double> number_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

bool is_true(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

std::vector<std::string> names_in(const json::object& object, std::string_view list, std::string_view name) {
  std::vector<std::string> out;
  const auto* found = object.if_contains(list);
  if (!found || !found->is_array()) return out;
  for (const auto& each : found->get_array()) {
    if (!each.is_object() || out.size() == kMostNames) continue;
    if (auto text = text_in(each.get_object(), name); !text.empty()) out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

std::string_view ConductConversation::begin() {
  if (unanswered_ > 0) say_("tutti: whether the last one was carried out is not known\n");
  unanswered_ = 0;
  is_known_ = false;
  walkers_.clear();
  return {};
}

void ConductConversation::type(std::string line) {
  if (lines_.size() < kMostLines) {
    lines_.push_back(std::move(line));
    return;
  }
  was_refused_ = true;
  say_("tutti: nothing was sent: too many lines wait already\n");
}

Result<Conversation::Next> ConductConversation::on_text(std::string_view text, ClientTime) {
  ++heard_;
  boost::system::error_code error;
  const json::value value = protocol::parse_small(text, error);
  if (error || !value.is_object()) return fail("this server's /walk/conduct does not speak JSON");
  const json::object& message = value.get_object();
  const std::string type = text_in(message, "type");
  if (type == "walk") on_walk(message);
  if (type == "participants") on_participants(message);
  if (type == "event") on_event(message);
  if (type == "done") answered();
  if (type == "error") {
    was_refused_ = true;
    say_("tutti: " + text_in(message, "message") + "\n");
    answered();
  }
  return Next::more;
}

void ConductConversation::on_walk(const json::object& state) {
  if (state.contains("sheet")) known_.cues = names_in(state, "sheet", "name");
  if (state.contains("assets")) known_.assets = names_in(state, "assets", "id");
  if (const auto* about = state.if_contains("walk"); about && about->is_object()) {
    title_ = text_in(about->get_object(), "title");
  }
  if (state.contains("sheet") || state.contains("assets")) words_.post(known_);
  if (std::exchange(is_known_, true)) return;
  say_("Conducting " + (title_.empty() ? "the walk" : title_) +
       ": a,b or the name of a cue, \"a message\", stop, " + "who, help\n");
}

void ConductConversation::on_participants(const json::object& message) {
  const auto* rows = message.if_contains("rows");
  if (!rows || !rows->is_array()) return;
  for (const auto& each : rows->get_array()) {
    if (!each.is_object()) continue;
    const json::object& row = each.get_object();
    std::string id = text_in(row, "id");
    if (walkers_.size() >= kMostWalkers && !walkers_.contains(id)) continue;
    protocol::WalkerLine line{text_in(row, "name"), is_true(row, "connected"), is_true(row, "ready"), {}, {}};
    if (const auto latency = number_in(row, "latency_us")) line.latency_ms = *latency / 1000;
    if (const auto* ack = row.if_contains("ack"); ack && ack->is_object()) {
      if (const auto cue = number_in(ack->get_object(), "cue"); cue && *cue > 0 && *cue < 1e15) {
        line.last_ack = static_cast<std::int64_t>(*cue);
      }
    }
    walkers_.insert_or_assign(std::move(id), std::move(line));
  }
}

void ConductConversation::on_event(const json::object& event) {
  std::string line = text_in(event, "text");
  const auto latency = number_in(event, "latency_ms");
  // The words of some events have it already.
  if (latency && line.find("Latency") == line.npos) {
    char text[48];
    std::snprintf(text, sizeof text, " (%.1f ms)", *latency);
    line += text;
  }
  say_(line + "\n");
}

void ConductConversation::answered() {
  if (unanswered_ > 0) --unanswered_;
}

Result<Conversation::Next> ConductConversation::on_closed(int code, const std::string& reason) {
  if (has_left()) return Next::done;
  return judge_early_close(code, reason);
}

std::optional<std::string> ConductConversation::carry_out(const std::string& line) {
  const auto typed = protocol::parse_conductor_line(line, known_);
  if (!typed) {
    was_refused_ = true;
    say_("tutti: " + typed.error().message + "\n");
    return std::nullopt;
  }
  if (std::holds_alternative<protocol::HelpTyped>(*typed)) say_(protocol::conductor_help(known_));
  if (std::holds_alternative<protocol::WhoTyped>(*typed)) {
    std::vector<protocol::WalkerLine> lines;
    for (const auto& [id, walker] : walkers_) lines.push_back(walker);
    say_(protocol::show_walkers(lines));
  }
  const auto verb = protocol::verb_of(*typed);
  if (!verb) return std::nullopt;
  say_(protocol::echo_of(*verb) + "\n");
  ++unanswered_;
  give_up_at_ = std::chrono::steady_clock::now() + kAnswerPatience;
  return json::serialize(protocol::verb_object(*verb));
}

std::optional<std::string> ConductConversation::speak() {
  if (unanswered_ > 0 && std::chrono::steady_clock::now() >= give_up_at_) {
    unanswered_ = 0;
    was_refused_ = true;
    say_("tutti: the server has not answered\n");
  }
  while (is_known_ && !lines_.empty() && !(is_script_ && unanswered_ > 0)) {
    const std::string line = std::move(lines_.front());
    lines_.pop_front();
    if (auto text = carry_out(line)) return text;
  }
  return std::nullopt;
}

std::chrono::steady_clock::time_point ConductConversation::speaks_at() const {
  return unanswered_ > 0 ? give_up_at_ : std::chrono::steady_clock::time_point::max();
}

bool ConductConversation::has_left() const {
  return is_ended_ && is_known_ && lines_.empty() && unanswered_ == 0;
}

}  // namespace tutti::player
