#include "base/secret.h"

#include "base/base64.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Secret, APasswordFitsItsHashAndNoOther) {
  const std::string hash = hash_password("correct horse").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_EQ(hash.find("correct"), std::string::npos);
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "correct hors"));
  EXPECT_FALSE(verify_password(hash, ""));
  EXPECT_NE(hash, hash_password("correct horse").value()) << "salted";
}

TEST(Secret, WhatIsNoHashFitsNoPassword) {
  EXPECT_FALSE(verify_password("", ""));
  EXPECT_FALSE(verify_password("secret", "secret"));
  EXPECT_FALSE(verify_password("$argon2id$v=19$m=1$", "x"));
  EXPECT_FALSE(verify_password(nobodys_hash(), ""));
  EXPECT_EQ(nobodys_hash().substr(0, 27), hash_password("x").value().substr(0, 27)) << "the same parameters";
}

TEST(Secret, RandomSecretsAreLongAndDifferent) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string secret = random_secret();
    EXPECT_EQ(secret.size(), 43u);
    EXPECT_EQ(from_base64url(secret).value().size(), 32u);
    EXPECT_TRUE(seen.insert(secret).second);
  }
}

// FIPS 180-2, appendix B.1.
TEST(Secret, DigestIsSha256) {
  const auto digest = digest_of("abc");
  EXPECT_EQ(digest.bytes[0], 0xba);
  EXPECT_EQ(digest.bytes[1], 0x78);
  EXPECT_EQ(digest.bytes[31], 0xad);
  EXPECT_EQ(digest, digest_of("abc"));
  EXPECT_NE(digest, digest_of("abd"));
}

TEST(Secret, KeyedDigestsDependOnTheirKey) {
  const KeyedDigest one, other;
  EXPECT_EQ(one("a"), one("a"));
  EXPECT_NE(one("a"), one("b"));
  EXPECT_NE(one("a"), other("a"));
}

TEST(Secret, Comparing) {
  EXPECT_TRUE(are_same_secret("", ""));
  EXPECT_TRUE(are_same_secret("abc", "abc"));
  EXPECT_FALSE(are_same_secret("abc", "abd"));
  EXPECT_FALSE(are_same_secret("abc", "abcd"));
}

TEST(Base64, ThereAndBack) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 100, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
}

TEST(Base64, IsStrict) {
  for (const auto* text : {"Zg", "Zg=", "Zg== ", "Z g=", "Zh==", "Zg==Zg==", "=", "-_8=", "A"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  for (const auto* text : {"Zg==", "Zh", "+/8", "A", " Zg", "Zg\n"})
    EXPECT_FALSE(from_base64url(text)) << text;
}

}  // namespace
}  // namespace tutti
