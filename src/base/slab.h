// Values of one kind that come and go, and that somebody asks for later by a ticket. They lie side by side in
// blocks, so that a crowd of them costs no allocation each and a walk finds the next one without a miss, and
// they never move. Belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

template <class T>
class Slab {
 public:
  // Names one value while it is there, and nothing afterwards, whoever has its place then.
  struct Ticket {
    std::uint32_t place = 0;
    std::uint32_t serial = 0;  // 0: of nobody

    friend bool operator==(const Ticket&, const Ticket&) = default;
  };

  // At the place that was left last, else behind all others.
  Ticket add(T value) {
    if (free_.empty()) grow();
    const std::uint32_t place = free_.back();
    free_.pop_back();
    if (++serial_ == 0) ++serial_;
    Place& at = this->at(place);
    at.value.emplace(std::move(value));
    at.serial = serial_;
    ++size_;
    return {place, serial_};
  }

  // nullptr: it has gone. Good until it goes.
  T* find(Ticket ticket) {
    if (ticket.serial == 0 || ticket.place >= places()) return nullptr;
    Place& at = this->at(ticket.place);
    return at.serial == ticket.serial ? &*at.value : nullptr;
  }

  // For a walk over all: the places are numbered up to here (exclusive).
  std::uint32_t places() const { return static_cast<std::uint32_t>(blocks_.size() * kBlock); }
  // Whoever is at this place; the ticket of nobody where it is empty. Precondition: place < places().
  Ticket ticket_at(std::uint32_t place) { return {place, at(place).serial}; }

  void erase(Ticket ticket) {
    if (!find(ticket)) return;
    Place& at = this->at(ticket.place);
    at.value.reset();
    at.serial = 0;
    free_.push_back(ticket.place);
    if (--size_ == 0) clear();
  }
  // Gives the memory back, as erasing the last one does.
  void clear() {
    blocks_ = decltype(blocks_)();
    free_ = decltype(free_)();
    size_ = 0;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  static constexpr std::size_t kBlock = 64;
  struct Place {
    std::optional<T> value;
    std::uint32_t serial = 0;
  };

  Place& at(std::uint32_t place) { return (*blocks_[place / kBlock])[place % kBlock]; }

  void grow() {
    const std::uint32_t first = places();
    blocks_.push_back(std::make_unique<std::array<Place, kBlock>>());
    for (std::uint32_t i = kBlock; i > 0; --i) free_.push_back(first + i - 1);
  }

  std::vector<std::unique_ptr<std::array<Place, kBlock>>> blocks_;
  std::vector<std::uint32_t> free_;  // places; the last is taken next
  std::size_t size_ = 0;
  std::uint32_t serial_ = 0;
};

}  // namespace tutti
