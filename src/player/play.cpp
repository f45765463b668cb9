#include "player/play.h"

#include "player/network_thread.h"
#include "player/play_conversation.h"
#include "player/play_room.h"
#include "player/play_walk.h"
#include "player/player_identity.h"
#include "player/portaudio.h"
#include "player/sync_output.h"
#include "player/terminal.h"

#include <array>
#include <atomic>
#include <csignal>
#include <optional>
#include <unistd.h>
#include <vector>

namespace tutti::player {
namespace {

namespace wire = protocol::sendspin;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 && name[0] ? name.data() : "tutti play";
}

// What is preferred first, then what else can be played: a server has to have one of them.
std::vector<wire::AudioFormat> formats(const std::string& codec) {
  const wire::AudioFormat opus{wire::AudioCodec::opus, 48'000, 2, 16};
  std::vector<wire::AudioFormat> all;
  if (codec == "opus") all.push_back(opus);
  for (const auto each : {codec == "pcm" ? wire::AudioCodec::pcm : wire::AudioCodec::flac,
                          codec == "pcm" ? wire::AudioCodec::flac : wire::AudioCodec::pcm}) {
    for (const int rate : {48'000, 44'100}) {
      for (const int depth : {16, 24}) all.push_back({each, rate, 2, depth});
    }
  }
  if (codec != "opus") all.push_back(opus);
  return all;
}

// Of the encoded sound: as FLAC it takes no more than as PCM, which is what others have that do not compress.
std::int64_t capacity(const PlayOptions& options) {
  constexpr double kPcm = 48'000 * 2 * 2, kOpus = 24'000;  // bytes a second
  return static_cast<std::int64_t>(options.buffer_seconds * (options.codec == "opus" ? kOpus : kPcm));
}

SampleFormat recorded(const std::string& name) {
  if (name == "f32") return SampleFormat::f32;
  if (name == "s24") return SampleFormat::s24;
  return name == "s32" ? SampleFormat::s32 : SampleFormat::s16;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') ||
                          byte == '-' || byte == '_' || byte == '.' || byte == '~' || byte == '/';
    if (is_plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

Result<protocol::WebSocketUrl> address(const PlayOptions& options) {
  const bool has_scheme = options.url.find("://") != std::string::npos;
  auto url = protocol::parse_websocket_url((has_scheme ? "" : "ws://") + options.url);
  if (!url) return url;
  if (url->path == "/") {
    url->path = "/sendspin";
    url->target = "/sendspin" + url->target.substr(1);
  }
  return url;
}

// Where the group that is asked for is played.
protocol::WebSocketUrl with_group(protocol::WebSocketUrl url, const PlayOptions& options) {
  const auto ask_for = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    url.target += (url.target.find('?') == std::string::npos ? "?" : "&") + name + "=" + escaped(value);
  };
  ask_for("station", options.station);
  ask_for("group", options.group);
  return url;
}

}  // namespace

int play(const PlayOptions& options, const std::string& version) {
  Terminal terminal;
  std::signal(SIGPIPE, SIG_IGN);
  if (options.list_devices) {
    const auto listed = print_devices();
    return listed ? 0 : refuse(terminal, listed.error().message, 2);
  }
  if (options.url.empty()) {
    return refuse(terminal, "what to play? Give a server such as ws://host:9999 (see tutti play --help)", 2);
  }
  const auto url = address(options);
  if (!url) return refuse(terminal, url.error().message, 2);
  // Looked for before the server is troubled.
  auto output =
      make_sync_output({options.output, recorded(options.sample_format), options.simulated_drift * 1e-6});
  if (!output) return refuse(terminal, output.error().message, 2);

  const std::string name = options.name.empty() ? host_name() : options.name;
  const auto identity = PlayerIdentity::claim(options.state_dir, name);
  if (options.walk) {
    const auto failure = play_walk(options, *url, identity.id(), name, version, **output, terminal);
    return failure ? refuse(terminal, failure->message, failure->exit_code) : 0;
  }
  Mailbox<std::shared_ptr<Deck>> decks;
  Mailbox<PlayNews> news;
  PlayConversation conversation(
      {identity.id(), name, version, formats(options.codec), capacity(options), options.volume},
      Micros(options.latency_ms * 1000), decks, news, !options.group.empty(), url->target);
  std::atomic<bool> is_over{false};
  Reception reception(with_group(*url, options), {options.token, options.ca_file, options.insecure},
                      {true, 0}, conversation, terminal, [&] { is_over = true; });
  std::optional<Failure> failure;
  {
    const NetworkThread network(reception);
    PlayRoom room({**output, conversation, reception, decks, news, terminal, options.report});
    failure = room.play(is_over);
  }
  if (const auto& why = reception.failure()) return refuse(terminal, why->message, why->exit_code);
  if (failure) return refuse(terminal, failure->message, failure->exit_code);
  return 0;
}

}  // namespace tutti::player
