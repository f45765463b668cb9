#include "player/listen.h"

#include "player/file_conversation.h"
#include "player/network_thread.h"
#include "player/output.h"
#include "player/pcm_conversation.h"
#include "player/playback.h"
#include "player/portaudio.h"
#include "player/reception.h"
#include "player/terminal.h"

#include <csignal>
#include <memory>
#include <optional>

namespace tutti::player {
namespace {

bool is_file_stream(const ListenOptions& options, const protocol::WebSocketUrl& url) {
  if (options.protocol != "auto") return options.protocol == "audio";
  return url.path.ends_with("/audio") || url.path.ends_with("/audio/");
}

// A device takes the decoder's own samples; what is recorded or piped on is in the format that was asked for.
SampleFormat decoded_format(const ListenOptions& options, const Output& output) {
  if (output.is_paced() || options.sample_format == "f32") return SampleFormat::f32;
  if (options.sample_format == "s24") return SampleFormat::s24;
  return options.sample_format == "s32" ? SampleFormat::s32 : SampleFormat::s16;
}

std::unique_ptr<Conversation> make_conversation(bool is_file, Mailbox<Stream>& streams,
                                                const Output& output) {
  if (is_file) return std::make_unique<FileConversation>(streams);
  return std::make_unique<PcmConversation>(streams,
                                           output.is_paced() ? AfterLoss::start_over : AfterLoss::carry_on);
}

}  // namespace

int listen(const ListenOptions& options) {
  Terminal terminal;
  std::signal(SIGPIPE, SIG_IGN);
  if (options.list_devices) {
    const auto listed = print_devices();
    return listed ? 0 : refuse(terminal, listed.error().message, 2);
  }
  if (options.url.empty()) {
    return refuse(terminal,
                  "what to listen to? Give an address such as ws://host:9999/pcm (see tutti listen --help)",
                  2);
  }
  const auto url = protocol::parse_websocket_url(options.url);
  if (!url) return refuse(terminal, url.error().message, 2);
  // Looked for before the server is troubled.
  const Duration prebuffer(static_cast<Duration::rep>(options.prebuffer_seconds * 1e6));
  const auto output = make_output({options.output, prebuffer});
  if (!output) return refuse(terminal, output.error().message, 2);

  Mailbox<Stream> streams;
  const auto conversation = make_conversation(is_file_stream(options, *url), streams, **output);
  Reception reception(*url, {options.token, options.ca_file, options.insecure},
                      {!options.no_reconnect, options.retries}, *conversation, terminal,
                      [&] { streams.close(); });
  Playback playback(**output, decoded_format(options, **output), terminal, reception.is_interrupted());

  std::optional<Failure> failure;
  {
    const NetworkThread network(reception);
    failure = playback.play(streams);
  }
  // Where the server is at fault, that is the reason also for what could not be played.
  if (reception.failure()) return refuse(terminal, reception.failure()->message, 1);
  if (failure) return refuse(terminal, failure->message, failure->exit_code);
  return 0;
}

}  // namespace tutti::player
