#include "server/encoded_files.h"

#include "base/log.h"
#include "media/station_producer.h"
#include "net/mp3_piece.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {
namespace {

namespace fs = std::filesystem;

constexpr int kFirstStepSeconds = 2, kStepSeconds = 10;
constexpr std::string_view kEnding = ".mp3", kPart = ".part";

Error system_error(const std::string& what) { return {what + ": " + std::generic_category().message(errno)}; }

// A track that is being encoded, for those who listen already. Its descriptor stays good when the file is
// renamed.
class GrowingFile : public app::ByteFile {
 public:
  explicit GrowingFile(std::string path) : stamp_{std::move(path)} {}
  ~GrowingFile() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  const FileStamp& stamp() const override { return stamp_; }
  std::int64_t size() const override { return size_; }
  bool is_growing() const override { return growing_; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const override {
    const auto there = std::max<std::int64_t>(0, size_ - offset);
    out = out.first(static_cast<std::size_t>(std::min(there, static_cast<std::int64_t>(out.size()))));
    if (out.empty()) return 0;
    const ssize_t n = ::pread(descriptor_, out.data(), out.size(), offset);
    return n > 0 ? static_cast<std::size_t>(n) : 0;
  }

  // --- for its job
  Result<void> create() {
    descriptor_ = ::open(stamp_.path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor_ < 0) return tl::make_unexpected(system_error("cannot write " + stamp_.path));
    return {};
  }
  Result<void> append(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(descriptor_, bytes.data(), bytes.size(), size_);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return tl::make_unexpected(system_error("cannot write " + stamp_.path));
      size_ += n;
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }
  Result<void> become(const std::string& path) {
    if (::fdatasync(descriptor_) != 0 || ::rename(stamp_.path.c_str(), path.c_str()) != 0) {
      return tl::make_unexpected(system_error("cannot write " + path));
    }
    return {};
  }
  void end() { growing_ = false; }

 private:
  FileStamp stamp_;
  int descriptor_ = -1;  // there before size_ is more than 0
  std::atomic<std::int64_t> size_{0};
  std::atomic<bool> growing_{true};
};

// Shared by the steps of one track, which come one after the other.
struct TrackJob {
  Segment track;
  Encoding encoding;
  std::string path;
  std::shared_ptr<GrowingFile> file;
  std::optional<media::StationProducer> producer;
  Frames done = 0;
  std::optional<Error> failed;

  Result<void> begin() {
    if (auto created = file->create(); !created) return created;
    auto started = media::StationProducer::start({{encoding}, ServerTime{}, 0, 0});
    if (!started) return tl::make_unexpected(started.error());
    producer = std::move(*started);
    return {};
  }

  Result<void> step() {
    const int seconds = done == 0 ? kFirstStepSeconds : kStepSeconds;
    if (!producer) {
      if (auto begun = begin(); !begun) return begun;
    }
    done = std::min(track.length, done + Frames{seconds} * encoding.rate);
    producer->produce(
        std::span(&track, 1), done,
        [&](std::size_t, const PacketPtr& packet) {
          auto written = failed ? Result<void>{} : file->append(packet->bytes);
          if (!written) failed = written.error();
        },
        [&](const Segment&, const Error& why) { failed = why; });
    if (failed) return tl::make_unexpected(*failed);
    return done < track.length ? Result<void>{} : file->become(path);
  }
};

void run(const std::shared_ptr<TrackJob>& job, WorkerPool& pool, const boost::asio::any_io_executor& control,
         const app::EncodedFiles::Ended& ended) {
  const auto stepped = job->step();
  if (stepped && job->done < job->track.length) {
    pool.post([job, &pool, control, ended] { run(job, pool, control, ended); });
    return;
  }
  job->producer.reset();
  job->file->end();
  if (!stepped) ::unlink(job->file->stamp().path.c_str());
  Result<std::int64_t> result = job->file->size();
  if (!stepped) result = tl::make_unexpected(stepped.error());
  boost::asio::post(control, [ended, result] { ended(result); });
}

// Every byte of it belongs to a frame.
bool is_sound(const app::ByteFile& file) {
  std::int64_t at = 0, bytes = 0;
  for (;;) {
    const auto piece = net::read_mp3_piece(file, at);
    bytes += static_cast<std::int64_t>(piece->bytes.size());
    if (piece->is_last) return bytes == file.size();
    at = piece->next;
  }
}

}  // namespace

std::vector<EncodedFolder::Stored> EncodedFolder::list() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) log::warn("cannot make the folder {}: {}", folder_, error.message());
  std::vector<std::pair<fs::file_time_type, Stored>> found;
  for (const auto& file : fs::directory_iterator(folder_, error)) {
    const std::string name = file.path().filename().string();
    std::error_code gone;
    if (name.ends_with(kPart)) {
      fs::remove(file.path(), gone);
    } else if (name.ends_with(kEnding) && file.is_regular_file(gone)) {
      const auto size = static_cast<std::int64_t>(file.file_size(gone));
      found.push_back({file.last_write_time(gone), {name.substr(0, name.size() - kEnding.size()), size}});
    }
  }
  std::ranges::sort(found, {}, [](const auto& item) { return std::pair(item.first, item.second.name); });
  std::vector<Stored> out;
  out.reserve(found.size());
  for (auto& [time, stored] : found) out.push_back(std::move(stored));
  return out;
}

void EncodedFolder::open(const std::string& name, Opened done) {
  pools_.files.post([&files = files_, control = control_, path = path_of(name),
                     done = std::move(done)]() mutable {
    ::utimensat(AT_FDCWD, path.c_str(), nullptr,
                0);  // what was used last is thrown out last, also after a restart
    auto source = files.open_bytes(path).and_then([](auto file) -> Result<app::Mp3Source> {
      if (!is_sound(*file)) return fail("what was kept of it is damaged");
      return app::Mp3Source{std::move(file), 0};
    });
    boost::asio::post(
        control, [source = std::move(source), done = std::move(done)]() mutable { done(std::move(source)); });
  });
}

void EncodedFolder::remove(const std::string& name) {
  pools_.files.post([path = path_of(name)] { ::unlink(path.c_str()); });
}

app::Mp3Source EncodedFolder::encode(const Segment& track, const Encoding& encoding, const std::string& name,
                                     bool urgent, Ended ended) {
  const auto job = std::make_shared<TrackJob>();
  job->track = track;
  job->encoding = encoding;
  job->path = path_of(name);
  job->file = std::make_shared<GrowingFile>(folder_ + "/" + name + std::string(kPart));
  WorkerPool& pool = urgent ? pools_.media : pools_.background;
  pool.post([job, &pool, control = control_, ended = std::move(ended)] { run(job, pool, control, ended); });
  return {job->file, 0};
}

}  // namespace tutti::server
