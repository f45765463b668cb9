// The one JSON object that the generator prints.
#pragma once

#include "loadgen/crowd.h"

#include <string>

namespace loadgen {

std::string report(const Options& options, const Crowd& crowd);

}  // namespace loadgen
