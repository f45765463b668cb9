// What `tutti conduct` says over /walk/conduct, and what it tells the conductor of what it hears. Lives on
// the network's thread.
#pragma once

#include "base/mailbox.h"
#include "player/conversation.h"
#include "protocol/conductor_order.h"

#include <atomic>
#include <deque>
#include <functional>
#include <map>

#include <boost/json/object.hpp>

namespace tutti::player {

class ConductConversation : public Conversation {
 public:
  static constexpr std::size_t kMostLines = 10'000;  // that wait
  static constexpr std::size_t kMostWalkers = 20'000;

  // `say`: a line for the conductor, with its end. `words`: what can be named, whenever it has changed.
  // `is_script`: nobody sits there, so a line waits until the one before has been answered.
  ConductConversation(std::function<void(const std::string&)> say, Mailbox<protocol::ConductorWords>& words,
                      bool is_script)
      : say_(std::move(say)), words_(words), is_script_(is_script) {}

  // What was typed; wake the connection afterwards.
  void type(std::string line);
  // There will be no more: ends when the last one has been answered.
  void end() { is_ended_ = true; }
  // Any thread. Whether anything was refused, by the server or before.
  bool was_refused() const { return was_refused_; }

  std::string_view begin() override;
  Result<Next> on_text(std::string_view text, ClientTime arrived) override;
  Result<Next> on_binary(std::span<const std::uint8_t>) override { return Next::more; }
  Result<Next> on_closed(int code, const std::string& reason) override;
  std::optional<std::string> speak() override;
  std::chrono::steady_clock::time_point speaks_at() const override;
  bool has_left() const override;
  std::int64_t progress() const override { return heard_; }
  bool has_begun() const override { return heard_ > 0; }
  std::string consequence() const override { return "the phones play on"; }
  void finish() override {}
  void cancel() override {}

 private:
  void on_walk(const boost::json::object& state);
  void on_participants(const boost::json::object& message);
  void on_event(const boost::json::object& event);
  // What to send for it, if anything.
  std::optional<std::string> carry_out(const std::string& line);
  void answered();

  std::function<void(const std::string&)> say_;
  Mailbox<protocol::ConductorWords>& words_;
  bool is_script_;
  bool is_ended_ = false, is_known_ = false;
  std::atomic<bool> was_refused_{false};
  std::deque<std::string> lines_;
  protocol::ConductorWords known_;
  std::string title_;
  std::map<std::string, protocol::WalkerLine> walkers_;
  std::size_t unanswered_ = 0;
  std::chrono::steady_clock::time_point give_up_at_;
  std::int64_t heard_ = 0;
};

}  // namespace tutti::player
