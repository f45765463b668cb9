#include "protocol/jwt.h"

#include "base/base64.h"
#include "base/secret.h"
#include "protocol/credentials.h"
#include "protocol/small_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <optional>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kShortestSecret = 32;  // RFC 7518, 3.2: as long as the hash
constexpr int kFewestRsaBits = 2048;         // RFC 7518, 3.3
constexpr Duration kLeeway = 30s;
// Beyond any calendar, and far from what a 64-bit count of microseconds holds.
constexpr double kLatest = 253402300800.0;  // the year 10000

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using RsaKey = std::unique_ptr<EVP_PKEY, FreeKey>;

const std::uint8_t* data_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

bool fits_hmac(const std::string& secret, std::string_view signed_part, std::string_view signature) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), data_of(signed_part),
            signed_part.size(), mac.data(), &size)) {
    return false;
  }
  return are_same_secret(signature, {reinterpret_cast<const char*>(mac.data()), size});
}

// RSASSA-PKCS1-v1_5 with SHA-256.
bool fits_rsa(EVP_PKEY* key, std::string_view signed_part, std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(signed_part),
                          signed_part.size()) == 1;
}

// "NumericDate": seconds, perhaps with a fraction. nullopt: not there; Error: there, but no date.
Result<std::optional<WallTime>> date_of(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (!value) return std::nullopt;
  boost::system::error_code error;
  const auto seconds = value->is_number() ? value->to_number<double>(error) : -1.0;
  if (error || !std::isfinite(seconds) || seconds < 0 || seconds > kLatest) {
    return fail("'" + std::string(name) + "' is no date");
  }
  return WallTime{Duration(static_cast<std::int64_t>(seconds * 1e6))};
}

Result<std::vector<std::string>> roles_of(const json::object& claims) {
  const json::value* value = claims.if_contains("roles");
  if (!value) return std::vector<std::string>{};
  const auto roles = strings_in(*value);
  if (!roles) return fail("'roles' is not a list of words");
  return *roles;
}

Result<JwtClaims> read_claims(std::string_view payload, WallTime now) {
  const auto parsed = parse_small_object(payload);
  if (!parsed) return fail("the claims are no JSON object");
  JwtClaims out;
  const json::value* subject = parsed->if_contains("sub");
  if (!subject || !subject->is_string()) return fail("'sub' is missing");
  out.subject = std::string(subject->get_string());
  const auto expires = date_of(*parsed, "exp"), begins = date_of(*parsed, "nbf");
  if (!expires) return tl::make_unexpected(expires.error());
  if (!begins) return tl::make_unexpected(begins.error());
  if (!*expires) return fail("'exp' is missing");
  if ((*expires)->since_unix_epoch + kLeeway <= now.since_unix_epoch) return fail("it has expired");
  if (*begins && (*begins)->since_unix_epoch > now.since_unix_epoch + kLeeway)
    return fail("it is not valid yet");
  auto roles = roles_of(*parsed);
  if (!roles) return tl::make_unexpected(roles.error());
  out.roles = std::move(*roles);
  out.expires = **expires;
  return out;
}

}  // namespace

struct JwtVerifier::Key {
  std::string secret;  // of HS256
  RsaKey rsa;          // of RS256
};

bool looks_like_jwt(std::string_view token) { return std::count(token.begin(), token.end(), '.') == 2; }

Result<JwtVerifier> JwtVerifier::from_key(std::string_view text) {
  auto key = std::make_shared<Key>();
  if (text.find("-----BEGIN") == std::string_view::npos) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    if (text.size() < kShortestSecret) return fail("a secret for HS256 is at least 32 bytes long");
    if (text.size() > 4096) return fail("a secret for HS256 is at most 4,096 bytes long");
    key->secret = std::string(text);
    return JwtVerifier(std::move(key));
  }
  if (text.find("PRIVATE KEY") != std::string_view::npos) {
    return fail("this is a private key; tokens are verified with the public one (openssl pkey -pubout)");
  }
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  key->rsa.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!key->rsa || EVP_PKEY_get_base_id(key->rsa.get()) != EVP_PKEY_RSA) {
    return fail("this is no RSA public key in PEM ('-----BEGIN PUBLIC KEY-----')");
  }
  if (EVP_PKEY_get_bits(key->rsa.get()) < kFewestRsaBits) return fail("an RSA key has at least 2,048 bits");
  return JwtVerifier(std::move(key));
}

Result<JwtClaims> JwtVerifier::verify(std::string_view token, WallTime now) const {
  if (token.size() > kLongestToken || !looks_like_jwt(token)) return fail("this is no JWT");
  const auto first = token.find('.'), last = token.rfind('.');
  const auto header_text = from_base64url(token.substr(0, first));
  const auto payload = from_base64url(token.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(token.substr(last + 1));
  if (!header_text || !payload || !signature) return fail("a part of it is no base64url");
  const auto header = parse_small_object(*header_text);
  if (!header) return fail("its header is no JSON object");
  const std::string_view wanted = key_->rsa ? "RS256" : "HS256";
  const json::value* algorithm = header->if_contains("alg");
  if (!algorithm || !algorithm->is_string() || algorithm->get_string() != wanted) {
    return fail("its algorithm is not " + std::string(wanted));
  }
  if (header->contains("crit")) return fail("it asks for extensions");
  const std::string_view signed_part = token.substr(0, last);
  const bool fits = key_->rsa ? fits_rsa(key_->rsa.get(), signed_part, *signature)
                              : fits_hmac(key_->secret, signed_part, *signature);
  if (!fits) return fail("its signature does not fit");
  return read_claims(*payload, now);
}

}  // namespace tutti::protocol
