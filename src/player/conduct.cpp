#include "player/conduct.h"

#include "player/conduct_conversation.h"
#include "player/connection_options.h"
#include "player/line_editor.h"
#include "player/network_thread.h"

#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>

namespace tutti::player {
namespace {

int refuse(const std::string& message, int code) {
  std::cerr << "tutti: " << message << std::endl;
  return code;
}

Result<protocol::WebSocketUrl> address(const std::string& text) {
  const bool has_scheme = text.find("://") != text.npos;
  auto url = protocol::parse_websocket_url((has_scheme ? "" : "ws://") + text);
  if (url && url->path == "/") {
    url->path = "/walk/conduct";
    url->target = "/walk/conduct" + url->target.substr(1);
  }
  return url;
}

}  // namespace

void add_conduct_options(CLI::App& command, ConductOptions& options) {
  command
      .add_option("address", options.url,
                  "The server, such as ws://host:9999 (or wss://; /walk/conduct may be left out)")
      ->type_name("ADDRESS");
  add_connection_options(command, {options.token, options.ca_file, options.insecure});
  command.footer(
      "Lines: 12.5,47 or asset:12.5,47 plays from second to second; the name of a cue; \"a message\"; stop; "
      "who; help.\n"
      "Examples:\n"
      "  TUTTI_TOKEN=tutti_… tutti conduct ws://localhost:9999\n"
      "  echo 12.5,47 | tutti conduct wss://walk.example\n"
      "Exit codes: 0 ended, 1 the server failed or does not let us in, or a line of a script was refused, 2 "
      "what "
      "was asked for\n"
      "cannot be done here.");
}

int conduct(const ConductOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  if (options.url.empty()) {
    return refuse("what to conduct? Give a server such as ws://host:9999 (see tutti conduct --help)", 2);
  }
  const auto url = address(options.url);
  if (!url) return refuse(url.error().message, 2);

  LineEditor::prepare();
  Mailbox<protocol::ConductorWords> news;
  protocol::ConductorWords words;
  LineEditor editor("> ", [&](std::string_view line) {
    if (auto newer = news.try_take()) words = std::move(*newer);
    return protocol::complete_conductor_line(line, words);
  });
  const auto say = [&](const std::string& line) { editor.say(line); };
  Terminal terminal(say);
  ConductConversation conversation(say, news, !editor.is_interactive());
  Reception reception(*url, {options.token, options.ca_file, options.insecure}, {true, 0}, conversation,
                      terminal, [&] { editor.close(); });
  {
    const NetworkThread network(reception);
    while (auto line = editor.read()) {
      reception.post(
          [&conversation, typed = std::move(*line)]() mutable { conversation.type(std::move(typed)); });
    }
    reception.post([&conversation] { conversation.end(); });
    editor.linger();
  }
  if (const auto& why = reception.failure()) return refuse(why->message, why->exit_code);
  return !editor.is_interactive() && conversation.was_refused() ? 1 : 0;
}

}  // namespace tutti::player
