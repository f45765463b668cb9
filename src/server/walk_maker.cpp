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

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace tutti::server {
namespace {

namespace fs = std::filesystem;
using media::AssetEncoder;

// Shared by the steps of one file, which come one after the other.
struct Job {
  std::string source, path, part;
  Frames length = 0;
  std::ofstream file;
  Sha256 hash;
  std::int64_t bytes = 0;
  std::optional<AssetEncoder> encoder;

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
    return bytes == AssetEncoder::bytes(length);
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
    std::error_code error;
    if (file) fs::rename(part, path, error);
    if (!file || error) return tl::make_unexpected(trouble(path));
    return false;
  }
};

using JobPtr = std::shared_ptr<Job>;

// Where the steps of a file run, and who is told of its end.
struct Place {
  WorkerPool& pool;
  app::MediaFiles& files;
  boost::asio::any_io_executor control;
  app::AssetMaker::Done done;
};

void finish(const JobPtr& job, const Place& place, const std::optional<Error>& wrong) {
  Result<app::AssetMaker::Made> made =
      place.files.open_bytes(job->path).map([&](std::shared_ptr<const app::ByteFile> file) {
        return app::AssetMaker::Made{std::move(file), job->bytes, job->hash.finish(), AssetEncoder::kDelay};
      });
  if (wrong) {
    std::error_code ignored;
    fs::remove(job->part, ignored);
    made = tl::make_unexpected(*wrong);
  }
  boost::asio::post(place.control, [done = place.done, made = std::move(made)] { done(made); });
}

void run(const JobPtr& job, const Place& place) {
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
  const auto job = std::make_shared<Job>();
  job->source = stamp.path;
  job->path = folder_ + "/" + sha256_of(version).substr(0, kDigits) + ".mp3";
  job->part = job->path + ".part";
  job->length = length(source);
  const Place place{pool_, files_, control_, std::move(done)};
  pool_.post([job, place] {
    if (job->take_kept()) return finish(job, place, std::nullopt);
    // Afresh: what was read of it is of no use.
    const auto anew = std::make_shared<Job>();
    anew->source = job->source;
    anew->path = job->path;
    anew->part = job->part;
    anew->length = job->length;
    run(anew, place);
  });
}

}  // namespace tutti::server
