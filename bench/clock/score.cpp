#include "score.h"

#include "peers.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace bench {
namespace {

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::string print(const char* format, auto... values) {
  char text[512];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace

tutti::Exchange exchange_of(const Event& e) {
  using tutti::Duration;
  return {{Duration{e.sent}}, {Duration{e.received}}, {Duration{e.answered}}, {Duration{e.arrived}}};
}

void Score::add(const Trace& trace) {
  using Clock = std::chrono::steady_clock;
  tutti::ClockFilter own;
  MedianFilter median;
  KalmanFilter kalman, kalman8(8);
  bool has_begun = false;
  double begin = 0;
  std::array<double, kFilters.size()> above_1ms{}, above_100us{};
  for (const Event& e : trace) {
    if (e.is_exchange) {
      const auto before = Clock::now();
      own.add(exchange_of(e));
      seconds_in_filter_ += std::chrono::duration<double>(Clock::now() - before).count();
      ++exchanges_;
      median.add(e);
      kalman.add(e);
      kalman8.add(e);
      if (!has_begun) {
        has_begun = true;
        begin = static_cast<double>(e.arrived);
        above_1ms.fill(begin);
        above_100us.fill(begin);
      }
      continue;
    }
    if (!has_begun) continue;
    const auto client = static_cast<double>(e.client);
    const tutti::ClientTime now{tutti::Duration{e.client}};
    const std::array said = {static_cast<double>(own.to_server(now).since_start.count()),
                             median.to_server(client), kalman.to_server(client), kalman8.to_server(client)};
    for (std::size_t i = 0; i < said.size(); ++i) {
      const double error = std::abs(said[i] - static_cast<double>(e.server));
      columns_[i].errors.push_back(error);
      if (error > 1000) above_1ms[i] = client;
      if (error > 100) above_100us[i] = client;
    }
    const auto claimed = static_cast<double>(own.uncertainty(now).count());
    uncertainties_.push_back(claimed);
    covered_ += columns_[0].errors.back() <= claimed;
  }
  for (std::size_t i = 0; i < kFilters.size(); ++i) {
    columns_[i].until_1ms = std::max(columns_[i].until_1ms, (above_1ms[i] - begin) / 1e6);
    columns_[i].until_100us = std::max(columns_[i].until_100us, (above_100us[i] - begin) / 1e6);
  }
  jumps_ += own.jumps();
}

std::string Score::json(const std::string& name, const std::string& what, bool is_lan) {
  std::string out =
      "{\"name\":\"" + name + "\",\"what\":\"" + what + "\",\"lan\":" + (is_lan ? "true" : "false");
  for (std::size_t i = 0; i < kFilters.size(); ++i) {
    Column& c = columns_[i];
    out += print(
        ",\"%s\":{\"p50\":%.1f,\"p95\":%.1f,\"p99\":%.1f,\"max\":%.1f,\"to_1ms\":%.2f,\"to_100us\":%.2f}",
        kFilters[i], percentile(c.errors, 0.5), percentile(c.errors, 0.95), percentile(c.errors, 0.99),
        percentile(c.errors, 1), c.until_1ms, c.until_100us);
  }
  return out + print(",\"covered\":%.4f,\"uncertainty\":%.1f,\"jumps\":%d,\"us_per_exchange\":%.1f}",
                     static_cast<double>(covered_) /
                         static_cast<double>(std::max<std::size_t>(1, uncertainties_.size())),
                     percentile(uncertainties_, 0.5), jumps_,
                     1e6 * seconds_in_filter_ / static_cast<double>(std::max<std::size_t>(1, exchanges_)));
}

}  // namespace bench
