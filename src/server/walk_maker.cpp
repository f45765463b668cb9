#include "server/walk_maker.h"

#include "base/sha256.h"
#include "media/asset_encoder.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace tutti::server {
namespace {

namespace fs = std::filesystem;
using media::AssetEncoder;
using media::LoudnessPicture;

// Shared by the steps of one file, which come one after the other.
struct AssetJob {
  // `stem`: of the files that are made. `length`: in samples of the asset.
  AssetJob(std::string source_path, const std::string& stem, Frames frames)
      : source(std::move(source_path)),
        path(stem + ".mp3"),
        part(path + ".part"),
        picture_path(stem + ".picture"),
        length(frames) {}

  const std::string source, path, part, picture_path;
  const Frames length;
  std::ofstream file;
  Sha256 hash;
  std::int64_t bytes = 0;
  std::optional<AssetEncoder> encoder;
  std::vector<std::uint8_t> picture;

  Error trouble(const std::string& name) const {
    return {"cannot write " + name + ": " + std::generic_category().message(errno)};
  }

  // Of what an earlier start has made; false: there is nothing whole.
  bool take_kept() {
    std::ifstream kept(path, std::ios::binary);
    std::array<char, 64 * 1024> piece;
    while (kept) {
      kept.read(piece.data(), piece.size());
      const auto size = static_cast<std::size_t>(kept.gcount());
      hash.add({reinterpret_cast<const std::uint8_t*>(piece.data()), size});
      bytes += kept.gcount();
    }
    return bytes == AssetEncoder::bytes(length) && take_kept_picture();
  }

  bool take_kept_picture() {
    const std::size_t size = LoudnessPicture::size(length);
    std::error_code error;
    if (fs::file_size(picture_path, error) != size || error) return false;
    picture.resize(size);
    std::ifstream kept(picture_path, std::ios::binary);
    kept.read(reinterpret_cast<char*>(picture.data()), static_cast<std::streamsize>(size));
    return static_cast<bool>(kept);
  }

  // Before the sound itself: where that is whole, this is.
  Result<void> keep_picture() {
    picture = encoder->picture().points();
    const std::string unfinished = picture_path + ".part";
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(picture.data()), static_cast<std::streamsize>(picture.size()));
    out.close();
    std::error_code error;
    if (out) fs::rename(unfinished, picture_path, error);
    if (!out || error) return tl::make_unexpected(trouble(picture_path));
    return {};
  }

  Result<void> begin() {
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    file.open(part, std::ios::binary | std::ios::trunc);
    if (!file) return tl::make_unexpected(trouble(part));
    auto opened = AssetEncoder::open(source, length);
    if (!opened) return tl::make_unexpected(opened.error());
    encoder = std::move(*opened);
    return {};
  }

  // True while there is more.
  Result<bool> step() {
    if (!encoder) {
      if (auto begun = begin(); !begun) return tl::make_unexpected(begun.error());
    }
    auto more = encoder->step([&](std::span<const std::uint8_t> frame) -> Result<void> {
      hash.add(frame);
      bytes += static_cast<std::int64_t>(frame.size());
      file.write(reinterpret_cast<const char*>(frame.data()), static_cast<std::streamsize>(frame.size()));
      if (!file) return tl::make_unexpected(trouble(part));
      return {};
    });
    if (!more || *more) return more;
    file.close();
    if (auto kept = keep_picture(); !kept) return tl::make_unexpected(kept.error());
    std::error_code error;
    if (file) fs::rename(part, path, error);
    if (!file || error) return tl::make_unexpected(trouble(path));
    return false;
  }
};

using AssetJobPtr = std::shared_ptr<AssetJob>;

// Where the steps of a file run, and who is told of its end.
struct Place {
  WorkerPool& pool;
  app::MediaFiles& files;
  boost::asio::any_io_executor control;
  app::AssetMaker::Done done;
};

void finish(const AssetJobPtr& job, const Place& place, const std::optional<Error>& wrong) {
  Result<app::AssetMaker::Made> made =
      place.files.open_bytes(job->path).map([&](std::shared_ptr<const app::ByteFile> file) {
        auto picture = std::make_shared<app::AssetPicture>();
        picture->step = LoudnessPicture::step(job->length);
        picture->points = std::move(job->picture);
        return app::AssetMaker::Made{std::move(file), job->bytes, job->hash.finish(), AssetEncoder::kDelay,
                                     std::move(picture)};
      });
  if (wrong) {
    std::error_code ignored;
    fs::remove(job->part, ignored);
    fs::remove(job->picture_path + ".part", ignored);
    made = tl::make_unexpected(*wrong);
  }
  boost::asio::post(place.control, [done = place.done, made = std::move(made)] { done(made); });
}

void run(const AssetJobPtr& job, const Place& place) {
  const auto more = job->step();
  if (!more) return finish(job, place, more.error());
  if (!*more) return finish(job, place, std::nullopt);
  place.pool.post([job, place] { run(job, place); });
}

}  // namespace

Frames WalkMaker::length(const Track& source) const {
  return AssetEncoder::length(source.frames, source.rate);
}

// The name tells of which version of which file: a changed file is another.
void WalkMaker::make(const Track& source, Done done) {
  constexpr std::size_t kDigits = 32;
  const auto& stamp = source.file;
  const std::string version = fmt::format("{}\n{}\n{}", stamp.path, stamp.size, stamp.mtime_ns);
  const std::string stem = folder_ + "/" + sha256_of(version).substr(0, kDigits);
  const auto job = std::make_shared<AssetJob>(stamp.path, stem, length(source));
  const Place place{pool_, files_, control_, std::move(done)};
  pool_.post([job, stem, place] {
    if (job->take_kept()) return finish(job, place, std::nullopt);
    // Afresh: what was read of it is of no use.
    run(std::make_shared<AssetJob>(job->source, stem, job->length), place);
  });
}

}  // namespace tutti::server
