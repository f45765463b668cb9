#include "player/play_room.h"

#include "player/play_line.h"
#include "player/volume.h"

#include <utility>

namespace tutti::player {
namespace {

namespace wire = protocol::sendspin;
using Clock = std::chrono::steady_clock;

constexpr auto kReportEvery = std::chrono::seconds(1);
constexpr auto kStarving = std::chrono::milliseconds(500);  // silence for so long is told to the server

}  // namespace

std::optional<Failure> PlayRoom::play(const std::atomic<bool>& is_over) {
  std::optional<Failure> failure;
  while (!is_over && !failure) {
    if (const auto key = keys_.next(kKeyPatience)) on_key(*key);
    if (auto news = parts_.news.try_take()) news_ = std::move(*news);
    failure = change_deck();
    if (auto alive = parts_.output.check(); !alive && !failure) failure = Failure{1, alive.error().message};
    const SyncStatus status = deck_ ? deck_->engine.status() : SyncStatus{};
    tell_state(status);
    show(status);
  }
  auto closed = parts_.output.close();
  parts_.terminal.leave();
  if (!failure && !closed) failure = Failure{1, closed.error().message};
  return failure;
}

std::optional<Failure> PlayRoom::change_deck() {
  auto next = parts_.decks.try_take();
  if (!next) return {};
  if (auto closed = parts_.output.close(); !closed) return Failure{1, closed.error().message};
  deck_ = std::move(*next);
  if (auto opened = parts_.output.open(deck_->engine); !opened) return Failure{2, opened.error().message};
  return {};
}

void PlayRoom::on_key(char key) {
  if (key == 'q') return parts_.reception.leave();
  parts_.reception.post([&conversation = parts_.conversation, key] {
    SendspinClient& client = conversation.client();
    const bool is_playing = client.now_playing().is_playing;
    switch (key) {
      case '+':
      case '=':
        return client.set_volume(client.volume() + kVolumeStep);
      case '-':
        return client.set_volume(client.volume() - kVolumeStep);
      case 'm':
        return client.set_muted(!client.is_muted());
      case 'p':
        client.command(is_playing ? wire::ControllerCommand::pause : wire::ControllerCommand::play);
        return;
      case '>':
      case '.':
        client.command(wire::ControllerCommand::next);
        return;
      case '<':
      case ',':
        client.command(wire::ControllerCommand::previous);
        return;
      case 'n':
        client.command(wire::ControllerCommand::switch_group);
        return;
      default:
        return;
    }
  });
}

// A player that should sound and does not says so, and when it does again.
void PlayRoom::tell_state(const SyncStatus& status) {
  const auto now = Clock::now();
  if (status.is_playing || !news_.is_streaming) played_ = now;
  has_played_ = has_played_ || status.is_playing;
  const bool is_synchronized = !has_played_ || now - played_ < kStarving;
  if (is_synchronized == std::exchange(is_told_synchronized_, is_synchronized)) return;
  parts_.reception.post([&conversation = parts_.conversation, is_synchronized] {
    conversation.client().set_operational(is_synchronized);
  });
}

void PlayRoom::show(const SyncStatus& status) {
  const auto now = Clock::now();
  if (parts_.is_reporting && deck_ && now - reported_ >= kReportEvery) {
    reported_ = now;
    parts_.terminal.say(report_line(news_, status));
  }
  if (!parts_.terminal.is_watched() || now - shown_ < kShowEvery) return;
  shown_ = now;
  parts_.terminal.show(play_line(news_, status, parts_.output.name()));
}

}  // namespace tutti::player
