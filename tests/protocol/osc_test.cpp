#include "protocol/osc.h"

#include <bit>
#include <string>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;

std::string text(std::string_view value) {
  std::string out(value);
  out.append(4 - value.size() % 4, '\0');
  return out;
}

std::string big(std::uint64_t value, std::size_t bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xff);
  return out;
}

std::string f(float value) { return big(std::bit_cast<std::uint32_t>(value), 4); }
std::string d(double value) { return big(std::bit_cast<std::uint64_t>(value), 8); }

Result<std::vector<OscVerb>> parse(const std::string& packet) {
  return parse_osc({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()});
}

template <class T>
T verb(const std::string& packet) {
  const auto verbs = parse(packet);
  EXPECT_TRUE(verbs) << (verbs ? "" : verbs.error().message);
  if (!verbs || verbs->size() != 1 || !std::holds_alternative<T>(verbs->front())) {
    ADD_FAILURE() << "another verb";
    return {};
  }
  return std::get<T>(verbs->front());
}

TEST(Osc, Verbs) {
  EXPECT_EQ(verb<CueTyped>(text("/tutti/cue") + text(",s") + text("bridge")).name, "bridge");
  const auto part =
      verb<PartTyped>(text("/tutti/cue") + text(",sfi") + text("forest") + f(12.345F) + big(47, 4));
  EXPECT_EQ(part.asset, "forest");
  EXPECT_EQ(part.a, 12345ms);
  EXPECT_EQ(part.b, 47s);
  EXPECT_EQ(verb<PartTyped>(text("/tutti/cue") + text(",hd") + big(1, 8) + d(2.5)).b, 2500ms);
  EXPECT_EQ(verb<StopTyped>(text("/tutti/stop") + text(",")).fade, 0ms);
  EXPECT_EQ(verb<StopTyped>(text("/tutti/stop")).fade, 0ms) << "without type tags";
  EXPECT_EQ(verb<StopTyped>(text("/tutti/stop") + text(",f") + f(1.5F)).fade, 1500ms);
  EXPECT_EQ(verb<MessageTyped>(text("/tutti/message") + text(",s") + text("Turn left")).text, "Turn left");
}

TEST(Osc, Bundles) {
  const std::string stop = text("/tutti/stop") + text(","), cue = text("/tutti/cue") + text(",s") + text("a");
  const auto bundle = [](const std::vector<std::string>& elements) {
    std::string out = text("#bundle") + big(1, 8);
    for (const auto& element : elements) out += big(element.size(), 4) + element;
    return out;
  };
  const auto verbs = parse(bundle({stop, bundle({cue, stop})}));
  ASSERT_TRUE(verbs);
  EXPECT_EQ(verbs->size(), 3U);
  EXPECT_FALSE(parse(bundle(std::vector<std::string>(17, stop))));
  EXPECT_FALSE(parse(bundle({stop, "xxxx"}))) << "all of it or nothing";
  std::string deep = stop;
  for (int i = 0; i < 6; ++i) deep = bundle({deep});
  EXPECT_FALSE(parse(deep));
}

TEST(Osc, WhatDoesNotFitIsRefused) {
  const std::string cue = text("/tutti/cue");
  for (const auto& packet : {std::string(),
                             std::string("x"),
                             std::string("/tutti/stop"),
                             cue,
                             cue + text(","),
                             cue + text(",f") + f(1),
                             cue + text(",ff") + f(1),
                             cue + text(",ff") + f(2) + f(1),
                             cue + text(",ff") + f(-1) + f(1),
                             cue + text(",dd") + d(0) + d(std::numeric_limits<double>::quiet_NaN()),
                             cue + text(",dd") + d(0) + d(std::numeric_limits<double>::infinity()),
                             cue + text(",s") + "abcd",
                             cue + text(",b") + big(4, 4) + "abcd",
                             cue + text(",s") + text("a") + text("b"),
                             text("/tutti/message") + text(",s") + text(""),
                             text("/tutti/message") + text(",i") + big(1, 4),
                             text("/tutti/message") + text(",s") + text(std::string(1001, 'x')),
                             text("/tutti/stop") + text(",f") + f(-1),
                             text("/tutti/*"),
                             text("/other"),
                             std::string(9000, '\0')}) {
    const auto parsed = parse(packet);
    EXPECT_FALSE(parsed) << packet;
    EXPECT_TRUE(parsed || !parsed.error().message.empty());
  }
}

}  // namespace
}  // namespace tutti::protocol
