#include "base/slab.h"

#include <map>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Slab, ATicketNamesAValueWhileItIsThere) {
  Slab<std::string> slab;
  EXPECT_EQ(slab.find({}), nullptr);
  const auto one = slab.add("one"), two = slab.add("two");
  EXPECT_EQ(*slab.find(one), "one");
  EXPECT_EQ(*slab.find(two), "two");
  slab.erase(one);
  EXPECT_EQ(slab.find(one), nullptr);
  const auto three = slab.add("three");
  EXPECT_EQ(three.place, one.place) << "the place is used again";
  EXPECT_EQ(slab.find(one), nullptr) << "by another";
  EXPECT_EQ(*slab.find(three), "three");
  slab.erase(one);
  EXPECT_EQ(slab.size(), 2u) << "who has gone cannot go again";
}

TEST(Slab, ValuesDoNotMove) {
  Slab<std::unique_ptr<int>> slab;
  const auto first = slab.add(std::make_unique<int>(1));
  const auto* at = slab.find(first);
  for (int i = 0; i < 1000; ++i) slab.add(std::make_unique<int>(i));
  EXPECT_EQ(slab.find(first), at);
}

TEST(Slab, TicketsOfBeforeItWasEmptyAreOld) {
  Slab<int> slab;
  const auto old = slab.add(1);
  slab.erase(old);
  EXPECT_EQ(slab.places(), 0u) << "its memory is given back";
  EXPECT_EQ(slab.find(old), nullptr);
  const auto another = slab.add(2);
  EXPECT_EQ(another.place, old.place);
  EXPECT_EQ(slab.find(old), nullptr);
  slab.clear();
  EXPECT_EQ(slab.find(another), nullptr);
  EXPECT_TRUE(slab.empty());
}

TEST(Slab, IsAMapFromTicketsToValues) {
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    Slab<int> slab;
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> model;
    for (int step = 0; step < 2000; ++step) {
      if (random() % 100 < 55) {
        const auto ticket = slab.add(step);
        ASSERT_TRUE(model.emplace(std::pair(ticket.place, ticket.serial), step).second);
      } else if (!model.empty()) {
        const auto gone = std::next(model.begin(), static_cast<std::ptrdiff_t>(random() % model.size()));
        slab.erase({gone->first.first, gone->first.second});
        model.erase(gone);
      }
    }
    ASSERT_EQ(slab.size(), model.size());
    std::size_t met = 0;
    for (std::uint32_t place = 0; place < slab.places(); ++place) {
      const auto ticket = slab.ticket_at(place);
      const int* value = slab.find(ticket);
      ASSERT_EQ(value != nullptr, model.contains({ticket.place, ticket.serial}));
      if (!value) continue;
      ++met;
      ASSERT_EQ(*value, model.at({ticket.place, ticket.serial}));
    }
    ASSERT_EQ(met, model.size());
  }
}

}  // namespace
}  // namespace tutti
