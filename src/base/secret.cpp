#include "base/secret.h"

#include "base/base64.h"

#include <sodium.h>
#include <stdexcept>

namespace tutti {
namespace {

void need_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium cannot be used on this machine");
}

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

SecretDigest digest_of(std::string_view secret) {
  SecretDigest digest;
  crypto_hash_sha256(digest.bytes.data(), bytes_of(secret), secret.size());
  return digest;
}

std::string random_secret() {
  need_sodium();
  std::array<std::uint8_t, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::uint64_t random_number() {
  need_sodium();
  std::uint64_t number = 0;
  randombytes_buf(&number, sizeof number);
  return number;
}

bool are_same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

Result<std::string> hash_password(std::string_view password) {
  need_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_argon2id_str(hash.data(), password.data(), password.size(),
                                 crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                 crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) != 0) {
    return fail("not enough memory to hash a password (64 MiB)");
  }
  return std::string(hash.data());
}

bool verify_password(const std::string& hash, std::string_view password) {
  need_sodium();
  return crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_hash() {
  static const std::string hash = hash_password(random_secret()).value_or("");
  return hash;
}

KeyedDigest::KeyedDigest() {
  need_sodium();
  crypto_generichash_keygen(key_.data());
}

SecretDigest KeyedDigest::operator()(std::string_view text) const {
  SecretDigest digest;
  crypto_generichash(digest.bytes.data(), digest.bytes.size(), bytes_of(text), text.size(), key_.data(),
                     key_.size());
  return digest;
}

}  // namespace tutti
