#include "player/portaudio.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <portaudio.h>
#include <string_view>
#include <unistd.h>

namespace tutti::player {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 6 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

constexpr const char* kSeeList = "; `tutti listen --list-devices` shows them";

}  // namespace

QuietStandardError::QuietStandardError() : kept_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
  const int nowhere = kept_ < 0 ? -1 : ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

QuietStandardError::~QuietStandardError() {
  if (kept_ < 0) return;
  ::dup2(kept_, STDERR_FILENO);
  ::close(kept_);
}

Result<std::shared_ptr<PortAudio>> PortAudio::start() {
  const QuietStandardError quiet;
  if (const PaError error = Pa_Initialize(); error != paNoError) {
    return fail(std::string("the system's audio cannot be used: ") + Pa_GetErrorText(error));
  }
  return std::shared_ptr<PortAudio>(new PortAudio());
}

PortAudio::~PortAudio() {
  const QuietStandardError quiet;
  Pa_Terminate();
}

std::vector<AudioDevice> output_devices() {
  std::vector<AudioDevice> devices;
  for (int i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
    if (!info || info->maxOutputChannels <= 0) continue;
    const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
    devices.push_back({i, info->name ? info->name : "", api && api->name ? api->name : "",
                       info->maxOutputChannels, info->defaultSampleRate, info->defaultHighOutputLatency,
                       i == Pa_GetDefaultOutputDevice()});
  }
  return devices;
}

Result<AudioDevice> find_device(const std::vector<AudioDevice>& devices, const std::string& wanted) {
  const std::string otherwise = "; --output null plays to nobody, --output FILE.wav records";
  if (devices.empty()) return fail("there is no audio device here" + otherwise);
  if (wanted.empty()) {
    const auto found = std::ranges::find_if(devices, &AudioDevice::is_default);
    if (found == devices.end())
      return fail("no audio device is the default one; name one by --output" + std::string(kSeeList));
    return *found;
  }
  if (is_number(wanted)) {
    const auto found = std::ranges::find(devices, std::stoi(wanted), &AudioDevice::index);
    if (found == devices.end()) return fail("there is no audio device with the number " + wanted + kSeeList);
    return *found;
  }
  std::vector<AudioDevice> whole, part;
  for (const AudioDevice& device : devices) {
    if (lower(device.name) == lower(wanted)) whole.push_back(device);
    if (lower(device.name).find(lower(wanted)) != std::string::npos) part.push_back(device);
  }
  const auto& found = whole.empty() ? part : whole;
  if (found.empty()) return fail("there is no audio device '" + wanted + "'" + kSeeList);
  if (found.size() > 1) {
    return fail("'" + wanted + "' could be " + std::to_string(found.size()) + " devices, among them '" +
                found[0].name + "' (" + std::to_string(found[0].index) + ") and '" + found[1].name + "' (" +
                std::to_string(found[1].index) + "); give its number");
  }
  return found.front();
}

std::string device_list(const std::vector<AudioDevice>& devices) {
  if (devices.empty()) return "There is no audio device here.\n";
  std::string text;
  for (const AudioDevice& device : devices) {
    text += (device.is_default ? "* " : "  ") + std::to_string(device.index) + "  " + device.name + "  (" +
            device.system + ", up to " + std::to_string(device.channels) + " channels, " +
            std::to_string(static_cast<int>(device.rate)) + " Hz)\n";
  }
  return text;
}

Result<void> print_devices() {
  const auto library = PortAudio::start();
  if (!library) return tl::make_unexpected(library.error());
  std::cout << device_list(output_devices()) << std::flush;
  return {};
}

}  // namespace tutti::player
