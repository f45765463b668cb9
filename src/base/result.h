// Errors are values. What can fail returns Result<T>; its Error carries one line for a person:
// what was wrong, where, and where it helps, what to do.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace tutti {

struct Error {
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string message) {
  return tl::make_unexpected(Error{std::move(message)});
}

}  // namespace tutti
