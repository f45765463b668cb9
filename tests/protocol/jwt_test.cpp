#include "protocol/jwt.h"

#include "base/base64.h"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <random>

#include <gtest/gtest.h>

namespace tutti::protocol {
namespace {

using namespace std::chrono_literals;

const std::string kSecret = "a secret of at least 32 bytes, so";
constexpr WallTime kNow{1'700'000'000s};

std::string hmac(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

std::string two_parts(const std::string& header, const std::string& claims) {
  return to_base64url(header) + "." + to_base64url(claims);
}

std::string hs256(const std::string& claims, const std::string& header = R"({"alg":"HS256"})",
                  const std::string& key = kSecret) {
  const std::string text = two_parts(header, claims);
  return text + "." + to_base64url(hmac(key, text));
}

// A key pair made for the test.
struct RsaPair {
  explicit RsaPair(unsigned bits) : key(EVP_RSA_gen(bits)) {}
  ~RsaPair() { EVP_PKEY_free(key); }
  std::string pem(bool is_private) const {
    BIO* bio = BIO_new(BIO_s_mem());
    if (is_private) {
      PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    } else {
      PEM_write_bio_PUBKEY(bio, key);
    }
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return out;
  }
  std::string sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 512;
    std::string out(size, '\0');
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    out.resize(size);
    return out;
  }
  EVP_PKEY* key;
};

std::string good_claims() { return R"({"sub":"anna","exp":1700000100,"roles":["listener","x"]})"; }

TEST(Jwt, AGoodOneIsTaken) {
  const auto verifier = JwtVerifier::from_key(kSecret + "\n").value();
  const auto claims = verifier.verify(hs256(good_claims()), kNow);
  ASSERT_TRUE(claims) << claims.error().message;
  EXPECT_EQ(claims->subject, "anna");
  EXPECT_EQ(claims->roles, (std::vector<std::string>{"listener", "x"}));
  EXPECT_EQ(claims->expires.since_unix_epoch, 1'700'000'100s);
  EXPECT_EQ(verifier.verify(hs256(R"({"sub":"a","exp":1700000100,"roles":"a b"})"), kNow)->roles.size(), 2u);
  EXPECT_TRUE(verifier.verify(hs256(R"({"sub":"a","exp":1700000100.5})"), kNow)->roles.empty());
}

// RFC 7515, A.1: a token made by others, long expired.
TEST(Jwt, TheExampleOfTheRfc) {
  const auto key = from_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const auto verifier = JwtVerifier::from_key(*key).value();
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const auto claims = verifier.verify(token, WallTime{1'300'000'000s});
  ASSERT_FALSE(claims);
  EXPECT_EQ(claims.error().message, "'sub' is missing") << "its signature fits";
}

TEST(Jwt, EveryChangedCharacterIsSeen) {
  const auto verifier = JwtVerifier::from_key(kSecret).value();
  const std::string token = hs256(good_claims());
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'B', '.', '-', '='}) {
      std::string tampered = token;
      if (tampered[i] == c) continue;
      tampered[i] = c;
      EXPECT_FALSE(verifier.verify(tampered, kNow)) << i << c;
    }
    EXPECT_FALSE(verifier.verify(token.substr(0, i), kNow)) << i;
  }
  EXPECT_FALSE(verifier.verify(token + "=", kNow));
  EXPECT_FALSE(verifier.verify(token + ".", kNow));
}

TEST(Jwt, TheKeyDecidesTheAlgorithm) {
  const auto verifier = JwtVerifier::from_key(kSecret).value();
  for (const auto* header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS512"})", R"({"alg":"hs256"})",
        R"({"alg":"RS256"})", R"({"alg":["HS256"]})", R"({})", R"([])", R"({"alg":"none","alg":"HS256"})",
        R"({"alg":"HS256","crit":["exp"]})"}) {
    EXPECT_FALSE(verifier.verify(hs256(good_claims(), header), kNow)) << header;
    EXPECT_FALSE(verifier.verify(two_parts(header, good_claims()) + ".", kNow)) << header;
  }
  EXPECT_FALSE(verifier.verify(two_parts(R"({"alg":"HS256"})", good_claims()) + ".", kNow)) << "no signature";
  EXPECT_FALSE(verifier.verify(hs256(good_claims(), R"({"alg":"HS256"})", kSecret + "x"), kNow))
      << "another key";
}

TEST(Jwt, Rs256) {
  const RsaPair pair(2048), other(2048);
  const auto verifier = JwtVerifier::from_key(pair.pem(false)).value();
  const std::string text = two_parts(R"({"alg":"RS256","kid":"1"})", good_claims());
  EXPECT_TRUE(verifier.verify(text + "." + to_base64url(pair.sign(text)), kNow));
  EXPECT_FALSE(verifier.verify(text + "." + to_base64url(other.sign(text)), kNow));
  // The public key is public, so it must not serve as the secret of an HS256 token.
  for (const std::string& key : {pair.pem(false), pair.pem(false) + "\n"}) {
    EXPECT_FALSE(verifier.verify(hs256(good_claims(), R"({"alg":"HS256"})", key), kNow));
    EXPECT_FALSE(verifier.verify(hs256(good_claims(), R"({"alg":"RS256"})", key), kNow));
  }
}

TEST(Jwt, Dates) {
  const auto verifier = JwtVerifier::from_key(kSecret).value();
  const auto is_taken = [&](const std::string& dates) {
    return verifier.verify(hs256(R"({"sub":"anna",)" + dates + "}"), kNow).has_value();
  };
  EXPECT_TRUE(is_taken(R"("exp":1699999971)")) << "clocks differ a little";
  EXPECT_FALSE(is_taken(R"("exp":1699999970)"));
  EXPECT_TRUE(is_taken(R"("exp":1700000100,"nbf":1700000030)"));
  EXPECT_FALSE(is_taken(R"("exp":1700000100,"nbf":1700000031)"));
  for (const auto* exp :
       {R"("x":1)", R"("exp":"1700000100")", R"("exp":null)", R"("exp":-1)", R"("exp":1e300)",
        R"("exp":18446744073709551615)", R"("exp":1,"exp":1700000100)", R"("exp":1700000100,"nbf":"0")"}) {
    EXPECT_FALSE(is_taken(exp)) << exp;
  }
}

TEST(Jwt, Claims) {
  const auto verifier = JwtVerifier::from_key(kSecret).value();
  for (const auto* claims :
       {R"({"exp":1700000100})", R"({"sub":7,"exp":1700000100})", R"("sub")", "", "{",
        R"({"sub":"a","exp":1700000100,"roles":[1]})", R"({"sub":"a","exp":1700000100,"roles":{}})",
        R"({"sub":"a","sub":"b","exp":1700000100})"}) {
    EXPECT_FALSE(verifier.verify(hs256(claims), kNow)) << claims;
  }
}

TEST(Jwt, KeysThatAreNone) {
  EXPECT_FALSE(JwtVerifier::from_key(""));
  EXPECT_FALSE(JwtVerifier::from_key("short"));
  EXPECT_FALSE(JwtVerifier::from_key("-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(JwtVerifier::from_key(RsaPair(1024).pem(false)));
  const auto is_private = JwtVerifier::from_key(RsaPair(2048).pem(true));
  ASSERT_FALSE(is_private);
  EXPECT_NE(is_private.error().message.find("private"), std::string::npos);
}

}  // namespace
}  // namespace tutti::protocol
