#include "media/container.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace tutti::media {
namespace {

struct Container {
  std::string_view demuxer;  // FFmpeg's name
  std::string_view name;     // people's name
  bool names_codec;          // whether the name alone leaves the codec open
};

constexpr std::array kContainers{
    Container{"mp3", "mp3", false},
    Container{"flac", "flac", false},
    Container{"ogg", "ogg", true},
    Container{"mov,mp4,m4a,3gp,3g2,mj2", "m4a", true},
    Container{"wav", "wav", false},
    Container{"w64", "w64", false},
    Container{"aiff", "aiff", false},
    Container{"caf", "caf", true},
    Container{"au", "au", false},
    Container{"aac", "aac", false},
    Container{"matroska,webm", "matroska", true},
    Container{"asf", "wma", true},
    Container{"wv", "wavpack", false},
    Container{"ape", "ape", false},
    Container{"tta", "tta", false},
    Container{"mpc", "mpc", false},
    Container{"mpc8", "mpc", false},
    Container{"ac3", "ac3", false},
    Container{"eac3", "eac3", false},
    Container{"dsf", "dsf", false},
};

constexpr std::array<std::string_view, 32> kEndings{
    "mp3", "mp2",  "mpga", "flac", "ogg", "oga",  "opus", "spx", "m4a",  "m4b",  "mp4",
    "aac", "alac", "wav",  "wave", "bwf", "rf64", "w64",  "aif", "aiff", "aifc", "caf",
    "au",  "snd",  "mka",  "wma",  "wv",  "ape",  "tta",  "mpc", "ac3",  "dsf"};

const Container* find_container(std::string_view demuxer) {
  const auto found = std::ranges::find(kContainers, demuxer, &Container::demuxer);
  return found == kContainers.end() ? nullptr : &*found;
}

// Where the ID3v2 tags at the start of the file end. FFmpeg looks no further than 1 MiB for the format, and a
// cover can be larger than that.
std::int64_t after_id3(const InputFile& file) {
  constexpr std::size_t kHeader = 10;
  std::int64_t offset = 0;
  for (int tag = 0; tag < 8; ++tag) {
    std::array<std::uint8_t, kHeader> h{};
    if (file.read_at(offset, h) < kHeader || h[0] != 'I' || h[1] != 'D' || h[2] != '3') break;
    if ((h[6] | h[7] | h[8] | h[9]) & 0x80) break;  // a "syncsafe" size has seven bits a byte
    const std::int64_t size = (h[6] << 21) | (h[7] << 14) | (h[8] << 7) | h[9];
    const bool has_footer = h[5] & 0x10;
    offset += static_cast<std::int64_t>(kHeader) * (has_footer ? 2 : 1) + size;
  }
  return offset;
}

}  // namespace

Result<const AVInputFormat*> detect_container(const InputFile& file) {
  constexpr std::size_t kLargest = 1 << 20;
  // FFmpeg gives 1 to what merely cannot be ruled out, noise among it.
  constexpr int kLeastScore = 2;
  const std::int64_t start = after_id3(file);
  const AVInputFormat* best = nullptr;
  for (std::size_t size = 16 << 10; size <= kLargest; size *= 4) {
    std::vector<std::uint8_t> bytes(size + AVPROBE_PADDING_SIZE);
    const std::size_t n = file.read_at(start, {bytes.data(), size});
    if (n == 0) return fail("there is nothing but tags in it");
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(n), bytes.end(), std::uint8_t{0});
    AVProbeData data{"", bytes.data(), static_cast<int>(n), nullptr};
    int score = 0;
    const AVInputFormat* format = av_probe_input_format3(&data, 1, &score);
    if (format && score >= kLeastScore) best = format;
    if (score > AVPROBE_SCORE_RETRY || n < size) break;
  }
  if (!best) return fail("not in any audio format known here");
  if (!find_container(best->name)) {
    return fail(std::string("looks like ") + (best->long_name ? best->long_name : best->name) +
                ", which is not played");
  }
  return best;
}

const char* allowed_decoders() {
  return "mp3float,mp3,mp2float,mp2,mp1float,mp1,aac,alac,flac,vorbis,opus,libspeex,speex,wavpack,ape,tta,"
         "mpc7,mpc8,"
         "wmav1,wmav2,wmapro,wmalossless,ac3,eac3,dsd_lsbf,dsd_msbf,dsd_lsbf_planar,dsd_msbf_planar,"
         "pcm_u8,pcm_s8,pcm_s8_planar,pcm_s16le,pcm_s16be,pcm_s16le_planar,pcm_s16be_planar,pcm_u16le,pcm_"
         "u16be,"
         "pcm_s24le,pcm_s24be,pcm_s24le_planar,pcm_u24le,pcm_u24be,pcm_s32le,pcm_s32be,pcm_s32le_planar,pcm_"
         "u32le,"
         "pcm_u32be,pcm_s64le,pcm_s64be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,"
         "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm,gsm_ms";
}

bool claims_audio(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return false;
  std::string ending(path.substr(dot + 1));
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(kEndings, ending) != kEndings.end();
}

std::string format_name(const AVInputFormat& container, AVCodecID codec) {
  const Container* known = find_container(container.name);
  std::string name(known ? known->name : std::string_view(container.name));
  if (known && known->names_codec) name.append("/").append(avcodec_get_name(codec));
  return name;
}

}  // namespace tutti::media
