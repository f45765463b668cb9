// How a timeline's audio is encoded for those who listen. Several may run side by side for one station: each
// is made once, whatever the number of listeners.
#pragma once

#include "base/result.h"
#include "domain/audio_time.h"

#include <cstdint>
#include <vector>

namespace tutti {

struct Encoding {
  enum class Codec {
    mp3,
    pcm,            // interleaved signed little-endian samples, those of 24 bits in 3 bytes
    flac,           // one FLAC frame per packet
    opus,           // one Opus packet of 20 ms per packet
    visualization,  // what a picture of the sound is drawn from: docs/visualizer.md
  };
  Codec codec = Codec::mp3;
  int rate = 44100;  // Hz
  int channels = 2;
  int bitrate = 128'000;  // bit/s, constant, of MP3; about, of Opus; 0 where the codec takes what it needs
  int bit_depth = 16;     // of PCM and FLAC: 16 or 24

  friend auto operator<=>(const Encoding&, const Encoding&) = default;
};

// The encoding that a player in sync is sent when it asks for this format. Equal requests give equal
// encodings, so that they can be the key of what is shared: Opus has one bit depth and one bit rate. Error:
// it cannot be made. PCM and FLAC: 8 to 192 kHz, 1 to 8 channels, 16 or 24 bits; Opus: 8, 12, 16, 24 or 48
// kHz, 1 or 2 channels.
Result<Encoding> player_encoding(Encoding::Codec codec, int rate, int channels, int bit_depth);

// The one that visualizers are sent, 30 packets a second.
Encoding visualizer_encoding();

// Frames in each packet of an encoding that one of these gave: 50 ms of PCM and FLAC, 20 ms of Opus.
Frames chunk_frames(const Encoding& encoding);

// What a decoder must know before the first packet; empty where the codec needs nothing. FLAC: `fLaC` and the
// STREAMINFO block (RFC 9639, 8.2), 42 bytes, the same for every stream in this encoding.
std::vector<std::uint8_t> codec_header(const Encoding& encoding);

// About how many bytes one second takes at most (of Opus: usually), for bounding what is kept.
std::size_t bytes_per_second(const Encoding& encoding);

}  // namespace tutti
