#include "protocol/sendspin_delta.h"

#include "domain/visualization.h"

namespace tutti::protocol::sendspin {
namespace {

template <class T>
Change<T> news(const std::optional<Metadata>& before, const Metadata& now, Change<T> Metadata::*field) {
  const Change<T> known = before ? (*before).*field : Change<T>(std::optional<T>());
  return known == now.*field ? Change<T>() : now.*field;
}

}  // namespace

Metadata delta(const std::optional<Metadata>& before, const Metadata& now) {
  Metadata out;
  out.at = now.at;
  out.title = news(before, now, &Metadata::title);
  out.artist = news(before, now, &Metadata::artist);
  out.album_artist = news(before, now, &Metadata::album_artist);
  out.album = news(before, now, &Metadata::album);
  out.artwork_url = news(before, now, &Metadata::artwork_url);
  out.year = news(before, now, &Metadata::year);
  out.track = news(before, now, &Metadata::track);
  out.progress = now.progress;
  out.repeat = news(before, now, &Metadata::repeat);
  out.shuffle = news(before, now, &Metadata::shuffle);
  return out;
}

ControllerState delta(const std::optional<ControllerState>& before, const ControllerState& now) {
  if (!before) return now;
  ControllerState out;
  if (before->commands != now.commands) out.commands = now.commands;
  if (before->volume != now.volume) out.volume = now.volume;
  if (before->muted != now.muted) out.muted = now.muted;
  return out;
}

VisualizerStream visualizer_stream() {
  using V = Visualization;
  return {"bands",
          V::kPerSecond,
          static_cast<int>(V::kBands),
          static_cast<int>(V::kLowest),
          static_cast<int>(V::kHighest),
          static_cast<int>(V::kFloor),
          V::kWindow,
          V::kRate};
}

}  // namespace tutti::protocol::sendspin
