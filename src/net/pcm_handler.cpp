#include "net/pcm_handler.h"

#include "app/track_choice.h"

#include <utility>

namespace tutti::net {
namespace {

using namespace std::chrono_literals;

// Sent ahead of real time, so that a client can prebuffer and a late packet is not heard.
constexpr Duration kBurst = 2s;

}  // namespace

PcmHandler::PcmHandler(WebSocket& socket, MediaDoor& door, Wanted wanted)
    : socket_(socket),
      door_(door),
      track_(std::move(wanted.track)),
      chunk_frames_(protocol::parse_chunk_frames(wanted.chunk_frames)),
      first_frame_(protocol::parse_first_frame(wanted.first_frame)),
      stream_(chunk_frames_.value_or(protocol::kPcmChunk), kBurst, first_frame_.value_or(0)),
      timer_(socket.executor()) {}

template <class Then>
auto PcmHandler::if_alive(Then then) {
  return [weak = socket_.weak_from_this(), then](auto&&... values) {
    const auto socket = weak.lock();
    auto* handler = socket ? static_cast<PcmHandler*>(socket->handler()) : nullptr;
    if (handler) then(*handler, std::forward<decltype(values)>(values)...);
  };
}

void PcmHandler::on_text(std::string_view text) {
  const auto answer = stream_.on_message(text);
  if (answer.text) send(*answer.text);
  if (answer.open) open();
}

void PcmHandler::on_binary(std::span<const std::uint8_t> payload) {
  on_text({reinterpret_cast<const char*>(payload.data()), payload.size()});
}

void PcmHandler::send(const std::string& text) {
  socket_.send(protocol::text_frame(text), FrameKind::control);
}

void PcmHandler::fail_stream(const std::string& why) {
  file_.reset();
  send(stream_.on_failed(why));
}

void PcmHandler::open() {
  if (!chunk_frames_) return fail_stream(chunk_frames_.error().message);
  if (!first_frame_) return fail_stream(first_frame_.error().message);
  auto on_chosen = if_alive([](PcmHandler& self, Result<app::ChosenFile> chosen) {
    if (!chosen) return self.fail_stream(chosen.error().message);
    self.door_.pcm_files.open(
        chosen->file, self.if_alive([](PcmHandler& opener, auto file) { opener.on_file(std::move(file)); }));
  });
  boost::asio::post(door_.control().executor, [&control = door_.control(), track = track_, wav = door_.wav(),
                                               home = socket_.executor(), on_chosen] {
    auto chosen = app::choose_pcm(control.stations.library(), track, wav);
    boost::asio::post(home,
                      [on_chosen, chosen = std::move(chosen)]() mutable { on_chosen(std::move(chosen)); });
  });
}

void PcmHandler::on_file(Result<File> file) {
  if (!file) return fail_stream("this track cannot be played: " + file.error().message);
  file_ = std::move(*file);
  send(stream_.on_opened(file_->file->format(), now()));
  pump();
}

void PcmHandler::pump() {
  // Where the socket takes no more, it tells when it does; this is for the case that something else was
  // being sent.
  constexpr Duration kLookAgain = 100ms;
  if (!stream_.is_playing() || fetching_) return;
  const Duration wait = stream_.due() - now();
  if (wait > 0us) return pump_after(wait);
  if (socket_.pending_bytes() > 0) return pump_after(kLookAgain);
  fetch();
}

void PcmHandler::pump_after(Duration wait) {
  timer_.expires_after(wait);
  timer_.async_wait(if_alive([](PcmHandler& self, const boost::system::error_code& error) {
    if (!error) self.pump();
  }));
}

void PcmHandler::fetch() {
  fetching_ = true;
  const Frames first = stream_.position(), count = stream_.chunk_frames();
  const std::size_t bytes = static_cast<std::size_t>(count * file_->file->format().frame_bytes());
  auto make = [file = file_->file, first, count]() -> Result<std::shared_ptr<const PcmChunk>> {
    const auto samples = file->read(first, count);
    if (!samples) return tl::make_unexpected(samples.error());
    const Frames frames = static_cast<Frames>(samples->size()) / file->format().frame_bytes();
    return std::make_shared<const PcmChunk>(
        PcmChunk{frames > 0 ? protocol::binary_frame(*samples) : nullptr, frames});
  };
  door_.pcm_chunks.get({file_->serial, count, first}, bytes, std::move(make),
                       if_alive([](PcmHandler& self, const auto& chunk) { self.on_chunk(chunk); }));
}

void PcmHandler::on_chunk(const Result<std::shared_ptr<const PcmChunk>>& chunk) {
  fetching_ = false;
  if (!chunk) return fail_stream("this track cannot be played further: " + chunk.error().message);
  if ((*chunk)->frame) socket_.send((*chunk)->frame, FrameKind::control);
  if (const auto end = stream_.on_chunk((*chunk)->frames)) {
    file_.reset();
    return send(*end);
  }
  // What was just sent goes out at the end of this turn.
  boost::asio::post(socket_.executor(), if_alive([](PcmHandler& self) { self.pump(); }));
}

}  // namespace tutti::net
