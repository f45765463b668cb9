#include "app/identity.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tutti::app {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 4> kRoles = {{
    {Role::listener, "listener"},
    {Role::conductor, "conductor"},
    {Role::source, "source"},
    {Role::operator_, "operator"},
}};

}  // namespace

std::optional<Role> role_of(std::string_view name) {
  for (const auto& [role, its_name] : kRoles) {
    if (its_name == name) return role;
  }
  return std::nullopt;
}

std::string_view name_of(Role role) {
  for (const auto& [each, its_name] : kRoles) {
    if (each == role) return its_name;
  }
  return "";
}

Roles Roles::from_bits(std::int64_t bits) {
  Roles out;
  for (const auto& [role, name] : kRoles) {
    if ((bits & static_cast<std::int64_t>(role)) != 0) out.add(role);
  }
  return out;
}

std::vector<std::string> Roles::names() const {
  std::vector<std::string> out;
  for (const auto& [role, name] : kRoles) {
    if ((bits_ & static_cast<std::uint8_t>(role)) != 0) out.emplace_back(name);
  }
  return out;
}

Roles known_roles(const std::vector<std::string>& names) {
  Roles out;
  for (const auto& name : names) {
    if (const auto role = role_of(name)) out.add(*role);
  }
  return out;
}

Result<void> check_user_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestUserName) return fail("a user's name is 1 to 64 bytes long");
  if (to_valid_utf8(name) != name || name.find(':') != name.npos) {
    return fail("a user's name is UTF-8 text without control characters and without ':'");
  }
  if (name.front() == ' ' || name.back() == ' ')
    return fail("a user's name neither begins nor ends with a blank");
  return {};
}

Result<void> check_new_password(std::string_view password) {
  if (password.size() < kShortestPassword) return fail("a password is at least 8 bytes long");
  if (password.size() > kLongestPassword) return fail("a password is at most 1,024 bytes long");
  return {};
}

}  // namespace tutti::app
