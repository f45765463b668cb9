#include "net/turns.h"

#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace tutti::net {
namespace {

namespace asio = boost::asio;

// Writes down when its turn has come, and keeps it.
asio::awaitable<void> come(TurnsPtr turns, std::string& came, char name) {
  co_await turns->take();
  came += name;
}

class TurnsTest : public testing::Test {
 protected:
  void arrive(char name) {
    asio::co_spawn(context_, come(turns_, came_, name), asio::detached);
    settle();
  }
  void leave() {
    turns_->give_back();
    settle();
  }
  void settle() {
    context_.restart();
    context_.poll();
  }

  asio::io_context context_{1};
  TurnsPtr turns_ = std::make_shared<Turns>(context_, 2);
  std::string came_;
};

TEST_F(TurnsTest, NoMoreAtOnceThanThereAre) {
  for (const char name : {'a', 'b', 'c'}) arrive(name);
  EXPECT_EQ(came_, "ab");
}

TEST_F(TurnsTest, WhoHasWaitedLongestIsNext) {
  for (const char name : {'a', 'b', 'c', 'd'}) arrive(name);
  leave();
  EXPECT_EQ(came_, "abc");
  arrive('e');
  leave();
  EXPECT_EQ(came_, "abcd");
  leave();
  EXPECT_EQ(came_, "abcde");
}

TEST_F(TurnsTest, NobodyTakesWhatWasHandedOn) {
  for (const char name : {'a', 'b', 'c'}) arrive(name);
  turns_->give_back();  // to c, which has not heard of it
  asio::co_spawn(context_, come(turns_, came_, 'd'), asio::detached);
  settle();
  EXPECT_EQ(came_, "abc");
}

TEST_F(TurnsTest, WhatIsGivenBackIsThereForTheNext) {
  arrive('a');
  arrive('b');
  leave();
  leave();
  arrive('c');
  arrive('d');
  arrive('e');
  EXPECT_EQ(came_, "abcd");
}

}  // namespace
}  // namespace tutti::net
