// A cover, made by anybody, in every kind and in a size of the fuzzer's choice.
#include "media/image.h"

#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti;
  if (size < 2) return 0;
  const int width = 1 + data[0] * 17, height = 1 + data[1] * 17;
  const std::span<const std::uint8_t> file(data + 2, size - 2);
  const auto image = media::decode_image(file);
  if (!image) {
    REQUIRE(!image.error().message.empty());
    return 0;
  }
  REQUIRE(image->width > 0 && image->height > 0 &&
          std::int64_t{image->width} * image->height <= media::kMostPixels);
  REQUIRE(image->pixels.size() ==
          3 * static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height));
  if (image->pixels.size() > 1'000'000) return 0;  // large ones only cost time
  const auto scaled = media::scale_to_fit(*image, width, height);
  if (!scaled) return 0;
  REQUIRE(scaled->width >= 1 && scaled->width <= width && scaled->height >= 1 && scaled->height <= height);
  for (const auto kind : {ArtworkFormat::Kind::jpeg, ArtworkFormat::Kind::png, ArtworkFormat::Kind::bmp}) {
    const auto bytes = media::encode_image(*scaled, kind);
    REQUIRE(bytes && !bytes->empty());
  }
  return 0;
}
