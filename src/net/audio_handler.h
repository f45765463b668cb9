// One connection of /audio: the bytes of a file in messages of up to 1 MiB, a tenth of a second after each,
// then the end. A message goes out in fragments, so that no more than one of those lies in memory for a slow
// client.
#pragma once

#include "net/media_door.h"
#include "net/web_socket.h"

#include <memory>
#include <string>

#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class AudioHandler : public WebSocketHandler {
 public:
  // `track`: as the request's parameter has it. `door` outlives the connection.
  AudioHandler(WebSocket& socket, MediaDoor& door, std::string track);

  void on_open() override;
  void on_text(std::string_view) override {}  // there is nothing to be said
  void on_binary(std::span<const std::uint8_t>) override {}
  void on_drained() override { pump(); }

 private:
  using File = SharedFiles<app::ByteFile>::Ptr;

  void on_file(Result<File> file);
  void begin_message();
  void on_cut(const Result<std::shared_ptr<const AudioCut>>& cut);
  void pump();
  void pump_after(Duration wait);
  void fetch();
  void on_fragment(const Result<protocol::FramePtr>& frame);
  void give_up(const std::string& why);
  std::int64_t size() const { return file_->file->size(); }
  template <class Then>
  auto if_alive(Then then);

  WebSocket& socket_;
  MediaDoor& door_;
  std::string track_;
  File file_;
  bool is_mp3_ = false;
  protocol::MpegChunks chunks_;
  std::int64_t begin_ = 0, at_ = 0, end_ = 0;  // of the message under way, and where it is
  bool busy_ = true;                           // something is being read
  boost::asio::steady_timer timer_;
};

}  // namespace tutti::net
