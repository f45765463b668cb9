#include "server/console.h"

#include "base/log.h"
#include "base/utf8.h"

#include <unistd.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {

// What control tells of the walk, as lines.
class Console::Watcher : public app::WalkConductor {
 public:
  explicit Watcher(Console& console) : console_(console) {}

  void on_walk(const app::WalkNewsPtr& news) override {
    if (news->keys.sheet || news->keys.assets) console_.news_.post(protocol::words_of(*news->walk));
  }
  void on_participants(const std::shared_ptr<const app::WalkRows>&) override {}
  void on_event(const std::shared_ptr<const WalkEvent>& event) override {
    console_.editor_.say(to_valid_utf8(event->text) + "\n");
  }

 private:
  Console& console_;
};

Console::Console(boost::asio::any_io_executor control, app::WalkService& walk)
    : control_(std::move(control)), walk_(walk), editor_("> ", [this](std::string_view line) {
        if (auto newer = news_.try_take()) words_ = std::move(*newer);
        return protocol::complete_conductor_line(line, words_);
      }) {}

Console::~Console() { stop(); }

Result<void> Console::start() {
  const auto visit = walk_.conduct(std::make_shared<Watcher>(*this));
  if (!visit) return tl::make_unexpected(visit.error());
  if (editor_.is_interactive() && ::isatty(STDERR_FILENO) == 1) {
    log::divert([this](std::string_view line) { editor_.say(line); });
  }
  editor_.say("The conductor's line: a,b or the name of a cue, \"a message\", stop, who, help\n");
  thread_ = std::thread([this] { run(); });
  return {};
}

void Console::stop() {
  if (!thread_.joinable()) return;
  log::divert(nullptr);
  editor_.close();
  thread_.join();
}

// The server goes on without its line.
void Console::run() {
  while (auto line = editor_.read()) {
    boost::asio::post(control_, [this, typed = std::move(*line)] { carry_out(typed); });
  }
  editor_.linger();
}

void Console::carry_out(const std::string& line) {
  const auto news = walk_.news();
  const auto words = protocol::words_of(*news->walk);
  const auto typed = protocol::parse_conductor_line(line, words);
  if (!typed) return editor_.say(typed.error().message + "\n");
  if (std::holds_alternative<protocol::HelpTyped>(*typed)) editor_.say(protocol::conductor_help(words));
  if (std::holds_alternative<protocol::WhoTyped>(*typed)) {
    std::vector<protocol::WalkerLine> lines;
    for (const auto& who : walk_.participants()) {
      lines.push_back(protocol::walker_of(who, *news->walk));
      lines.back().name = to_valid_utf8(lines.back().name);
    }
    editor_.say(protocol::show_walkers(lines));
  }
  const auto verb = protocol::verb_of(*typed);
  if (!verb) return;
  editor_.say(protocol::echo_of(*verb) + "\n");
  walk_.order(protocol::order_of(*verb), "console", [this](const Result<void>& done) {
    if (!done) editor_.say("nothing was sent: " + done.error().message + "\n");
  });
}

}  // namespace tutti::server
