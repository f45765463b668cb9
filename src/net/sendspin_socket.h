// /sendspin: one client of a group, over WebSocket. What it says means what protocol/sendspin_session.h makes
// of it; what is to happen in the group is decided on control (app/group_service.h); its audio comes from
// this thread's feeds.
#pragma once

#include "net/control.h"
#include "net/sync_feeds.h"
#include "net/walk_visitor.h"
#include "net/web_socket.h"
#include "net/web_socket_mounts.h"
#include "protocol/sendspin_session.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::net {

// `self`: how the server introduces itself. `stations`: the routes that a client can ask for.
WebSocketMount sendspin_mount(Control& control, protocol::sendspin::Session::Self self,
                              std::vector<std::string> stations);

WebSocketLimits sendspin_limits();

// Who has made the connection, where that was not the client. Called on its thread.
class SendspinCaller {
 public:
  virtual ~SendspinCaller() = default;
  // It has introduced itself.
  virtual void on_up(const std::string& client) = 0;
  // Once, last. `goodbye`: why it left, where it said so; `is_replaced`: it came by another connection.
  virtual void on_over(std::optional<protocol::sendspin::GoodbyeReason> goodbye, bool is_replaced,
                       std::uint16_t code) = 0;
};

class SendspinSocket : public WebSocketHandler, private SyncOwner {
 public:
  // What the request said.
  struct Visit {
    std::optional<std::string> route;  // the station that was asked for
    bool wants_solo = false;           // a private group of its own was
    bool is_operator = false;
    std::string base_url;                    // of this server, as the client reached it
    std::shared_ptr<SendspinCaller> caller;  // null: the client has come by itself
  };

  SendspinSocket(WebSocket& socket, protocol::sendspin::Session::Self self, Visit visit, SyncFeeds& feeds,
                 Control& control);
  ~SendspinSocket() override;

  void on_text(std::string_view text) override;
  void on_binary(std::span<const std::uint8_t> payload) override;
  std::vector<protocol::FramePtr> urgent() override;
  void on_closed(std::uint16_t code) override;

 private:
  class Client;
  using Session = protocol::sendspin::Session;
  struct Stream {
    explicit Stream(SyncOwner& owner) : listener(owner) {}
    SyncListener listener;
    std::optional<app::SyncId> feed;
  };

  // --- for the feeds
  bool is_ready() const override { return socket_.is_open() && socket_.pending_bytes() == 0; }
  std::size_t offer(std::span<const protocol::FramePtr> frames, std::span<iovec> parts,
                    std::size_t bytes) override {
    return socket_.offer(frames, parts, bytes, FrameKind::audio);
  }
  void send(const protocol::FramePtr& frame) override { socket_.send(frame, FrameKind::audio); }
  void refuse(const std::string& why) override { socket_.close(protocol::kCloseTryLater, why); }
  void on_revoked() override;

  void perform(const Session::Actions& actions);
  void enter();
  void note();
  void obey(const protocol::sendspin::Control& control);
  void tune(const Session::Tune& tune);
  void paint(int channel);
  void tell_walk(const Session::Walk& walk);
  Stream& stream(protocol::sendspin::Role role);

  // --- from control, on this thread
  void on_group(app::GroupView group);
  void on_now_playing(const app::NowPlaying& playing);
  void on_controls(const app::GroupControls& controls);
  void on_artwork(int channel, const ArtworkPtr& artwork, ServerTime at);

  WebSocket& socket_;
  SyncFeeds& feeds_;
  Control& control_;
  Visit visit_;
  Session session_;
  std::uint32_t group_ = 0;
  bool is_replaced_ = false;
  Stream audio_, visualization_;
  std::shared_ptr<Client> client_;
  std::shared_ptr<WalkVisitor> walker_;  // where it takes part in the walk
};

}  // namespace tutti::net
