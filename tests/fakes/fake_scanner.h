// A file system and FFmpeg in memory: answers when the test says so.
#pragma once

#include "app/scanner.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tutti::fakes {

class FakeScanner : public app::Scanner {
 public:
  std::map<std::string, Track> files;         // by path; what probing one finds
  std::set<std::string> broken, not_audio;    // other files, by path
  std::vector<std::string> probed, measured;  // in the order they were asked for

  void add(const std::string& path, Frames frames = 44100 * 60, std::int64_t mtime = 1) {
    Track track;
    track.file = {path, 1000, mtime};
    track.frames = frames;
    track.rate = 44100;
    track.channels = 2;
    files[path] = track;
  }

  void walk(std::string folder, Walked done) override {
    jobs_.push_back([this, folder, done] {
      std::vector<FileStamp> found;
      const auto add_if_below = [&](const FileStamp& file) {
        if (file.path.starts_with(folder + "/")) found.push_back(file);
      };
      for (const auto& [path, track] : files) add_if_below(track.file);
      for (const auto& path : broken) add_if_below({path, 1, 1});
      for (const auto& path : not_audio) add_if_below({path, 2, 2});
      std::ranges::sort(found, {}, &FileStamp::path);
      done(std::move(found));
    });
  }

  void probe(FileStamp file, Probed done) override {
    probed.push_back(file.path);
    jobs_.push_back([this, file, done] {
      if (broken.contains(file.path)) return done(fail("no audio stream"));
      if (not_audio.contains(file.path) || !files.contains(file.path)) return done(std::optional<Track>());
      done(files.at(file.path));
    });
  }

  void measure(std::string path, Measured done) override {
    measured.push_back(path);
    jobs_.push_back([done] { done(Loudness{-16, -1}); });
  }

  bool answer_one() {
    if (jobs_.empty()) return false;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    job();
    return true;
  }
  void answer_all() {
    while (answer_one()) {
    }
  }

 private:
  std::deque<std::function<void()>> jobs_;
};

}  // namespace tutti::fakes
