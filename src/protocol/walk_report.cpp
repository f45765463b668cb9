// What a phone says of itself.
#include "protocol/sendspin_envelope.h"
#include "protocol/walk_json.h"

#include <cmath>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using sendspin::Fields;

constexpr std::size_t kMostNameBytes = 100;
constexpr std::int64_t kMostFileBytes = std::int64_t{1} << 40;
// An hour: beyond, nothing has been measured.
constexpr std::int64_t kMostMicros = 3'600'000'000;

std::optional<Duration> micros(const Fields& fields, std::string_view name, std::int64_t least) {
  const auto number = fields.integer(name, least, kMostMicros);
  if (!number) return std::nullopt;
  return Duration(*number);
}

// Absent, null or a number from 0 to 1.
std::optional<std::optional<double>> share(const Fields& fields, std::string_view name) {
  const json::value* found = fields.find(name);
  if (!found) return std::nullopt;
  if (found->is_null()) return std::optional<double>();
  boost::system::error_code error;
  const double number = found->is_number() ? found->to_number<double>(error) : std::nan("");
  if (number >= 0 && number <= 1) return std::optional(number);
  fields.complain(name, "a number from 0 to 1, or null");
  return std::nullopt;
}

std::map<std::string, WalkDownload> downloads(const Fields& fields) {
  std::map<std::string, WalkDownload> out;
  const json::value* found = fields.find("assets");
  if (!found || found->is_null()) return out;
  if (!found->is_object()) fields.complain("assets", "an object");
  if (!found->is_object()) return out;
  for (const auto& [id, value] : found->get_object()) {
    if (out.size() == kMostWalkAssets) break;
    if (!value.is_object() || id.size() > kMostWalkIdBytes) {
      fields.complain("assets", "an object of objects");
      return out;
    }
    const Fields each(value.get_object(), fields.where(), fields.problem());
    WalkDownload download;
    download.have = each.integer("have", 0, kMostFileBytes).value_or(0);
    download.is_ready = each.boolean("ready").value_or(false);
    out[std::string(id)] = download;
  }
  return out;
}

template <class T>
void put_change(json::object& out, std::string_view name, const std::optional<std::optional<T>>& change) {
  if (!change) return;
  out[name] = nullptr;
  if (*change) out[name] = **change;
}

void put_micros(json::object& out, std::string_view name, const std::optional<Duration>& value) {
  if (value) out[name] = value->count();
}

}  // namespace

WalkReport read_walk_report(const Fields& fields) {
  WalkReport out;
  out.name = fields.text("name", kMostNameBytes);
  out.is_unlocked = fields.boolean("unlocked");
  out.assets = downloads(fields);
  out.clock = micros(fields, "clock_us", 0);
  out.latency = micros(fields, "latency_us", 0);
  out.correction = micros(fields, "correction_us", -kMostMicros);
  out.battery = share(fields, "battery");
  if (fields.is_null("network")) out.network = std::optional<std::string>();
  if (auto network = fields.text("network", kMostNameBytes)) out.network = std::move(network);
  out.is_hidden = fields.boolean("hidden");
  return out;
}

json::object walk_report_object(const WalkReport& report) {
  json::object out;
  sendspin::put(out, "name", report.name);
  sendspin::put(out, "unlocked", report.is_unlocked);
  if (!report.assets.empty()) {
    json::object assets;
    for (const auto& [id, each] : report.assets) {
      assets[id] = json::object{{"have", each.have}, {"ready", each.is_ready}};
    }
    out["assets"] = std::move(assets);
  }
  put_micros(out, "clock_us", report.clock);
  put_micros(out, "latency_us", report.latency);
  put_micros(out, "correction_us", report.correction);
  put_change(out, "battery", report.battery);
  put_change(out, "network", report.network);
  sendspin::put(out, "hidden", report.is_hidden);
  return out;
}

std::optional<WalkSaid> read_walk_command(const Fields& fields) {
  constexpr std::int64_t kMostId = std::int64_t{1} << 53;
  const std::string command = fields.must(fields.text("command"), "command");
  if (command == "ack") {
    WalkAck ack;
    ack.cue = fields.must(fields.integer("cue", 0, kMostId), "cue");
    ack.start_error = micros(fields, "start_error_us", -kMostMicros);
    ack.late = micros(fields, "late_us", 0).value_or(Duration{0});
    return ack;
  }
  if (command == "seen") return WalkSeen{fields.must(fields.integer("message", 0, kMostId), "message")};
  return std::nullopt;
}

json::object walk_command_object(const WalkSaid& said) {
  if (const auto* seen = std::get_if<WalkSeen>(&said)) {
    return {{"command", "seen"}, {"message", seen->message}};
  }
  const auto& ack = std::get<WalkAck>(said);
  json::object out{
      {"command", "ack"}, {"cue", ack.cue}, {"start_error_us", nullptr}, {"late_us", ack.late.count()}};
  put_micros(out, "start_error_us", ack.start_error);
  return out;
}

}  // namespace tutti::protocol
