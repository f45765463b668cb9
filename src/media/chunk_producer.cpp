#include "media/chunk_producer.h"

#include "base/log.h"
#include "media/channel_mix.h"
#include "media/chunk_encoder.h"
#include "media/programme_reader.h"

#include <utility>
#include <vector>

namespace tutti::media {

struct ChunkProducer::State {
  FrameClock programme;  // what segments are counted by
  FrameClock own;        // the same moments at the encoding's rate
  Encoding encoding;
  std::unique_ptr<ChunkEncoder> encoder;
  ProgrammeReader reader;
  Frames next;     // the next packet's first frame
  int to_warm_up;  // packets still to be thrown away
  bool is_broken = false;
  std::vector<float> pcm;  // as it is read, one chunk
  std::vector<float> mono;

  Frames to_own(Frames frame) const { return rescale(frame, programme.rate, own.rate); }
  std::vector<Segment> to_own(std::span<const Segment> segments) const;
  std::span<const float> read(std::span<const Segment> segments, const Failed& failed);
  void hand_out(ChunkEncoder::Bytes bytes, const Output& out);
};

namespace {

// One channel is made of two, so that it is the mean of them.
PcmShape read_shape(const Encoding& encoding) {
  return {encoding.rate, encoding.channels == 1 ? 2 : encoding.channels};
}

}  // namespace

ChunkProducer::ChunkProducer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChunkProducer::ChunkProducer(ChunkProducer&&) noexcept = default;
ChunkProducer& ChunkProducer::operator=(ChunkProducer&&) noexcept = default;
ChunkProducer::~ChunkProducer() = default;

Result<ChunkProducer> ChunkProducer::start(const Settings& settings) {
  auto encoder = ChunkEncoder::open(settings.encoding);
  if (!encoder) return tl::make_unexpected(encoder.error());
  const FrameClock own{settings.clock.epoch, settings.encoding.rate};
  const Frames chunk = chunk_frames(settings.encoding);
  const int warm_up = (*encoder)->warm_up();
  const Frames first = own.frame_at(settings.first) - warm_up * chunk;
  const PcmShape shape = read_shape(settings.encoding);
  const auto lengths =
      own.rate == settings.clock.rate ? TrackReader::Lengths::exact : TrackReader::Lengths::rounded;
  ProgrammeReader reader(shape, first + (*encoder)->lookahead(), settings.preload_tracks, lengths);
  auto state = std::make_unique<State>(State{settings.clock,
                                             own,
                                             settings.encoding,
                                             std::move(*encoder),
                                             std::move(reader),
                                             first,
                                             warm_up,
                                             false,
                                             {},
                                             {}});
  state->pcm.resize(static_cast<std::size_t>(chunk * shape.channels));
  return ChunkProducer(std::move(state));
}

void ChunkProducer::produce(std::span<const Segment> segments, Frames until, const Output& out,
                            const Failed& failed) {
  const std::vector<Segment> own = state_->to_own(segments);
  while (!state_->is_broken && state_->next < state_->to_own(until)) {
    auto packet = state_->encoder->encode(state_->read(own, failed));
    if (packet) {
      state_->hand_out(std::move(*packet), out);
    } else {
      state_->is_broken = true;
      log::error("audio for players stopped: {}", packet.error().message);
    }
  }
}

std::vector<Segment> ChunkProducer::State::to_own(std::span<const Segment> segments) const {
  std::vector<Segment> out(segments.begin(), segments.end());
  for (Segment& segment : out) {
    const Frames end = to_own(segment.end());
    segment.first = to_own(segment.first);
    segment.length = end - segment.first;
  }
  return out;
}

// The next chunk's samples.
std::span<const float> ChunkProducer::State::read(std::span<const Segment> segments, const Failed& failed) {
  const int channels = read_shape(encoding).channels;
  std::span<float> rest = pcm;
  while (!rest.empty()) {
    const auto piece = reader.read(segments, rest, failed);
    rest = rest.subspan(static_cast<std::size_t>(piece.frames * channels));
  }
  return encoding.channels == 1 ? mix_to_mono(pcm, mono) : std::span<const float>(pcm);
}

void ChunkProducer::State::hand_out(ChunkEncoder::Bytes bytes, const Output& out) {
  const Frames begin = std::exchange(next, next + chunk_frames(encoding));
  if (to_warm_up > 0) {
    --to_warm_up;
    return;
  }
  const ServerTime at = own.time_of(begin);
  out(std::make_shared<const Packet>(
      Packet{std::move(bytes), at, own.time_of(next) - at, nullptr, next - begin}));
}

}  // namespace tutti::media
