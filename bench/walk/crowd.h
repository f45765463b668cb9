// The phones, each with a connection and a network of its own, in one thread. Their delays are made here:
// what a socket gives is held back on its way to the phone, and what a phone says on its way to the socket.
#pragma once

#include "walk/phone.h"

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace walk {

struct Plan {
  std::uint16_t port = 0;
  std::size_t phones = 1, per_second = 200;
  double least_rest = 0, most_rest = 0, uneven = 0, queue = 0;  // µs
  double drift = 0;                                             // at most, either way
  std::size_t refusing = 0;                                     // of them cannot store the asset
  std::uint64_t seed = 1;
  int source = 1;  // of the addresses they come from: 127.0.0.source
};

class Crowd {
 public:
  explicit Crowd(const Plan& plan);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Until `on_input` (standard input can be read) says false.
  void run(const std::function<bool()>& on_input);

  // The first `count` phones.
  void kill(std::size_t count);              // for good; their sockets with them
  void cut(std::size_t count, Micros span);  // their network is gone for so long
  // One line of JSON each.
  std::string heard();  // since the last time
  std::string state();

 private:
  enum class Kind : std::uint8_t { arrival, departure, speech, opening, thaw };
  struct Due {
    Micros at = 0;
    std::size_t index = 0;
    Kind kind = Kind::speech;
    std::uint64_t connection = 0;  // it concerns no other
    friend bool operator>(const Due& a, const Due& b) { return a.at > b.at; }
  };
  struct Packet {
    Micros at = 0;
    std::string bytes;  // "": the connection ends
  };
  struct Member {
    std::unique_ptr<Phone> phone;
    PhoneClock clock;
    Line up{0, 0, 0}, down{0, 0, 0};
    std::deque<Packet> going, coming;
    int socket = -1;
    std::uint64_t connection = 0;
    int attempts = 0;
    bool is_dead = false, is_cut = false;
    Micros spoken_for = INT64_MAX;
  };

  void open(std::size_t index);
  void lose(std::size_t index);
  void read(std::size_t index, Micros now);
  void receive(std::size_t index, const std::string& bytes, Micros arrived);
  void say(std::size_t index, std::string bytes);
  void write(Member& member, const std::string& bytes);
  void schedule(std::size_t index);
  void perform(const Due& due);
  void serve(const std::function<bool()>& on_input, bool& goes_on);

  Plan plan_;
  int epoll_;
  std::vector<Member> members_;  // the first is the reference: no delay, no drift
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<int> orphans_;  // sockets of those whose network is gone
  bench::Dice dice_;
  std::vector<char> buffer_ = std::vector<char>(1 << 18);
  struct Read {
    std::size_t index;
    std::string bytes;
    Micros arrived;
  };
  std::vector<Read> batch_;
  Micros wall_ = 0;  // CLOCK_REALTIME minus this machine's monotonic clock
};

Micros now();

}  // namespace walk
