#include "server/media_scanner.h"

#include "base/log.h"
#include "base/utf8.h"
#include "media/artist_picture.h"
#include "media/cover.h"
#include "media/folder_walk.h"
#include "media/image.h"
#include "media/loudness.h"
#include "media/probe.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tutti::server {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A file that was written this recently may still be on its way.
constexpr auto kYoung = 1s;
constexpr std::size_t kMostCoversWaiting = 64;

bool is_young(const FileStamp& file) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto age = now - std::chrono::nanoseconds(file.mtime_ns);
  return age >= 0s && age < kYoung;
}

Result<std::optional<Track>> make_track(const FileStamp& file, Result<std::optional<media::Probed>> probed) {
  if (!probed) return tl::make_unexpected(probed.error());
  if (!*probed) return std::nullopt;
  Track track;
  track.file = file;
  track.format = std::move((*probed)->format);
  track.frames = (*probed)->frames;
  track.rate = (*probed)->rate;
  track.channels = (*probed)->channels;
  track.tags = std::move((*probed)->tags);
  return track;
}

Result<ArtworkPtr> make_artwork(const FileStamp& file, const std::string& root, const ArtworkFormat& format) {
  const auto cover = format.subject == ArtworkFormat::Subject::artist
                         ? media::read_artist_picture(file.path, root)
                         : media::read_cover(file.path);
  if (!cover) return tl::make_unexpected(cover.error());
  if (!*cover) return ArtworkPtr();
  auto artwork = media::make_artwork((*cover)->bytes, format);
  if (artwork) return std::make_shared<const Artwork>(std::move(*artwork));
  log::warn("{}: its picture is not shown: {}", to_valid_utf8(file.path), artwork.error().message);
  return ArtworkPtr();
}

}  // namespace

MediaScanner::MediaScanner(WorkerPool& pool, asio::any_io_executor control,
                           std::function<void(const std::string&)> folder_changed)
    : pool_(pool),
      control_(std::move(control)),
      folder_changed_(std::move(folder_changed)),
      watch_([this](const std::string& folder) {
        asio::post(control_, [this, folder] { folder_changed_(folder); });
      }) {}

MediaScanner::~MediaScanner() { cancel(); }

void MediaScanner::look_again_later(const std::string& folder) {
  auto timer = std::make_shared<asio::steady_timer>(control_, 1200ms);
  timer->async_wait([this, folder, timer](const boost::system::error_code& error) {
    if (!error && !*cancelled_) folder_changed_(folder);
  });
}

void MediaScanner::walk(std::string folder, Walked done) {
  // Only files that turn up while the server runs can be half-written in a way that matters: the first walk
  // takes all.
  const bool is_first = walked_.insert(folder).second;
  pool_.post(
      [this, cancelled = cancelled_, folder = std::move(folder), done = std::move(done), is_first]() mutable {
        auto listing = media::walk_folder(folder, [cancelled] { return cancelled->load(); });
        if (*cancelled) return;
        Result<std::vector<FileStamp>> files = fail(listing ? "" : listing.error().message);
        bool incomplete = false;
        if (listing) {
          watch_.watch(folder, std::move(listing->directories));
          if (!is_first) incomplete = std::erase_if(listing->files, is_young) > 0;
          files = std::move(listing->files);
        }
        asio::post(control_, [this, folder = std::move(folder), files = std::move(files),
                              done = std::move(done), incomplete]() mutable {
          done(std::move(files));
          if (incomplete) look_again_later(folder);
        });
      });
}

void MediaScanner::probe(FileStamp file, Probed done) {
  pool_.post(
      [control = control_, cancelled = cancelled_, file = std::move(file), done = std::move(done)]() mutable {
        auto track = make_track(file, media::probe(file.path, [cancelled] { return cancelled->load(); }));
        if (*cancelled) return;
        asio::post(control,
                   [done = std::move(done), track = std::move(track)]() mutable { done(std::move(track)); });
      });
}

void MediaScanner::measure(std::string path, Measured done) {
  pool_.post(
      [control = control_, cancelled = cancelled_, path = std::move(path), done = std::move(done)]() mutable {
        auto loudness = media::measure_loudness(path, [cancelled] { return cancelled->load(); });
        if (*cancelled) return;
        asio::post(control, [done = std::move(done), loudness = std::move(loudness)]() mutable {
          done(std::move(loudness));
        });
      });
}

void MediaScanner::read_cover(std::string path, app::CoverReader::Done done) {
  if (covers_waiting_ >= kMostCoversWaiting) {
    asio::post(control_,
               [done = std::move(done)] { done(fail("too many covers are being read; try again")); });
    return;
  }
  ++covers_waiting_;
  pool_.post([this, path = std::move(path), done = std::move(done)]() mutable {
    auto cover = media::read_cover(path).map([](std::optional<media::Cover> found) {
      std::optional<app::Cover> out;
      if (found) out = app::Cover{std::move(found->mime_type), std::move(found->bytes)};
      return out;
    });
    asio::post(control_, [this, done = std::move(done), cover = std::move(cover)]() mutable {
      --covers_waiting_;
      done(std::move(cover));
    });
  });
}

void MediaScanner::read_artwork(const FileStamp& file, const ArtworkFormat& format,
                                app::ArtworkSource::Done done) {
  if (covers_waiting_ >= kMostCoversWaiting) {
    asio::post(control_,
               [done = std::move(done)] { done(fail("too many covers are being read; try again")); });
    return;
  }
  ++covers_waiting_;
  // Of the folders of the library the outermost one that holds it.
  const auto root =
      std::ranges::find_if(walked_, [&](const auto& each) { return file.path.starts_with(each + "/"); });
  pool_.post(
      [this, file, root = root == walked_.end() ? "" : *root, format, done = std::move(done)]() mutable {
        auto artwork = make_artwork(file, root, format);
        asio::post(control_, [this, done = std::move(done), artwork = std::move(artwork)]() mutable {
          --covers_waiting_;
          done(std::move(artwork));
        });
      });
}

}  // namespace tutti::server
