#include "domain/walk_people.h"

#include <algorithm>

namespace tutti {
namespace {

void add_latency(WalkParticipant& participant, Duration latency) {
  auto& kept = participant.latencies;
  if (kept.size() == WalkParticipant::kLatencies) kept.erase(kept.begin());
  kept.push_back(latency);
}

}  // namespace

bool WalkParticipant::has_everything(const Walk& walk) const {
  const auto is_here = [&](const WalkAsset& asset) {
    const auto found = assets.find(asset.id);
    return found != assets.end() && found->second.is_ready;
  };
  if (kind == Kind::app) return std::any_of(walk.assets.begin(), walk.assets.end(), is_here);
  return !walk.assets.empty() && std::all_of(walk.assets.begin(), walk.assets.end(), is_here);
}

bool WalkParticipant::is_ready(const Walk& walk) const {
  return is_unlocked && (walk.assets.empty() || has_everything(walk));
}

std::optional<Duration> WalkParticipant::worst_latency() const {
  if (latencies.empty()) return std::nullopt;
  return *std::max_element(latencies.begin(), latencies.end());
}

void apply(WalkParticipant& participant, const WalkReport& report) {
  if (report.name) participant.name = *report.name;
  if (report.is_unlocked) participant.is_unlocked = *report.is_unlocked;
  for (const auto& [id, download] : report.assets) {
    const bool has_room = participant.assets.size() < WalkParticipant::kMostAssets;
    if (has_room || participant.assets.contains(id)) participant.assets[id] = download;
  }
  if (report.clock) participant.clock = report.clock;
  if (report.latency) {
    participant.latency = report.latency;
    add_latency(participant, *report.latency);
  }
  if (report.correction) participant.correction = report.correction;
  if (report.battery) participant.battery = *report.battery;
  if (report.network) participant.network = *report.network;
  if (report.is_hidden) participant.is_hidden = *report.is_hidden;
}

void apply(WalkParticipant& participant, const WalkAck& ack, std::optional<Duration> lead, ServerTime now) {
  participant.ack = ack;
  participant.acked_at = now;
  if (lead && ack.late > Duration{0}) add_latency(participant, *lead + ack.late);
}

}  // namespace tutti
