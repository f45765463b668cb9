#include "domain/walk_lead.h"

#include <algorithm>

namespace tutti {

std::optional<Millis> measured_lead(std::vector<Duration> latencies) {
  // What queues on the way add now and then, to each direction on its own.
  constexpr Millis kMargin{400};
  constexpr Millis kStep{50};
  if (latencies.empty()) return std::nullopt;
  std::sort(latencies.begin(), latencies.end());
  const std::size_t rank = (latencies.size() * 99 + 99) / 100;  // of the nearest, from 1 on
  const Duration latest = std::clamp(latencies[rank - 1], Duration{0}, Duration(kMostLead));
  return (std::chrono::ceil<Millis>(latest) + kMargin + kStep - Millis{1}) / kStep * kStep;
}

WalkLead choose_lead(std::optional<Millis> measured, std::optional<Millis> manual) {
  const Millis wanted = manual ? *manual : measured.value_or(kUsualLead);
  return {std::clamp(wanted, kLeastLead, kMostLead), measured, manual};
}

}  // namespace tutti
