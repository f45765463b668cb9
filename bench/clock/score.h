// How far off each filter is, between the exchanges, over whole traces: from the first answer on.
#pragma once

#include "domain/clock_filter.h"
#include "world.h"

#include <array>
#include <string>
#include <vector>

namespace bench {

inline constexpr std::array kFilters = {"tutti", "median", "kalman", "kalman8"};

tutti::Exchange exchange_of(const Event& event);

class Score {
 public:
  // One more trace, through filters of its own.
  void add(const Trace& trace);
  // One line of JSON; errors in µs, times in s (the slowest of all traces; until the error stays below for
  // good).
  std::string json(const std::string& name, const std::string& what, bool is_lan);

 private:
  struct Column {
    std::vector<double> errors;
    double until_1ms = 0, until_100us = 0;
  };
  std::array<Column, kFilters.size()> columns_;
  std::size_t covered_ = 0, exchanges_ = 0;
  std::vector<double> uncertainties_;
  double seconds_in_filter_ = 0;
  int jumps_ = 0;
};

}  // namespace bench
