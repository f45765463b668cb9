// A value that most do not have, or not for long, in what there are very many of: the empty one takes no more
// than a pointer.
#pragma once

#include <memory>
#include <utility>

namespace tutti {

template <class T>
class Rare {
 public:
  Rare() = default;
  explicit Rare(T value) {
    if (value != T()) value_ = std::make_unique<T>(std::move(value));
  }

  const T& operator*() const {
    static const T kEmpty;
    return value_ ? *value_ : kEmpty;
  }
  const T* operator->() const { return &**this; }
  // Puts this one in its place; the empty one gives the memory back.
  void set(T value) { *this = Rare(std::move(value)); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace tutti
