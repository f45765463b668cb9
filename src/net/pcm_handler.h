// One connection of /pcm: carries out what protocol/pcm_stream.h decides. At most one chunk is on its way;
// the next one is read when it is due and the socket has taken the one before.
#pragma once

#include "net/media_door.h"
#include "net/web_socket.h"
#include "protocol/pcm_stream.h"

#include <memory>
#include <string>

#include <boost/asio/steady_timer.hpp>

namespace tutti::net {

class PcmHandler : public WebSocketHandler {
 public:
  // As the request's parameters have it.
  struct Wanted {
    std::string track;
    std::string_view chunk_frames, first_frame;
  };
  // `door` outlives the connection.
  PcmHandler(WebSocket& socket, MediaDoor& door, Wanted wanted);

  void on_text(std::string_view text) override;
  void on_binary(std::span<const std::uint8_t> payload) override;
  void on_drained() override { pump(); }

 private:
  using File = SharedFiles<app::PcmFile>::Ptr;

  void open();
  void on_file(Result<File> file);
  void pump();
  void pump_after(Duration wait);
  void fetch();
  void on_chunk(const Result<std::shared_ptr<const PcmChunk>>& chunk);
  void fail_stream(const std::string& why);
  void send(const std::string& text);
  ServerTime now() const { return door_.control().clock.now(); }
  // Calls `then(handler, …)` on this thread if the connection is still there.
  template <class Then>
  auto if_alive(Then then);

  WebSocket& socket_;
  MediaDoor& door_;
  std::string track_;
  Result<Frames> chunk_frames_, first_frame_;
  protocol::PcmStream stream_;
  File file_;
  bool fetching_ = false;
  boost::asio::steady_timer timer_;
};

}  // namespace tutti::net
