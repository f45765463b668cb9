// A property that has to hold for every input. Not assert(): it must not vanish with NDEBUG.
#pragma once

#define REQUIRE(condition) \
  if (!(condition)) __builtin_trap()
