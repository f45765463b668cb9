#include "media/image.h"

#include "media/ffmpeg.h"
#include "media/picture.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <string>
#include <string_view>

namespace tutti::media {
namespace {

// Plain averaging of all pixels that a smaller one stands for, with exact arithmetic.
constexpr int kScaling = SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
constexpr int kJpegQuality = 3;  // of 2 (best) to 31

int stride_of(const Image& image) { return image.width * 3; }

Result<AvFramePtr> decode_frame(std::span<const std::uint8_t> file) {
  silence_ffmpeg();
  static const std::map<std::string_view, AVCodecID> kDecoders{{"image/jpeg", AV_CODEC_ID_MJPEG},
                                                               {"image/png", AV_CODEC_ID_PNG},
                                                               {"image/webp", AV_CODEC_ID_WEBP},
                                                               {"image/gif", AV_CODEC_ID_GIF}};
  const auto known = kDecoders.find(mime_type_of(file));
  if (known == kDecoders.end()) return fail("not a JPEG, PNG, WebP or GIF picture");
  const AVCodec* decoder = avcodec_find_decoder(known->second);
  if (!decoder) return fail("this FFmpeg has no decoder for " + std::string(known->first));
  CodecContextPtr codec(avcodec_alloc_context3(decoder));
  AvPacketPtr packet(av_packet_alloc());
  AvFramePtr frame(av_frame_alloc());
  if (!codec || !packet || !frame) throw std::bad_alloc();
  codec->thread_count = 1;
  codec->max_pixels = kMostPixels;
  if (const int code = avcodec_open2(codec.get(), decoder, nullptr); code < 0) return fail(error_text(code));
  // With the padding behind its end that FFmpeg's readers rely on.
  if (av_new_packet(packet.get(), static_cast<int>(file.size())) < 0) throw std::bad_alloc();
  std::memcpy(packet->data, file.data(), file.size());
  packet->flags |= AV_PKT_FLAG_KEY;
  int code = avcodec_send_packet(codec.get(), packet.get());
  if (code >= 0) code = avcodec_send_packet(codec.get(), nullptr);
  if (code >= 0) code = avcodec_receive_frame(codec.get(), frame.get());
  if (code < 0) return fail("the picture cannot be read: " + error_text(code));
  if (frame->width < 1 || frame->height < 1 || std::int64_t{frame->width} * frame->height > kMostPixels) {
    return fail("the picture has no size, or too many pixels");
  }
  return frame;
}

Result<SwsContextPtr> open_scaler(int from_width, int from_height, AVPixelFormat from, int width, int height,
                                  AVPixelFormat to) {
  SwsContextPtr scaler(
      sws_getContext(from_width, from_height, from, width, height, to, kScaling, nullptr, nullptr, nullptr));
  if (!scaler) return fail("pictures of this kind or size cannot be converted");
  return scaler;
}

// Onto black, in place; `rgba` becomes rgb.
void flatten(std::vector<std::uint8_t>& rgba) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < rgba.size(); from += 4) {
    const unsigned alpha = rgba[from + 3];
    for (std::size_t i = 0; i < 3; ++i)
      rgba[to++] = static_cast<std::uint8_t>((rgba[from + i] * alpha + 127) / 255);
  }
  rgba.resize(to);
}

Result<Image> to_image(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(format);
  if (!descriptor) return fail("the picture has pixels of an unknown kind");
  // A palette's colours have an alpha each.
  const bool is_clear = (descriptor->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL)) != 0;
  const AVPixelFormat to = is_clear ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24;
  auto scaler = open_scaler(frame.width, frame.height, format, frame.width, frame.height, to);
  if (!scaler) return tl::make_unexpected(scaler.error());
  Image image{frame.width, frame.height, {}};
  const int stride = frame.width * (is_clear ? 4 : 3);
  image.pixels.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(frame.height));
  std::uint8_t* planes[] = {image.pixels.data()};
  const int made = sws_scale(scaler->get(), frame.data, frame.linesize, 0, frame.height, planes, &stride);
  if (made != frame.height) return fail("the picture's colours cannot be converted");
  if (is_clear) flatten(image.pixels);
  return image;
}

Result<AvFramePtr> to_frame(const Image& image, AVPixelFormat format) {
  AvFramePtr frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  frame->format = format;
  frame->width = image.width;
  frame->height = image.height;
  if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0) return fail(error_text(code));
  auto scaler = open_scaler(image.width, image.height, AV_PIX_FMT_RGB24, image.width, image.height, format);
  if (!scaler) return tl::make_unexpected(scaler.error());
  const std::uint8_t* planes[] = {image.pixels.data()};
  const int stride = stride_of(image);
  sws_scale(scaler->get(), planes, &stride, 0, image.height, frame->data, frame->linesize);
  return frame;
}

