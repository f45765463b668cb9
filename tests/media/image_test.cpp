// Covers in the size and kind that a display asks for.
#include "media/image.h"

#include "tests/media/test_audio.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tutti::media {
namespace {

using namespace test;
using Kind = ArtworkFormat::Kind;

// Red grows to the right, green downwards; blue is the same everywhere.
Image gradient(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.pixels.push_back(static_cast<std::uint8_t>(255 * x / std::max(1, width - 1)));
      image.pixels.push_back(static_cast<std::uint8_t>(255 * y / std::max(1, height - 1)));
      image.pixels.push_back(80);
    }
  }
  return image;
}

double mean_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  if (a.pixels.size() != b.pixels.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  return {text.begin(), text.end()};
}

class ImageTest : public testing::Test {
 protected:
  std::filesystem::path dir = fresh_dir("image");

  // What another program makes of the picture.
  std::vector<std::uint8_t> file_of(const Image& image, const std::string& name,
                                    std::vector<std::string> how = {}) {
    write_text(dir / "in.rgb", {image.pixels.begin(), image.pixels.end()});
    const std::string size = std::to_string(image.width) + "x" + std::to_string(image.height);
    std::vector<std::string> arguments{"-f", "rawvideo", "-pix_fmt", "rgb24",
                                       "-s", size,       "-i",       (dir / "in.rgb").string()};
    arguments.insert(arguments.end(), how.begin(), how.end());
    arguments.push_back((dir / name).string());
    ffmpeg(arguments);
    return bytes_of(dir / name);
  }
  // What another program sees in a file of ours.
  Image seen(const Artwork& artwork, const std::string& name) {
    write_text(dir / name, {artwork.bytes.begin(), artwork.bytes.end()});
    ffmpeg({"-i", (dir / name).string(), "-f", "rawvideo", "-pix_fmt", "rgb24", (dir / "out.rgb").string()});
    return {artwork.width, artwork.height, bytes_of(dir / "out.rgb")};
  }
};

TEST_F(ImageTest, ReadsWhatCoversAreMadeOf) {
  const Image image = gradient(300, 200);
  EXPECT_LT(mean_difference(decode_image(file_of(image, "a.png")).value(), image), 0.01);
  EXPECT_LT(mean_difference(decode_image(file_of(image, "a.jpg", {"-q:v", "2"})).value(), image), 3);
  EXPECT_LT(mean_difference(decode_image(file_of(image, "a.webp", {"-quality", "95"})).value(), image), 4);
  EXPECT_LT(mean_difference(decode_image(file_of(image, "a.gif")).value(), image), 12);
  EXPECT_LT(mean_difference(decode_image(file_of(image, "b.png", {"-pix_fmt", "rgb48be"})).value(), image),
            0.6);
}

TEST_F(ImageTest, OthersReadWhatItMakes) {
  const Image image = gradient(300, 200);
  const auto file = file_of(image, "a.png");
  const std::pair<Kind, const char*> kinds[] = {
      {Kind::jpeg, "out.jpg"}, {Kind::png, "out.png"}, {Kind::bmp, "out.bmp"}};
  for (const auto& [kind, name] : kinds) {
    const auto full = make_artwork(file, {kind, 300, 200}).value();
    EXPECT_EQ(full.width, 300);
    EXPECT_EQ(full.height, 200);
    EXPECT_LT(mean_difference(seen(full, name), image), kind == Kind::jpeg ? 3 : 0.01) << name;
    const auto half = make_artwork(file, {kind, 150, 150}).value();
    EXPECT_EQ(half.width, 150);
    EXPECT_EQ(half.height, 100);
    EXPECT_LT(mean_difference(seen(half, name), gradient(150, 100)), 4) << name;
  }
}

TEST_F(ImageTest, FitsWithinAndKeepsItsProportions) {
  for (const auto& [width, height] : {std::pair{640, 640}, {1000, 333}, {17, 901}, {3, 2}, {4000, 1}}) {
    const Image image = gradient(width, height);
    for (const auto& [max_width, max_height] :
         {std::pair{1, 1}, {100, 100}, {333, 50}, {9, 4000}, {5000, 5000}}) {
      const Image scaled = scale_to_fit(image, max_width, max_height).value();
      EXPECT_GE(scaled.width, 1);
      EXPECT_GE(scaled.height, 1);
      EXPECT_LE(scaled.width, std::min(width, max_width));
      EXPECT_LE(scaled.height, std::min(height, max_height));
      EXPECT_EQ(scaled.pixels.size(), static_cast<std::size_t>(3 * scaled.width * scaled.height));
      // One side is as long as it may be, the other follows.
      EXPECT_TRUE(scaled.width == std::min(width, max_width) ||
                  scaled.height == std::min(height, max_height));
      const double factor =
          std::min({1.0, static_cast<double>(max_width) / width, static_cast<double>(max_height) / height});
      EXPECT_NEAR(scaled.width, std::max(1.0, width * factor), 0.51);
      EXPECT_NEAR(scaled.height, std::max(1.0, height * factor), 0.51);
    }
  }
}

TEST_F(ImageTest, WhatIsTransparentLiesOnBlack) {
  const auto file = file_of(gradient(64, 64), "a.png", {"-vf", "format=rgba,colorchannelmixer=aa=0.5"});
  const Image seen = decode_image(file).value();
  for (std::size_t i = 2; i < seen.pixels.size(); i += 3) EXPECT_NEAR(seen.pixels[i], 40, 1);
}

TEST_F(ImageTest, RefusesWhatIsNoPictureAndWhatIsTooLarge) {
  EXPECT_FALSE(decode_image({}));
  const std::string text = "not a picture";
  EXPECT_FALSE(decode_image({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  auto cut = file_of(gradient(300, 200), "a.jpg");
  cut.resize(40);
  EXPECT_FALSE(decode_image(cut));
  auto bomb = file_of(gradient(30, 20), "a.png");
  bomb[16] = bomb[20] = 0;  // width and height, as its header says: 65,536 each
  bomb[17] = bomb[21] = 1;
  bomb[18] = bomb[19] = bomb[22] = bomb[23] = 0;
  EXPECT_FALSE(decode_image(bomb));
  EXPECT_FALSE(make_artwork(file_of(gradient(30, 20), "a.png"), {Kind::png, 0, 5}));
  const auto largest =
      make_artwork(file_of(gradient(5000, 10), "wide.png"), {Kind::png, 100'000, 100'000}).value();
  EXPECT_EQ(largest.width, ArtworkFormat::kLargestSide);
}

}  // namespace
}  // namespace tutti::media
