#include "protocol/websocket_handshake.h"

#include "protocol/ascii.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace tutti::protocol {
namespace {

// RFC 6455, 1.3.
constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

bool lists(std::string_view header, std::string_view token) {
  while (true) {
    const std::size_t comma = header.find(',');
    const std::string_view item = trimmed(header.substr(0, comma));
    if (same_word(item, token)) return true;
    if (comma == header.npos) return false;
    header.remove_prefix(comma + 1);
  }
}

// 16 bytes in base64: 22 characters and two of padding.
bool is_key(std::string_view key) {
  const auto in_alphabet = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, in_alphabet);
}

template <std::size_t kSize>
std::string base64(const std::array<std::uint8_t, kSize>& bytes) {
  std::array<std::uint8_t, 4 * ((kSize + 2) / 3) + 1> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), bytes.data(), static_cast<int>(kSize));
  return {encoded.begin(), encoded.begin() + size};
}

std::string accept_value(std::string_view key) {
  const std::string text = std::string(key) + std::string(kGuid);
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  return base64(digest);
}

}  // namespace

bool asks_for_websocket(const UpgradeRequest& request) {
  return lists(request.upgrade, "websocket") && lists(request.connection, "upgrade");
}

tl::expected<std::string, UpgradeRefusal> accept_upgrade(const UpgradeRequest& request) {
  const auto refuse = [](unsigned status, std::string reason) {
    return tl::make_unexpected(UpgradeRefusal{status, std::move(reason)});
  };
  if (!request.is_get) return refuse(400, "a WebSocket is asked for with GET");
  if (!request.is_http_1_1) return refuse(400, "a WebSocket is asked for with HTTP/1.1");
  const std::string_view key = trimmed(request.key);
  if (trimmed(request.version) != "13") {
    return refuse(426, "the WebSocket version spoken here is 13 (Sec-WebSocket-Version)");
  }
  if (!is_key(key)) return refuse(400, "Sec-WebSocket-Key is not 16 bytes in base64");
  return accept_value(key);
}

std::string key_of(const HandshakeNonce& nonce) { return base64(nonce); }

Result<void> check_answer(const UpgradeAnswer& answer, std::string_view key) {
  constexpr unsigned kSwitching = 101;
  if (answer.status != kSwitching) {
    return fail("it answers " + std::to_string(answer.status) + " instead of opening a WebSocket");
  }
  if (!lists(answer.upgrade, "websocket") || !lists(answer.connection, "upgrade")) {
    return fail("it opens something that is not a WebSocket");
  }
  if (trimmed(answer.accept) != accept_value(key)) {
    return fail("its Sec-WebSocket-Accept does not fit the question");
  }
  if (!trimmed(answer.extensions).empty()) return fail("it uses an extension that it was not asked for");
  return {};
}

}  // namespace tutti::protocol
