#include "protocol/websocket_reader.h"

#include "base/utf8.h"
#include "protocol/websocket_frame.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>
#include <wslay/wslay.h>

namespace tutti::protocol {
namespace {

std::size_t header_size(const wslay_frame_iocb& frame) {
  const std::size_t length = frame.payload_length < 126 ? 0 : frame.payload_length < 65536 ? 2 : 8;
  return 2 + length + (frame.mask ? 4 : 0);
}

// What a peer may close with: RFC 6455, 7.4, and IANA's registry.
bool is_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace

struct WebSocketReader::Decoder {
  Decoder() {
    wslay_frame_callbacks callbacks{nullptr, take, nullptr};
    if (wslay_frame_context_init(&context, &callbacks, this) != 0) throw std::bad_alloc();
  }
  ~Decoder() { wslay_frame_context_free(context); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  static ssize_t take(std::uint8_t* out, std::size_t room, int, void* self) {
    auto& decoder = *static_cast<Decoder*>(self);
    const std::size_t size = std::min(room, decoder.input.size());
    if (size == 0) return -1;
    std::memcpy(out, decoder.input.data(), size);
    decoder.input = decoder.input.subspan(size);
    decoder.unparsed += size;
    return static_cast<ssize_t>(size);
  }

  std::string& target() { return wslay_is_ctrl_frame(frame.opcode) ? control : message; }

  wslay_frame_context_ptr context = nullptr;
  std::span<const std::uint8_t> input;
  std::size_t unparsed = 0;  // bytes taken that belong to no whole frame yet
  wslay_frame_iocb frame{};  // the piece of a frame that wslay gave last
  bool in_frame = false;
  std::uint64_t of_frame = 0;  // bytes of its payload that have come
  std::uint8_t opcode = 0;     // of the message that has begun; 0: none has
  std::string message, control;
};

WebSocketReader::WebSocketReader(std::size_t max_message, Peer peer)
    : max_message_(max_message), peer_(peer) {}
WebSocketReader::~WebSocketReader() = default;

std::optional<WebSocketEvent> WebSocketReader::violation(std::uint16_t code, std::string_view reason) {
  is_over_ = true;
  decoder_.reset();
  return WebSocketEvent{WebSocketEvent::Kind::violation, reason, code};
}

std::optional<WebSocketEvent> WebSocketReader::next() {
  if (is_over_ || (!decoder_ && input_.empty())) return std::nullopt;
  if (!decoder_) decoder_ = std::make_unique<Decoder>();
  Decoder& now = *decoder_;
  now.input = std::exchange(input_, {});
  for (;;) {
    now.frame = {};
    const ssize_t got = wslay_frame_recv(now.context, &now.frame);
    if (got == WSLAY_ERR_WANT_READ) {
      if (now.unparsed == 0 && now.opcode == 0) decoder_.reset();
      return std::nullopt;
    }
    if (got < 0) {
      return violation(kCloseProtocolError,
                       "a frame's header is wrong: its length, or a control frame's size");
    }
    if (!now.in_frame) {
      if (auto broken = begin_frame()) return broken;
    }
    now.target().append(reinterpret_cast<const char*>(now.frame.data), now.frame.data_length);
    now.of_frame += now.frame.data_length;
    if (now.of_frame < now.frame.payload_length) continue;
    if (auto event = end_frame()) {
      if (decoder_) input_ = std::exchange(now.input, {});
      return event;
    }
  }
}

std::optional<WebSocketEvent> WebSocketReader::begin_frame() {
  Decoder& now = *decoder_;
  const auto& frame = now.frame;
  ++frames_;
  now.in_frame = true;
  now.of_frame = 0;
  if (!frame.mask && peer_ == Peer::client) {
    return violation(kCloseProtocolError, "a client's frames must be masked");
  }
  if (frame.mask && peer_ == Peer::server) {
    return violation(kCloseProtocolError, "a server's frames must not be masked");
  }
  if (frame.rsv != 0) return violation(kCloseProtocolError, "a reserved bit is set; no extension is in use");
  switch (frame.opcode) {
    case WSLAY_CONTINUATION_FRAME:
      if (now.opcode == 0) return violation(kCloseProtocolError, "a continuation of nothing");
      break;
    case WSLAY_TEXT_FRAME:
    case WSLAY_BINARY_FRAME:
      if (now.opcode != 0) return violation(kCloseProtocolError, "a message within another");
      now.opcode = frame.opcode;
      now.message.clear();
      break;
    case WSLAY_CONNECTION_CLOSE:
    case WSLAY_PING:
    case WSLAY_PONG:
      now.control.clear();
      return std::nullopt;
    default:
      return violation(kCloseProtocolError, "an unknown opcode");
  }
  if (frame.payload_length > max_message_ - now.message.size()) {
    return violation(kCloseTooBig, "the message is longer than is taken here");
  }
  return std::nullopt;
}

std::optional<WebSocketEvent> WebSocketReader::end_frame() {
  using Kind = WebSocketEvent::Kind;
  Decoder& now = *decoder_;
  now.in_frame = false;
  now.unparsed -= header_size(now.frame) + static_cast<std::size_t>(now.frame.payload_length);
  switch (now.frame.opcode) {
    case WSLAY_CONNECTION_CLOSE:
      return close_event();
    case WSLAY_PING:
      return WebSocketEvent{Kind::ping, now.control};
    case WSLAY_PONG:
      return WebSocketEvent{Kind::pong, now.control};
    default:
      break;
  }
  if (!now.frame.fin) return std::nullopt;
  const bool is_text = std::exchange(now.opcode, std::uint8_t{0}) == WSLAY_TEXT_FRAME;
  if (is_text && !is_valid_utf8(now.message)) return violation(kCloseNotUtf8, "the text is not UTF-8");
  return WebSocketEvent{is_text ? Kind::text : Kind::binary, now.message};
}

std::optional<WebSocketEvent> WebSocketReader::close_event() {
  const std::string& payload = decoder_->control;
  WebSocketEvent event{WebSocketEvent::Kind::close, {}, kCloseNoCode};
  if (payload.size() == 1) return violation(kCloseProtocolError, "half a close code");
  if (payload.size() >= 2) {
    event.code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                            static_cast<unsigned char>(payload[1]));
    event.payload = std::string_view(payload).substr(2);
    if (!is_close_code(event.code)) return violation(kCloseProtocolError, "not a code to close with");
    if (!is_valid_utf8(event.payload)) return violation(kCloseNotUtf8, "the close reason is not UTF-8");
  }
  is_over_ = true;
  return event;
}

}  // namespace tutti::protocol
