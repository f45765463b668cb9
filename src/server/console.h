// The conductor's line in the server's own terminal (--console). The line is edited on a thread of its own;
// what it means, and whom it reaches, is settled on the control thread.
#pragma once

#include "app/walk_service.h"
#include "base/mailbox.h"
#include "player/line_editor.h"
#include "protocol/conductor_order.h"

#include <memory>
#include <thread>

#include <boost/asio/any_io_executor.hpp>

namespace tutti::server {

class Console {
 public:
  // To be made before other threads are. `walk` outlives it; `control` is its thread.
  Console(boost::asio::any_io_executor control, app::WalkService& walk);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // On the control thread, once there is a walk. From then on, where a person sits there, the log's lines
  // appear above the one that is typed.
  Result<void> start();
  // Ends the line; the terminal is as it was when this returns.
  void stop();

 private:
  class Watcher;

  void run();
  void carry_out(const std::string& line);

  boost::asio::any_io_executor control_;
  app::WalkService& walk_;
  Mailbox<protocol::ConductorWords> news_;
  protocol::ConductorWords words_;  // the editor's thread's
  player::LineEditor editor_;
  std::thread thread_;
};

}  // namespace tutti::server
