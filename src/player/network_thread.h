// The thread of a Reception.
#pragma once

#include "player/reception.h"

#include <thread>

namespace tutti::player {

// Runs the reception, and ends it however playing ends.
class NetworkThread {
 public:
  explicit NetworkThread(Reception& reception) : reception_(reception), thread_([&] { reception.run(); }) {}
  ~NetworkThread() {
    reception_.stop();
    thread_.join();
  }
  NetworkThread(const NetworkThread&) = delete;
  NetworkThread& operator=(const NetworkThread&) = delete;

 private:
  Reception& reception_;
  std::thread thread_;
};

}  // namespace tutti::player
