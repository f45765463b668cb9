// Who somebody is and what they may do.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::app {

enum class Role : std::uint8_t {
  listener = 1,   // hears stations, where listening is closed to others
  conductor = 2,  // conducts sound walks
  source = 4,     // sends live audio
  operator_ = 8,  // runs the server; may whatever the others may
};

// "listener", "conductor", "source", "operator".
std::optional<Role> role_of(std::string_view name);
std::string_view name_of(Role role);

class Roles {
 public:
  Roles() = default;
  Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) add(role);
  }
  // As bits() gave them; bits that are no role are dropped.
  static Roles from_bits(std::int64_t bits);

  void add(Role role) { bits_ = static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(role)); }
  bool empty() const { return bits_ == 0; }
  // Whether that role's doors are open: an operator's are all.
  bool allow(Role role) const {
    return (bits_ & (static_cast<std::uint8_t>(role) | static_cast<std::uint8_t>(Role::operator_))) != 0;
  }
  std::int64_t bits() const { return bits_; }
  std::vector<std::string> names() const;

  friend bool operator==(const Roles&, const Roles&) = default;

 private:
  std::uint8_t bits_ = 0;
};

// Those of `names` that are roles here. Others are other programs' business.
Roles known_roles(const std::vector<std::string>& names);

struct Identity {
  std::string user;  // empty: nobody in particular
  Roles roles;

  bool is_anonymous() const { return user.empty(); }
  bool may(Role role) const { return roles.allow(role); }
  friend bool operator==(const Identity&, const Identity&) = default;
};

inline constexpr std::size_t kLongestUserName = 64;
inline constexpr std::size_t kShortestPassword = 8;
inline constexpr std::size_t kLongestPassword = 1024;

// 1 to 64 bytes of UTF-8 without control characters, without ':' (which ends the name in HTTP Basic), without
// blanks at its ends. Error: for a person.
Result<void> check_user_name(std::string_view name);
// Of a new password: 8 to 1,024 bytes.
Result<void> check_new_password(std::string_view password);

}  // namespace tutti::app
