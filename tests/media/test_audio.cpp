#include "tests/media/test_audio.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numbers>
#include <random>
#include <span>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace tutti::media::test {
namespace fs = std::filesystem;

Pcm Pcm::part(Frames first, Frames count) const {
  const auto from = samples.begin() + static_cast<std::ptrdiff_t>(std::min(first, frames()) * channels);
  const auto to = samples.begin() + static_cast<std::ptrdiff_t>(std::min(first + count, frames()) * channels);
  return {rate, channels, {from, to}};
}

const fs::path& temp_dir() {
  struct Dir {
    Dir() {
      std::string name = (fs::temp_directory_path() / "tutti_media_XXXXXX").string();
      path = ::mkdtemp(name.data());
    }
    ~Dir() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
    fs::path path;
  };
  static const Dir dir;
  return dir.path;
}

fs::path fresh_dir(const std::string& name) {
  static int count = 0;
  const fs::path path = temp_dir() / (name + "_" + std::to_string(++count));
  fs::create_directories(path);
  return path;
}

void write_text(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Pcm music(int rate, int channels, double seconds, unsigned seed) {
  Pcm pcm{rate, channels, {}};
  std::minstd_rand random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  const auto total = static_cast<Frames>(seconds * rate);
  std::vector<double> pitch(static_cast<std::size_t>(channels));
  for (Frames n = 0, in_note = 0, note_length = 0; n < total; ++n, ++in_note) {
    if (in_note == note_length) {
      in_note = 0;
      note_length = static_cast<Frames>(rate * (0.08 + 0.2 * unit(random)));
      for (double& p : pitch) p = 110 * std::exp2(3 * unit(random));
    }
    const double t = static_cast<double>(in_note) / rate;
    const double envelope = std::min(1.0, t * 200) * std::exp(-6 * t);
    for (const double p : pitch) {
      double value = 0;
      for (int partial = 1; partial <= 4; ++partial) {
        value += std::sin(2 * std::numbers::pi * p * partial * t) / (partial * 4);
      }
      value = 0.9 * envelope * value + 0.004 * (unit(random) - 0.5);
      pcm.samples.push_back(static_cast<float>(std::lround(value * 32768)) / 32768.f);
    }
  }
  return pcm;
}

namespace {

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

void write_wav(const fs::path& path, const Pcm& pcm, int bits) {
  const bool is_float = bits < 0;
  const int width = std::abs(bits) / 8;
  std::string data;
  for (const float sample : pcm.samples) {
    if (is_float) {
      put(data, std::bit_cast<std::uint32_t>(sample), 4);
    } else {
      const double scaled = std::ldexp(static_cast<double>(sample), 8 * width - 1);
      put(data, static_cast<std::uint32_t>(std::llround(scaled)), width);
    }
  }
  const auto channels = static_cast<std::uint32_t>(pcm.channels);
  const auto rate = static_cast<std::uint32_t>(pcm.rate);
  const auto frame = channels * static_cast<std::uint32_t>(width);
  std::string out = "RIFF";
  put(out, static_cast<std::uint32_t>(36 + data.size()), 4);
  out += "WAVEfmt ";
  put(out, 16, 4);
  put(out, is_float ? 3 : 1, 2);
  put(out, channels, 2);
  put(out, rate, 4);
  put(out, rate * frame, 4);
  put(out, frame, 2);
  put(out, static_cast<std::uint32_t>(8 * width), 2);
  out += "data";
  put(out, static_cast<std::uint32_t>(data.size()), 4);
  write_text(path, out + data);
}

void ffmpeg(const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"ffmpeg", "-nostdin", "-y", "-v", "error"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0) << "ffmpeg … " << arguments.back();
}

Pcm read_all(Decoder& decoder) {
  Pcm pcm{decoder.rate(), decoder.channels(), {}};
  std::vector<float> chunk(static_cast<std::size_t>(4096 * decoder.channels()));
  while (true) {
    const auto frames = decoder.read(chunk);
    EXPECT_TRUE(frames) << frames.error().message;
    if (!frames || *frames == 0) return pcm;
    pcm.samples.insert(pcm.samples.end(), chunk.begin(), chunk.begin() + *frames * decoder.channels());
  }
}

Pcm decode(const fs::path& path) {
  auto decoder = Decoder::open(path.string());
  EXPECT_TRUE(decoder) << path << ": " << decoder.error().message;
  return decoder ? read_all(*decoder) : Pcm{1, 1, {}};
}

Frames lag_of(const Pcm& heard, const Pcm& source, Frames around, Frames reach) {
  constexpr Frames kWindow = 20000;
  const auto at = [](const Pcm& pcm, Frames n) -> double {
    return n < 0 || n >= pcm.frames()
               ? 0
               : static_cast<double>(pcm.samples[static_cast<std::size_t>(n * pcm.channels)]);
  };
  Frames best = 0;
  double least = 1e300;
  for (Frames lag = -reach; lag <= reach; ++lag) {
    double sum = 0;
    // Giving up early on lags that are worse already makes this ten times as fast.
    for (Frames n = around; n < around + kWindow && sum < least; ++n)
      sum += std::pow(at(source, n) - at(heard, n + lag), 2);
    if (sum < least) {
      least = sum;
      best = lag;
    }
  }
  return best;
}

double largest_difference(const Pcm& a, const Pcm& b) {
  double most = 0;
  for (std::size_t i = 0; i < std::min(a.samples.size(), b.samples.size()); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a.samples[i]) - static_cast<double>(b.samples[i])));
  }
  return most;
}

}  // namespace tutti::media::test
