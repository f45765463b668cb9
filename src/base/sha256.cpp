#include "base/sha256.h"

#include <array>
#include <sodium.h>

namespace tutti {

struct Sha256::State {
  crypto_hash_sha256_state hash;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { crypto_hash_sha256_init(&state_->hash); }
Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::uint8_t> bytes) {
  crypto_hash_sha256_update(&state_->hash, bytes.data(), bytes.size());
}

std::string Sha256::finish() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state_->hash, digest.data());
  std::string out;
  for (const unsigned each : digest) {
    out += kDigits[each >> 4U];
    out += kDigits[each & 15U];
  }
  return out;
}

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.add({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return hash.finish();
}

}  // namespace tutti
