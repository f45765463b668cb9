#include "base/sha256.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

// FIPS 180-2, appendix B.
TEST(Sha256, OfKnownTexts) {
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PieceByPieceIsTheSame) {
  const std::string text(100'000, 'x');
  Sha256 hash;
  for (std::size_t at = 0; at < text.size(); at += 777) {
    const auto piece = std::string_view(text).substr(at, 777);
    hash.add({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()});
  }
  EXPECT_EQ(hash.finish(), sha256_of(text));
}

}  // namespace
}  // namespace tutti
