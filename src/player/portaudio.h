// PortAudio as C++ values: its start and end, its devices.
#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <vector>

namespace tutti::player {

// PortAudio is up while one of these lives.
class PortAudio {
 public:
  // What the system's audio libraries print about every card that they do not find is held back.
  static Result<std::shared_ptr<PortAudio>> start();
  ~PortAudio();
  PortAudio(const PortAudio&) = delete;
  PortAudio& operator=(const PortAudio&) = delete;

 private:
  PortAudio() = default;
};

struct AudioDevice {
  int index = 0;       // PortAudio's number
  std::string name;    // as the system calls it
  std::string system;  // "ALSA", "JACK Audio Connection Kit", …
  int channels = 0;    // at most
  double rate = 0;     // Hz, its own
  double latency = 0;  // seconds, of buffers that do not run dry
  bool is_default = false;
};

// Those that sound can come out of. PortAudio has to be up.
std::vector<AudioDevice> output_devices();

// "" is the default one; digits are an index; other text is a name, a whole one before a part of one,
// regardless of case. Error, for a person: there is none, or it fits several.
Result<AudioDevice> find_device(const std::vector<AudioDevice>& devices, const std::string& wanted);

// A line per device, the default one marked by a star; or that there is none.
std::string device_list(const std::vector<AudioDevice>& devices);

// Writes device_list() to standard output. Error: the system's audio cannot be used.
Result<void> print_devices();

// While it lives, nothing reaches standard error: ALSA and JACK print there what is no error to anybody.
class QuietStandardError {
 public:
  QuietStandardError();
  ~QuietStandardError();
  QuietStandardError(const QuietStandardError&) = delete;
  QuietStandardError& operator=(const QuietStandardError&) = delete;

 private:
  int kept_;
};

}  // namespace tutti::player
