#include "loadgen/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <ranges>
#include <sstream>
#include <vector>

namespace loadgen {
namespace {

/// {"min":…,"p50":…,"p99":…,"max":…}; null where there is nothing to tell.
std::string spread(std::vector<double> values) {
  if (values.empty()) return "null";
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  std::ostringstream out;
  out.precision(1);
  out << std::fixed << "{\"min\":" << at(0) << ",\"p01\":" << at(0.01) << ",\"p50\":" << at(0.5)
      << ",\"p90\":" << at(0.9) << ",\"p99\":" << at(0.99) << ",\"max\":" << at(1) << '}';
  return out.str();
}

double milliseconds(Seconds s) { return s.count() * 1000; }

}  // namespace

std::string report(const Options& options, const Crowd& crowd) {
  static constexpr std::array failure_names{"none",  "socket", "connect", "no_audio",
                                            "reset", "status", "not_mp3", "closed"};
  static_assert(failure_names.size() == static_cast<std::size_t>(Failure::closed) + 1);
  std::array<std::size_t, failure_names.size()> failures{};
  std::map<int, std::size_t> refusals;
  std::vector<double> first_bytes, rates, gaps, margins, writes;
  std::size_t playing = 0, unaligned = 0, with_underrun = 0;
  long underruns = 0;

  for (const auto& listener : crowd.listeners() | std::views::drop(options.stalled)) {
    ++failures.at(static_cast<std::size_t>(listener.failure()));
    if (listener.failure() == Failure::status) ++refusals[listener.status()];
    if (!listener.has_audio()) continue;
    first_bytes.push_back(milliseconds(listener.first_byte()));
    underruns += listener.playback().underruns();
    with_underrun += listener.playback().underruns() > 0;
    if (std::isfinite(listener.playback().least_margin().count()))
      margins.push_back(milliseconds(listener.playback().least_margin()));
    if (listener.state() != State::playing) continue;
    ++playing;
    unaligned += !listener.starts_with_frame();
    const auto& window = listener.window();
    writes.push_back(window.segments / options.duration.count());
    gaps.push_back(milliseconds(window.longest_gap));
    const double seconds = Seconds(window.last - window.first).count();
    rates.push_back(seconds > 0 ? static_cast<double>(window.bytes) / seconds : 0);
  }

  std::ostringstream out;
  out << "{\"listeners\":" << options.listeners << ",\"stalled\":" << options.stalled
      << ",\"playing\":" << playing << ",\"failures\":{";
  for (std::size_t i = 1; i < failures.size(); ++i)
    out << (i > 1 ? "," : "") << '"' << failure_names.at(i) << "\":" << failures.at(i);
  out << "},\"refusals\":{";
  for (const char* comma = ""; const auto& [status, count] : refusals) {
    out << comma << '"' << status << "\":" << count;
    comma = ",";
  }
  out << "},\"not_on_a_frame\":" << unaligned << ",\"underruns\":" << underruns
      << ",\"listeners_with_underrun\":" << with_underrun
      << ",\"connect_seconds\":" << crowd.time_to_connect().count()
      << ",\"window_seconds\":" << options.duration.count() << ",\"first_byte_ms\":" << spread(first_bytes)
      << ",\"bytes_per_second\":" << spread(rates) << ",\"writes_per_second\":" << spread(writes)
      << ",\"longest_gap_ms\":" << spread(gaps) << ",\"least_margin_ms\":" << spread(margins)
      << ",\"generator\":{\"cpu_percent\":" << crowd.cpu_share() * 100
      << ",\"worst_lag_ms\":" << milliseconds(crowd.worst_lag()) << "}}";
  return out.str();
}

}  // namespace loadgen
