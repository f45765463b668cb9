#include "protocol/walk_json.h"

#include "protocol/sendspin_envelope.h"

#include <array>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using namespace std::string_view_literals;

constexpr std::array kEventKinds = {"connected"sv, "left"sv, "downloaded"sv, "ack"sv,  "cue"sv,  "stop"sv,
                                    "message"sv,   "arm"sv,  "sheet"sv,      "lead"sv, "about"sv};

json::value micros(ServerTime t) { return t.since_start.count(); }

template <class T>
json::value count_or_null(const std::optional<T>& value) {
  return value ? json::value(value->count()) : json::value(nullptr);
}

json::object about_object(const WalkAbout& about) {
  return {{"title", about.title},
          {"text", about.text},
          {"welcome", about.welcome},
          {"languages", json::array(about.languages.begin(), about.languages.end())}};
}

json::object asset_object(const WalkAsset& asset) {
  json::object out{{"id", asset.id},         {"title", asset.title},     {"url", "/walk/assets/" + asset.id},
                   {"type", "audio/mpeg"},   {"rate", WalkAsset::kRate}, {"frames", asset.frames},
                   {"ready", asset.is_ready}};
  if (!asset.is_ready) return out;
  out["bytes"] = asset.bytes;
  out["sha256"] = asset.sha256;
  out["delay"] = asset.delay;
  return out;
}

void put_part(json::object& out, const WalkPart& part) {
  out["asset"] = part.asset;
  out["a_ms"] = part.a.count();
  out["b_ms"] = part.b.count();
  out["volume"] = part.volume;
  out["loop"] = part.loop;
}

json::value live_value(const std::optional<LiveCue>& cue) {
  if (!cue) return nullptr;
  json::object out{{"id", cue->id}, {"name", nullptr}};
  if (cue->name) out["name"] = *cue->name;
  put_part(out, cue->part);
  out["start"] = micros(cue->start);
  out["author"] = cue->author;
  out["stop"] = nullptr;
  if (cue->stop)
    out["stop"] = json::object{{"at", micros(cue->stop->at)}, {"fade_ms", cue->stop->fade.count()}};
  return out;
}

json::array sheet_array(const std::vector<WalkCue>& sheet) {
  json::array out;
  for (const auto& cue : sheet) {
    json::object each{{"name", cue.name}};
    put_part(each, cue.part);
    each["note"] = cue.note;
    out.push_back(std::move(each));
  }
  return out;
}

}  // namespace

json::object walk_object(const Walk& walk, WalkKeys keys) {
  json::object out;
  if (keys.about) out["walk"] = about_object(walk.about);
  if (keys.assets) {
    json::array assets;
    for (const auto& asset : walk.assets) assets.push_back(asset_object(asset));
    out["assets"] = std::move(assets);
  }
  if (keys.sheet) out["sheet"] = sheet_array(walk.sheet);
  if (keys.edit) {
    out["edit"] = json::object{{"revision", walk.edit.revision}, {"author", walk.edit.author}};
  }
  if (keys.live) {
    out["live"] = json::object{{"now", live_value(walk.live.now)}, {"next", live_value(walk.live.next)}};
    out["reached"] = walk.reached.empty() ? json::value(nullptr) : json::value(walk.reached);
  }
  if (keys.messages) {
    json::array messages;
    for (const auto& each : walk.messages) {
      messages.push_back(json::object{
          {"seq", each.seq}, {"text", each.text}, {"at", micros(each.at)}, {"author", each.author}});
    }
    out["messages"] = std::move(messages);
  }
  if (keys.lead) {
    out["lead_ms"] = walk.lead.chosen.count();
    out["lead"] = json::object{{"chosen_ms", walk.lead.chosen.count()},
                               {"measured_ms", count_or_null(walk.lead.measured)},
                               {"manual_ms", count_or_null(walk.lead.manual)}};
  }
  if (keys.armed) {
    out["armed"] = nullptr;
    if (walk.armed) {
      out["armed"] = json::object{{"start", micros(walk.armed->start)},
                                  {"from", walk.armed->from},
                                  {"id", walk.armed->id},
                                  {"author", walk.armed->author}};
    }
  }
  return out;
}

json::object participant_object(const WalkParticipant& who, const Walk& walk) {
  constexpr std::array kKinds = {"phone"sv, "app"sv, "speaker"sv};
  json::object assets;
  for (const auto& [id, download] : who.assets) {
    assets[id] = json::object{{"have", download.have}, {"ready", download.is_ready}};
  }
  json::object out{{"id", who.id},
                   {"name", who.name},
                   {"kind", kKinds[static_cast<std::size_t>(who.kind)]},
                   {"connected", who.is_connected},
                   {"since", micros(who.since)},
                   {"ready", who.is_ready(walk)},
                   {"unlocked", who.is_unlocked},
                   {"hidden", who.is_hidden},
                   {"assets", std::move(assets)},
                   {"clock_us", count_or_null(who.clock)},
                   {"latency_us", count_or_null(who.latency)},
                   {"correction_us", count_or_null(who.correction)},
                   {"battery", nullptr},
                   {"network", nullptr},
                   {"ack", nullptr},
                   {"seen", who.seen}};
  if (who.battery) out["battery"] = *who.battery;
  if (who.network) out["network"] = *who.network;
  if (who.ack) {
    out["ack"] = json::object{{"cue", who.ack->cue},
                              {"start_error_us", count_or_null(who.ack->start_error)},
                              {"late_us", who.ack->late.count()},
                              {"at", micros(who.acked_at)}};
  }
  return out;
}

std::string_view name_of(WalkEvent::Kind kind) { return kEventKinds[static_cast<std::size_t>(kind)]; }

json::object event_object(const WalkEvent& event) {
  json::object out{{"at", micros(event.at)}, {"kind", name_of(event.kind)}};
  if (event.participant) out["participant"] = *event.participant;
  if (event.latency) out["latency_ms"] = static_cast<double>(event.latency->count()) / 1000;
  out["text"] = event.text;
  return out;
}

std::string print_walk_state(const Walk& walk, WalkKeys keys) {
  return sendspin::Envelope::close("server/state", {{"_walk", walk_object(walk, keys)}});
}

}  // namespace tutti::protocol
