#include "protocol/playlist_file.h"

namespace tutti::protocol {

std::string m3u_file(std::string_view title, std::string_view url) {
  return std::string("#EXTM3U\r\n#EXTINF:-1,").append(title).append("\r\n").append(url).append("\r\n");
}

std::string pls_file(std::string_view title, std::string_view url) {
  return std::string("[playlist]\r\nNumberOfEntries=1\r\nFile1=")
      .append(url)
      .append("\r\nTitle1=")
      .append(title)
      .append("\r\nLength1=-1\r\nVersion=2\r\n");
}

}  // namespace tutti::protocol