struct Encoder {
  AVCodecID codec;
  AVPixelFormat format;
};

Encoder encoder_of(ArtworkFormat::Kind kind) {
  switch (kind) {
    case ArtworkFormat::Kind::jpeg:
      return {AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P};
    case ArtworkFormat::Kind::png:
      return {AV_CODEC_ID_PNG, AV_PIX_FMT_RGB24};
    case ArtworkFormat::Kind::bmp:
      break;
  }
  return {AV_CODEC_ID_BMP, AV_PIX_FMT_BGR24};
}

}  // namespace

Result<Image> decode_image(std::span<const std::uint8_t> file) {
  return decode_frame(file).and_then([](const AvFramePtr& frame) { return to_image(*frame); });
}

Result<Image> scale_to_fit(Image image, int width, int height) {
  if (width < 1 || height < 1) return fail("a picture is at least one pixel wide and high");
  if (image.width <= width && image.height <= height) return image;
  // The side that has to shrink most decides.
  const bool by_width = std::int64_t{image.width} * height >= std::int64_t{image.height} * width;
  const std::int64_t over = by_width ? image.width : image.height;
  const std::int64_t room = by_width ? width : height;
  const auto scaled = [&](int side) {
    return static_cast<int>(std::max<std::int64_t>(1, (side * room + over / 2) / over));
  };
  Image out{scaled(image.width), scaled(image.height), {}};
  out.pixels.resize(static_cast<std::size_t>(stride_of(out)) * static_cast<std::size_t>(out.height));
  auto scaler =
      open_scaler(image.width, image.height, AV_PIX_FMT_RGB24, out.width, out.height, AV_PIX_FMT_RGB24);
  if (!scaler) return tl::make_unexpected(scaler.error());
  const std::uint8_t* from[] = {image.pixels.data()};
  std::uint8_t* to[] = {out.pixels.data()};
  const int from_stride = stride_of(image), to_stride = stride_of(out);
  if (sws_scale(scaler->get(), from, &from_stride, 0, image.height, to, &to_stride) != out.height) {
    return fail("the picture cannot be scaled");
  }
  return out;
}

Result<std::vector<std::uint8_t>> encode_image(const Image& image, ArtworkFormat::Kind kind) {
  silence_ffmpeg();
  const auto [id, format] = encoder_of(kind);
  const AVCodec* encoder = avcodec_find_encoder(id);
  if (!encoder) return fail(std::string("this FFmpeg makes no pictures of the kind ") + avcodec_get_name(id));
  CodecContextPtr codec(avcodec_alloc_context3(encoder));
  AvPacketPtr packet(av_packet_alloc());
  if (!codec || !packet) throw std::bad_alloc();
  codec->width = image.width;
  codec->height = image.height;
  codec->pix_fmt = format;
  codec->time_base = {1, 1};
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_QSCALE;
  codec->global_quality = kJpegQuality * FF_QP2LAMBDA;
  int code = avcodec_open2(codec.get(), encoder, nullptr);
  if (code < 0) return fail("the picture cannot be encoded: " + error_text(code));
  auto frame = to_frame(image, format);
  if (!frame) return tl::make_unexpected(frame.error());
  (*frame)->quality = codec->global_quality;
  code = avcodec_send_frame(codec.get(), frame->get());
  if (code >= 0) code = avcodec_send_frame(codec.get(), nullptr);
  if (code >= 0) code = avcodec_receive_packet(codec.get(), packet.get());
  if (code < 0) return fail("the picture cannot be encoded: " + error_text(code));
  return std::vector<std::uint8_t>(packet->data, packet->data + packet->size);
}

Result<Artwork> make_artwork(std::span<const std::uint8_t> file, const ArtworkFormat& format) {
  auto image = decode_image(file).and_then([&](Image decoded) {
    return scale_to_fit(std::move(decoded), std::min(format.width, ArtworkFormat::kLargestSide),
                        std::min(format.height, ArtworkFormat::kLargestSide));
  });
  if (!image) return tl::make_unexpected(image.error());
  return encode_image(*image, format.kind).map([&](std::vector<std::uint8_t> bytes) {
    return Artwork{std::move(bytes), image->width, image->height};
  });
}

}  // namespace tutti::media
