#include "sync_scale/sendspin_player.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace sync_scale {
namespace {

constexpr std::uint8_t kText = 1, kBinary = 2, kPing = 9, kPong = 10, kAudio = 4;
constexpr std::size_t kChunkHead = 9;

// A client's frame: masked, here with a key of zeros (RFC 6455, 5.2).
std::string frame(std::uint8_t opcode, std::string_view payload) {
  std::string out(1, static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xFF);
  }
  out.append(4, '\0');
  return out.append(payload);
}

std::string message(std::string_view type, const std::string& payload) {
  return frame(kText, R"({"type":")" + std::string(type) + R"(","payload":)" + payload + "}");
}

std::uint64_t big_endian(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < count; ++i) out = out << 8 | bytes[i];
  return out;
}

Micros number_after(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == text.npos) throw std::runtime_error("server/time without " + std::string(name));
  return std::strtoll(std::string(text.substr(at + name.size() + 2, 20)).c_str(), nullptr, 10);
}

std::size_t head_size(const std::vector<std::uint8_t>& head) {
  const std::uint8_t length = head[1] & 0x7F;
  return length < 126 ? 2 : length == 126 ? 4 : 10;
}

std::size_t payload_size(const std::vector<std::uint8_t>& head) {
  const std::uint8_t length = head[1] & 0x7F;
  return length < 126
             ? length
             : static_cast<std::size_t>(big_endian(&head[2], length == 126 ? 2 : sizeof(std::uint64_t)));
}

}  // namespace

std::string SendspinPlayer::opening() {
  return "GET /sendspin HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

std::string SendspinPlayer::question(Micros now) {
  if (!is_greeted_) return "";
  return message("client/time", R"({"client_transmitted":)" + std::to_string(now) + "}");
}

std::string SendspinPlayer::take(std::span<const std::uint8_t> bytes, Micros now) {
  std::string answer;
  while (!bytes.empty()) {
    if (!is_upgraded_) {
      head_.push_back(bytes.front());
      bytes = bytes.subspan(1);
      if (head_.size() < 4 || std::memcmp(&head_[head_.size() - 4], "\r\n\r\n", 4) != 0) continue;
      const std::string_view status(reinterpret_cast<const char*>(head_.data()), head_.size());
      if (!status.starts_with("HTTP/1.1 101")) throw std::runtime_error("refused: " + std::string(status));
      is_upgraded_ = true;
      head_.clear();
      const std::string id = "player-" + std::to_string(number_);
      const std::string format = std::string(R"({"codec":")") + (is_opus_ ? "opus" : "pcm") +
                                 R"(","sample_rate":48000,"channels":2,"bit_depth":16})";
      answer += message("client/hello",
                        R"({"client_id":")" + id + R"(","name":")" + id +
                            R"(","version":1,"supported_roles":["player@v1","controller@v1","metadata@v1"],)"
                            R"("player@v1_support":{"supported_formats":[)" +
                            format + R"(],"buffer_capacity":)" + std::to_string(capacity_) +
                            R"(,"supported_commands":["volume","mute"]}})");
      continue;
    }
    const std::size_t gone = std::min(skipped_, bytes.size());
    skipped_ -= gone;
    bytes = bytes.subspan(gone);
    const std::size_t more = std::min(bytes.size(), wanted() - head_.size());
    head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(more));
    bytes = bytes.subspan(more);
    if (head_.size() < 2 || head_.size() < wanted()) continue;
    on_frame(now, answer);
    head_.clear();
  }
  return answer;
}

// How long `head_` must be for what is next.
std::size_t SendspinPlayer::wanted() const {
  if (head_.size() < 2) return 2;
  const std::size_t head = head_size(head_);
  if (head_.size() < head) return head;
  const std::size_t payload = payload_size(head_);
  return head + ((head_[0] & 0xF) == kBinary ? std::min(payload, kChunkHead) : payload);
}

void SendspinPlayer::on_frame(Micros now, std::string& answer) {
  const std::size_t head = head_size(head_), size = payload_size(head_);
  const std::uint8_t* payload = head_.data() + head;
  switch (head_[0] & 0xF) {
    case kText:
      return on_text({reinterpret_cast<const char*>(payload), size}, now, answer);
    case kBinary: {
      skipped_ = head + size - head_.size();
      if (size < kChunkHead || payload[0] != kAudio) return;
      const std::size_t content = size - kChunkHead;
      return know_chunk(static_cast<Micros>(big_endian(payload + 1, kChunkHead - 1)),
                        duration_of(is_opus_, content), content, now);
    }
    case kPing:
      answer += frame(kPong, {reinterpret_cast<const char*>(payload), size});
      return;
    default:
      return;
  }
}

void SendspinPlayer::on_text(std::string_view text, Micros now, std::string& answer) {
  if (text.find(R"("server/hello")") != text.npos) {
    is_greeted_ = true;
    answer += message("client/state", R"({"state":"synchronized","player":{"volume":100,"muted":false}})");
  } else if (text.find(R"("server/time")") != text.npos) {
    const Micros sent = number_after(text, "client_transmitted"),
                 received = number_after(text, "server_received"),
                 answered = number_after(text, "server_transmitted");
    know_time((received + answered) / 2, (sent + now) / 2, now - sent - (answered - received));
  }
}

}  // namespace sync_scale
