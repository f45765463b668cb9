// Passwords, random secrets and their digests (libsodium). Thread-safe.
#pragma once

#include "base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace tutti {

// SHA-256. What is stored of a secret that is random by itself (session ids, tokens): who reads the store
// cannot come in with it. Not for passwords.
struct SecretDigest {
  std::array<std::uint8_t, 32> bytes{};

  friend auto operator<=>(const SecretDigest&, const SecretDigest&) = default;
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};
SecretDigest digest_of(std::string_view secret);

// 256 random bits as 43 characters of base64url.
std::string random_secret();
std::uint64_t random_number();

// Takes the same time wherever the two differ. Their lengths are no secret.
bool are_same_secret(std::string_view a, std::string_view b);

// Argon2id with a random salt, as one line of text that names its parameters (64 MiB, 2 passes). Slow on
// purpose: some 50 to 100 ms, so never on a thread that others wait for. Error: not enough memory.
Result<std::string> hash_password(std::string_view password);
// As slow. False also where `hash` is none.
bool verify_password(const std::string& hash, std::string_view password);
// A hash that no password has, with the same parameters: verifying against it takes an unknown user as long
// as a known one.
const std::string& nobodys_hash();

// Digests under a key that lives and dies with this object: to recognise a password again without keeping it.
class KeyedDigest {
 public:
  KeyedDigest();
  SecretDigest operator()(std::string_view text) const;

 private:
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace tutti
