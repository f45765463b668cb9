#include "net/audio_handler.h"

#include "app/track_choice.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMessage = protocol::kAudioChunk;
constexpr std::int64_t kFragment = 64 * 1024;
constexpr Duration kBetween = 100ms;  // after each message

Error changed() { return {"the file has changed while it was sent"}; }

}  // namespace

AudioHandler::AudioHandler(WebSocket& socket, MediaDoor& door, std::string track)
    : socket_(socket), door_(door), track_(std::move(track)), timer_(socket.executor()) {}

template <class Then>
auto AudioHandler::if_alive(Then then) {
  return [weak = socket_.weak_from_this(), then](auto&&... values) {
    const auto socket = weak.lock();
    auto* handler = socket ? static_cast<AudioHandler*>(socket->handler()) : nullptr;
    if (handler) then(*handler, std::forward<decltype(values)>(values)...);
  };
}

void AudioHandler::give_up(const std::string& why) { socket_.close(protocol::kCloseInternal, why); }

void AudioHandler::on_open() {
  auto on_chosen = if_alive([](AudioHandler& self, Result<app::ChosenFile> chosen) {
    if (!chosen) return self.give_up(chosen.error().message);
    self.is_mp3_ = chosen->is_mp3;
    self.door_.byte_files.open(chosen->file, self.if_alive([](AudioHandler& opener, auto file) {
      opener.on_file(std::move(file));
    }));
  });
  boost::asio::post(door_.control().executor,
                    [&control = door_.control(), track = track_, home = socket_.executor(), on_chosen] {
                      auto chosen = app::choose_audio(control.stations.library(), track);
                      boost::asio::post(home, [on_chosen, chosen = std::move(chosen)]() mutable {
                        on_chosen(std::move(chosen));
                      });
                    });
}

void AudioHandler::on_file(Result<File> file) {
  if (!file) return give_up("this track cannot be read: " + file.error().message);
  file_ = std::move(*file);
  begin_message();
}

// Of an MP3, whole frames.
void AudioHandler::begin_message() {
  begin_ = at_ = end_;
  busy_ = true;
  if (begin_ == size()) return socket_.close(protocol::kCloseNormal, "");
  if (!is_mp3_)
    return on_cut(std::make_shared<const AudioCut>(
        AudioCut{static_cast<std::size_t>(std::min(kMessage, size() - begin_)), {}}));
  auto make = [file = file_->file, begin = begin_,
               cut = AudioCut{0, chunks_}]() mutable -> Result<std::shared_ptr<const AudioCut>> {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min(kMessage, file->size() - begin)));
    if (file->read_at(begin, bytes) < bytes.size()) return tl::make_unexpected(changed());
    const bool is_end = begin + static_cast<std::int64_t>(bytes.size()) == file->size();
    cut.length = cut.after.next(bytes, is_end);
    return std::make_shared<const AudioCut>(cut);
  };
  door_.audio_cuts.get({file_->serial, begin_}, sizeof(AudioCut), std::move(make),
                       if_alive([](AudioHandler& self, const auto& cut) { self.on_cut(cut); }));
}

void AudioHandler::on_cut(const Result<std::shared_ptr<const AudioCut>>& cut) {
  if (!cut) return give_up(cut.error().message);
  chunks_ = (*cut)->after;
  end_ = begin_ + static_cast<std::int64_t>((*cut)->length);
  busy_ = false;
  pump();
}

void AudioHandler::pump() {
  constexpr Duration kLookAgain = 50ms;  // see PcmHandler::pump()
  if (busy_) return;
  if (socket_.pending_bytes() > 0) return pump_after(kLookAgain);
  if (at_ < end_) return fetch();
  busy_ = true;
  timer_.expires_after(kBetween);
  timer_.async_wait(if_alive([](AudioHandler& self, const boost::system::error_code& error) {
    if (!error) self.begin_message();
  }));
}

void AudioHandler::pump_after(Duration wait) {
  timer_.expires_after(wait);
  timer_.async_wait(if_alive([](AudioHandler& self, const boost::system::error_code& error) {
    if (!error) self.pump();
  }));
}

void AudioHandler::fetch() {
  busy_ = true;
  const std::int64_t length = std::min(kFragment, end_ - at_);
  auto make = [file = file_->file, at = at_, length, is_first = at_ == begin_,
               is_last = at_ + length == end_]() -> Result<protocol::FramePtr> {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(length));
    if (file->read_at(at, bytes) < bytes.size()) return tl::make_unexpected(changed());
    return protocol::binary_fragment(bytes, is_first, is_last);
  };
  door_.audio_fragments.get({file_->serial, at_}, static_cast<std::size_t>(length), std::move(make),
                            if_alive([](AudioHandler& self, const auto& frame) { self.on_fragment(frame); }));
}

void AudioHandler::on_fragment(const Result<protocol::FramePtr>& frame) {
  if (!frame) return give_up(frame.error().message);
  at_ += std::min(kFragment, end_ - at_);
  socket_.send(*frame, FrameKind::control);
  // What was just sent goes out at the end of this turn.
  busy_ = false;
  boost::asio::post(socket_.executor(), if_alive([](AudioHandler& self) { self.pump(); }));
}

}  // namespace tutti::net
