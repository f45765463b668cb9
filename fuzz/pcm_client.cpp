// What a server of /pcm sends: messages, one per line of the input; those that begin with a NUL are binary.
#include "protocol/pcm_client.h"

#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  if (const auto header = parse_pcm_header(rest)) {
    REQUIRE(header->chunk_bytes() > 0 && header->chunk_bytes() <= kMostPcmChunkBytes);
    REQUIRE(header->format.rate >= 1000 && header->format.channels >= 1);
  } else {
    REQUIRE(!header.error().message.empty() && header.error().message.size() < 2000);
  }
  PcmClient client;
  std::size_t frame = 0;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + (line.size() < rest.size()));
    const bool is_binary = line.starts_with('\0');
    const auto event =
        is_binary ? client.on_binary({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()})
                  : client.on_text(line);
    if (!event) {
      REQUIRE(!event.error().message.empty() && event.error().message.size() < 2000);
      return 0;
    }
    if (const auto* header = std::get_if<PcmHeader>(&*event))
      frame = static_cast<std::size_t>(header->format.frame_bytes());
    if (const auto* audio = std::get_if<PcmAudio>(&*event))
      REQUIRE(frame > 0 && audio->bytes.size() % frame == 0);
  }
  return 0;
}
