// MP3 files and a folder of encoded tracks in memory: answers at once, encodes when the test says so.
#pragma once

#include "app/mp3_files.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakeByteFile : public app::ByteFile {
 public:
  explicit FakeByteFile(std::vector<std::uint8_t> content = {}) : bytes(std::move(content)) {}

  const FileStamp& stamp() const override { return stamp_; }
  std::int64_t size() const override { return static_cast<std::int64_t>(bytes.size()); }
  bool is_growing() const override { return growing; }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> out) const override {
    const std::size_t at = std::min(bytes.size(), static_cast<std::size_t>(offset));
    const std::size_t n = std::min(out.size(), bytes.size() - at);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), n, out.begin());
    return n;
  }

  std::vector<std::uint8_t> bytes;
  bool growing = false;

 private:
  FileStamp stamp_{"fake"};
};

class FakeMp3Files : public app::Mp3Files {
 public:
  std::set<std::string> broken;     // paths
  std::vector<std::string> opened;  // paths, in order

  void open_mp3(const FileStamp& file, Opened done) override {
    opened.push_back(file.path);
    if (broken.contains(file.path)) return done(fail("no frames"));
    done(app::Mp3Source{std::make_shared<FakeByteFile>(), 0});
  }
};

class FakeEncodedFiles : public app::EncodedFiles {
 public:
  std::map<std::string, std::int64_t> files;  // by name
  std::vector<std::string> used_order;        // what list() says
  std::set<std::string> damaged;
  struct Job {
    std::string path, name;
    bool urgent;
    std::shared_ptr<FakeByteFile> file;
    Ended ended;
  };
  std::vector<Job> jobs;

  std::vector<Stored> list() override {
    std::vector<Stored> out;
    for (const auto& name : used_order) out.push_back({name, files.at(name)});
    return out;
  }
  void open(const std::string& name, Opened done) override {
    if (!files.contains(name) || damaged.erase(name) > 0) return done(fail("damaged"));
    done(app::Mp3Source{std::make_shared<FakeByteFile>(), 0});
  }
  void remove(const std::string& name) override { files.erase(name); }
  app::Mp3Source encode(const Segment& track, const Encoding&, const std::string& name, bool urgent,
                        Ended ended) override {
    auto file = std::make_shared<FakeByteFile>();
    file->growing = true;
    jobs.push_back({track.path, name, urgent, file, std::move(ended)});
    return {file, 0};
  }

  // The job begun first ends with so many bytes, or with an error.
  void end_job(Result<std::int64_t> bytes) {
    Job job = std::move(jobs.front());
    jobs.erase(jobs.begin());
    job.file->growing = false;
    if (bytes) files[job.name] = *bytes;
    job.ended(bytes);
  }
};

}  // namespace tutti::fakes
