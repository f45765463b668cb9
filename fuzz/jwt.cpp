// A JSON Web Token from anybody, and what stands in one that is properly signed.
#include "protocol/jwt.h"

#include "base/base64.h"
#include "fuzz/require.h"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr tutti::WallTime kNow{tutti::Duration{1'700'000'000'000'000}};

std::string sign(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return text + '.' + tutti::to_base64url({reinterpret_cast<const char*>(mac.data()), size});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto verifier = tutti::protocol::JwtVerifier::from_key(kSecret).value();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // Nobody guesses a signature.
  const auto guessed = verifier.verify(input, kNow);
  REQUIRE(!guessed && !guessed.error().message.empty());

  const auto header = tutti::to_base64url(R"({"alg":"HS256","typ":"JWT"})");
  if (const auto claims = verifier.verify(sign(header + '.' + tutti::to_base64url(input)), kNow)) {
    REQUIRE(claims->expires.since_unix_epoch > kNow.since_unix_epoch - std::chrono::minutes(1));
    REQUIRE(claims->roles.size() <= 32);
  }
  const auto any_header =
      verifier.verify(sign(tutti::to_base64url(input) + '.' + tutti::to_base64url("{}")), kNow);
  REQUIRE(!any_header);
  return 0;
}
