#include "player/portaudio.h"

#include <gtest/gtest.h>

namespace tutti::player {
namespace {

const std::vector<AudioDevice> kDevices{{0, "HDA Intel", "ALSA", 2, 48'000, 0.1, false},
                                        {2, "USB Speakers", "ALSA", 2, 44'100, 0.1, true},
                                        {5, "USB Headset", "ALSA", 2, 44'100, 0.1, false},
                                        {6, "USB", "JACK", 2, 44'100, 0.1, false}};

std::string error_of(const Result<AudioDevice>& found) { return found ? "" : found.error().message; }

TEST(FindDevice, ByNothingNumberOrName) {
  EXPECT_EQ(find_device(kDevices, "")->index, 2) << "the default";
  EXPECT_EQ(find_device(kDevices, "0")->index, 0);
  EXPECT_EQ(find_device(kDevices, "headset")->index, 5);
  EXPECT_EQ(find_device(kDevices, "hda intel")->index, 0);
  EXPECT_EQ(find_device(kDevices, "usb")->index, 6) << "a whole name before parts of others";
}

TEST(FindDevice, SaysWhatIsWrong) {
  EXPECT_NE(error_of(find_device({}, "")).find("no audio device"), std::string::npos);
  EXPECT_NE(error_of(find_device(kDevices, "1")).find("number 1"), std::string::npos);
  EXPECT_NE(error_of(find_device(kDevices, "99999999999")).find("99999999999"), std::string::npos);
  EXPECT_NE(error_of(find_device(kDevices, "piano")).find("piano"), std::string::npos);
  EXPECT_NE(error_of(find_device(kDevices, "usb ")).find("2 devices, among them 'USB Speakers' (2)"),
            std::string::npos);
  const std::vector<AudioDevice> no_default{kDevices[0]};
  EXPECT_NE(error_of(find_device(no_default, "")).find("--list-devices"), std::string::npos);
}

TEST(DeviceList, OneLineEachTheDefaultMarked) {
  const std::string list = device_list(kDevices);
  EXPECT_NE(list.find("* 2  USB Speakers  (ALSA, up to 2 channels, 44100 Hz)\n"), std::string::npos);
  EXPECT_NE(list.find("  5  USB Headset"), std::string::npos);
  EXPECT_NE(device_list({}).find("no audio device"), std::string::npos);
}

}  // namespace
}  // namespace tutti::player
