#include "trace_file.h"

#include "domain/clock_filter.h"
#include "score.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

void write_exchange(std::ostream& out, const Event& e) {
  out << "x " << e.sent << ' ' << e.received << ' ' << e.answered << ' ' << e.arrived << '\n';
}

}  // namespace

Trace read_trace(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  Trace trace;
  std::string line;
  bool has_truth = false;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line);
    std::string kind;
    if (!(words >> kind) || kind[0] == '#') continue;
    Event e;
    e.is_exchange = kind == "x";
    const bool read = kind == "x"   ? !!(words >> e.sent >> e.received >> e.answered >> e.arrived)
                      : kind == "t" ? !!(words >> e.client >> e.server)
                                    : false;
    if (!read) {
      throw std::runtime_error(path + ":" + std::to_string(number) +
                               ": neither 'x SENT RECEIVED ANSWERED ARRIVED' nor 't CLIENT SERVER'");
    }
    has_truth = has_truth || !e.is_exchange;
    trace.push_back(e);
  }
  if (!has_truth) throw std::runtime_error(path + ": no 't' lines, so nothing says what is true");
  return trace;
}

void write_trace(std::ostream& out, const Trace& trace) {
  for (const Event& e : trace) {
    if (e.is_exchange) {
      write_exchange(out, e);
    } else {
      out << "t " << e.client << ' ' << e.server << '\n';
    }
  }
}

void write_vectors(std::ostream& out) {
  struct Piece {
    const char* scenario;
    std::size_t from, exchanges;  // of the trace
  };
  constexpr Piece kPieces[] = {{"lan", 0, 100},     {"drift_wifi", 0, 140}, {"relay", 0, 140},
                               {"storms", 0, 90},   {"upload", 100, 120},   {"steps", 80, 120},
                               {"suspends", 90, 60}};
  constexpr std::size_t kEvery = 5;
  out << "# Exchanges and what ClockFilter makes of them; bench/clock/trace_file.h has the format. The tests "
         "of the\n"
         "# C++ filter and of the TypeScript one read it. Made by: build/release/bench/clock_trial "
         "--vectors\n";
  for (const Piece& piece : kPieces) {
    out << "c " << piece.scenario << '\n';
    tutti::ClockFilter filter;
    std::size_t seen = 0;
    for (const Event& e : simulate(scenario(piece.scenario), 1)) {
      if (!e.is_exchange || seen++ < piece.from) continue;
      if (seen > piece.from + piece.exchanges) break;
      write_exchange(out, e);
      filter.add(exchange_of(e));
      if (seen % kEvery != 0 && seen != 1) continue;
      for (const std::int64_t later : {0, 700'000}) {
        const tutti::ClientTime at{tutti::Duration{e.arrived + later}};
        out << "e " << at.since_start.count() << ' ' << filter.to_server(at).since_start.count() << ' '
            << filter.uncertainty(at).count() << '\n';
      }
    }
  }
}

}  // namespace bench
