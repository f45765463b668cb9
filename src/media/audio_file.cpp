#include "media/audio_file.h"

#include "media/container.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

namespace tutti::media {
namespace {

constexpr std::int64_t kProbeBytes = 2 << 20;
constexpr std::int64_t kProbeMicros = 5'000'000;
constexpr int kMostStreams = 100;
constexpr int kMostReadErrors = 200;  // in a row, before the rest of a file is given up

// Called where a demuxer wants to open another file or address that this one names.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return -EACCES; }

bool is_mov(const AVFormatContext& context) {
  return std::string_view(context.iformat->name).starts_with("mov");
}

// The value of iTunes' gapless tag is hexadecimal words: zero, encoder delay, padding, frames of music, …
std::optional<Frames> itunes_length(const AVFormatContext& context) {
  const AVDictionaryEntry* entry = av_dict_get(context.metadata, "iTunSMPB", nullptr, 0);
  unsigned long long delay = 0, padding = 0, length = 0;
  if (!entry || std::sscanf(entry->value, "%*x %llx %llx %llx", &delay, &padding, &length) != 3) return {};
  if (length == 0 || length > (1ULL << 48)) return {};
  return static_cast<Frames>(length);
}

}  // namespace

Result<AudioFile> AudioFile::open(const std::string& path) {
  auto input = InputFile::open(path);
  if (!input) return tl::make_unexpected(input.error());
  return open(std::move(*input));
}

Result<AudioFile> AudioFile::open(std::shared_ptr<const InputFile> input) {
  silence_ffmpeg();
  AudioFile file(std::move(input));
  return file.open_container().and_then([&] { return file.choose_stream(); }).map([&] {
    return std::move(file);
  });
}

Result<void> AudioFile::open_container() {
  const auto format = detect_container(*input_);
  if (!format) return tl::make_unexpected(format.error());
  // FFmpeg's MP3 reader takes an error for an enormous size, distrusts the header of such a file, and then
  // leaves the encoder's padding at the end. To it, 0 is unknown; to others, it is a size.
  if (std::string_view((*format)->name) == "mp3") io_.set_unknown_size(0);
  AVFormatContext* context = avformat_alloc_context();
  if (!context) throw std::bad_alloc();
  context->pb = io_.io();
  context->flags |= AVFMT_FLAG_CUSTOM_IO;
  context->io_open = refuse_to_open;
  context->probesize = kProbeBytes;
  context->max_analyze_duration = kProbeMicros;
  context->max_streams = kMostStreams;
  context->codec_whitelist = av_strdup(allowed_decoders());
  context->protocol_whitelist = av_strdup("file");
  // Seeking by an MP3's table of contents lands within a percent of the place, not on it.
  AVDictionary* options = nullptr;
  av_dict_set(&options, "usetoc", "0", 0);
  // FFmpeg's own cutting by MP4's edit lists rounds the end to milliseconds. Without it, what precedes the
  // music has negative times, and the track keeps its true length.
  av_dict_set(&options, "advanced_editlist", "0", 0);
  const int opened = avformat_open_input(&context, "", *format, &options);
  av_dict_free(&options);
  if (opened < 0)
    return fail("cannot be read as " + std::string((*format)->name) + ": " + error_text(opened));
  context_.reset(context);
  movie_length_ = Duration(std::max<std::int64_t>(0, context_->duration));
  return {};
}

Result<void> AudioFile::choose_stream() {
  // Pictures and video are data here, so that FFmpeg does not look into them to learn their size.
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream& stream = *context_->streams[i];
    if (stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO) continue;
    stream.codecpar->codec_type = AVMEDIA_TYPE_DATA;
    stream.discard = AVDISCARD_ALL;
  }
  const int found = avformat_find_stream_info(context_.get(), nullptr);
  if (found < 0) return fail("damaged: " + error_text(found));
  const int index = av_find_best_stream(context_.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  if (index < 0) return fail("there is no audio in it");
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    if (i != static_cast<unsigned>(index)) context_->streams[i]->discard = AVDISCARD_ALL;
  }
  stream_ = context_->streams[index];
  return {};
}

bool AudioFile::is_pcm() const {
  return av_get_exact_bits_per_sample(codec().codec_id) > 0 && codec().block_align > 0;
}

Clock AudioFile::clock(int rate) const {
  if (std::string_view(context_->iformat->name) == "ogg") {
    if (codec().codec_id == AV_CODEC_ID_FLAC) return Clock::coarse;
    if (codec().codec_id == AV_CODEC_ID_VORBIS) return Clock::uneven;
  }
  const AVRational unit = stream_->time_base;
  // Twice the rate: AAC with spectral band replication.
  const bool is_exact = unit.num == 1 && (unit.den % rate == 0 || (rate % 2 == 0 && rate / 2 == unit.den));
  return is_exact ? Clock::exact : Clock::coarse;
}

std::optional<Frames> AudioFile::edited_length(int rate) const {
  if (!is_mov(*context_)) return {};
  if (auto length = itunes_length(*context_)) return length;
  const AVIndexEntry* first = avformat_index_get_entry(stream_, 0);
  if (!first || stream_->duration == kNoTimestamp || stream_->duration <= 0) return {};
  // The track's length counts what the encoder put before the music; the movie's does not, but is rounded.
  const Frames track = to_frames(stream_->duration + std::min<std::int64_t>(0, first->timestamp), rate);
  const Frames movie = frames_in(movie_length_, rate);
  const Frames rounding = rate / 1000 + 1;
  return movie > 0 && movie + rounding < track ? movie : track;
}

Frames AudioFile::to_frames(std::int64_t timestamp, int rate) const {
  return av_rescale_q(timestamp, stream_->time_base, {1, rate});
}

bool AudioFile::read(AVPacket& packet) {
  for (int errors = 0; errors < kMostReadErrors;) {
    av_packet_unref(&packet);
    const int code = av_read_frame(context_.get(), &packet);
    if (code == kEndOfFile) return false;
    if (code < 0) {
      ++errors;
    } else if (packet.stream_index == stream_->index) {
      return true;
    }
  }
  return false;
}

bool AudioFile::seek(Frames frame, int rate) {
  const std::int64_t timestamp = av_rescale_q_rnd(frame, {1, rate}, stream_->time_base, AV_ROUND_DOWN);
  return av_seek_frame(context_.get(), stream_->index, timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
}

}  // namespace tutti::media
