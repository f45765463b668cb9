// What one second of a station costs in each encoding that players in sync are sent: CPU time of decoding,
// resampling and encoding, on one thread, and the bytes that come of it. chunk_cost FILE [SECONDS]
#include "media/chunk_producer.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace tutti;
using Codec = Encoding::Codec;

constexpr int kStationRate = 44100;

struct Row {
  std::string name;
  Encoding encoding;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<Row> rows() {
  std::vector<Row> out;
  for (const int rate : {44100, 48000, 96000}) {
    for (const int bits : {16, 24}) {
      const std::string shape = std::to_string(rate) + " Hz, " + std::to_string(bits) + " bits";
      out.push_back({"PCM, " + shape, player_encoding(Codec::pcm, rate, 2, bits).value()});
      out.push_back({"FLAC, " + shape, player_encoding(Codec::flac, rate, 2, bits).value()});
    }
  }
  out.push_back({"Opus, 48000 Hz", player_encoding(Codec::opus, 48000, 2, 16).value()});
  out.push_back({"Opus, 48000 Hz, mono", player_encoding(Codec::opus, 48000, 1, 16).value()});
  out.push_back({"visualization", visualizer_encoding()});
  return out;
}

bool measure(const Row& row, const std::vector<Segment>& segments) {
  const FrameClock clock{{}, kStationRate};
  auto producer = media::ChunkProducer::start({row.encoding, clock, {}, 2});
  if (!producer) {
    std::fprintf(stderr, "chunk_cost: %s: %s\n", row.name.c_str(), producer.error().message.c_str());
    return false;
  }
  std::size_t bytes = 0;
  bool failed = false;
  const double begin = cpu_seconds();
  producer->produce(
      segments, segments.back().end(), [&](const PacketPtr& packet) { bytes += packet->bytes.size(); },
      [&](const Segment&, const Error&) { failed = true; });
  const double spent = cpu_seconds() - begin;
  const double seconds = static_cast<double>(segments.back().end()) / kStationRate;
  std::printf("%s\t%.1f\t%.1f\n", row.name.c_str(), 1e6 * spent / seconds,
              static_cast<double>(bytes) * 8 / 1000 / seconds);
  return !failed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: chunk_cost FILE [SECONDS]\n");
    return 2;
  }
  const int seconds = argc > 2 ? std::atoi(argv[2]) : 60;
  const std::vector<Segment> segments{{TrackId{1}, argv[1], "", 0, Frames{kStationRate} * seconds}};
  for (const Row& row : rows()) {
    if (!measure(row, segments)) return 1;
  }
  return 0;
}
