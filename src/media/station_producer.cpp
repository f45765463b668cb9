#include "media/station_producer.h"

#include "base/log.h"
#include "media/channel_mix.h"
#include "media/mp3_encoder.h"
#include "media/packet_builder.h"
#include "media/programme_reader.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tutti::media {
namespace {

constexpr Frames kMp3Frame = 1152;
// The codec's delay and LAME's look-ahead are done after two.
constexpr Frames kEncoderWarmUp = 4 * kMp3Frame;

// One encoding of the station's PCM.
struct Lane {
  Mp3Encoder encoder;
  PacketBuilder packets;
  int channels;
  bool broken = false;
  std::vector<float> mixed;
};

}  // namespace

struct StationProducer::State {
  PcmShape shape;
  Frames begin;  // station frame at which the encoders' input begins
  ProgrammeReader programme;
  std::vector<Lane> lanes;
  std::vector<float> pcm;
  std::optional<Segment> marked;  // the segment whose title the packets carry; none in silence

  void mark(const Segment* segment, Frames at);
  void encode(std::span<const float> audio, const Output& out);
};

StationProducer::StationProducer(std::unique_ptr<State> state) : state_(std::move(state)) {}
StationProducer::StationProducer(StationProducer&&) noexcept = default;
StationProducer& StationProducer::operator=(StationProducer&&) noexcept = default;
StationProducer::~StationProducer() = default;

Result<StationProducer> StationProducer::start(Settings settings) {
  if (settings.encodings.empty()) return fail("a station needs at least one encoding");
  PcmShape shape{settings.encodings.front().rate, 1};
  for (const Encoding& encoding : settings.encodings) {
    if (encoding.rate != shape.rate) return fail("all encodings of a station share one sample rate");
    shape.channels = std::max(shape.channels, encoding.channels);
  }
  const Frames begin = settings.first - kEncoderWarmUp;
  auto state = std::make_unique<State>(
      State{shape, begin, ProgrammeReader(shape, begin, settings.preload_tracks), {}, {}, {}});
  for (const Encoding& encoding : settings.encodings) {
    auto encoder = Mp3Encoder::open(encoding);
    if (!encoder) return tl::make_unexpected(encoder.error());
    state->lanes.push_back({std::move(*encoder),
                            PacketBuilder(settings.epoch, shape.rate, kMp3Frame, settings.first),
                            encoding.channels,
                            false,
                            {}});
  }
  state->pcm.resize(static_cast<std::size_t>(kMp3Frame * shape.channels));
  return StationProducer(std::move(state));
}

void StationProducer::produce(std::span<const Segment> segments, Frames until, const Output& out,
                              const Failed& failed) {
  // The encoders' output lies up to one codec frame behind their input.
  while (state_->programme.position() < until + kMp3Frame) {
    const Frames at = state_->programme.position();
    const auto piece = state_->programme.read(segments, state_->pcm, failed);
    state_->mark(piece.segment, at);
    state_->encode(
        std::span(state_->pcm).first(static_cast<std::size_t>(piece.frames * state_->shape.channels)), out);
  }
}

// Tells the lanes of a change of segment, or of its end.
void StationProducer::State::mark(const Segment* segment, Frames at) {
  const bool is_known = segment ? marked && marked->first == segment->first && marked->track == segment->track
                                : !marked.has_value();
  if (is_known) return;
  marked = segment ? std::optional(*segment) : std::nullopt;
  const auto title = std::make_shared<const std::string>(segment ? segment->title : "");
  for (Lane& lane : lanes) lane.packets.mark(at, title);
}

void StationProducer::State::encode(std::span<const float> audio, const Output& out) {
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    Lane& lane = lanes[i];
    if (lane.broken) continue;
    const auto own = lane.channels == shape.channels ? audio : mix_to_mono(audio, lane.mixed);
    const PacketBuilder::Output emit = [&](PacketPtr packet) { out(i, std::move(packet)); };
    const auto done = lane.encoder.encode(own, [&](Frames first, std::span<const std::uint8_t> bytes) {
      lane.packets.add(begin + first, bytes, emit);
    });
    if (!done) {
      lane.broken = true;
      log::error("an encoding of a station stopped: {}", done.error().message);
    }
  }
}

}  // namespace tutti::media
