// What a Sendspin client or server says: text in both directions, and what is binary.
#include "protocol/sendspin_messages.h"

#include "fuzz/require.h"
#include "protocol/sendspin_binary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tutti::protocol::sendspin;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Printed, it may have grown past the bound (escapes), but what is read again is the same.
  if (const auto message = parse_client_message(text)) {
    const std::string printed = print(*message);
    const auto again = parse_client_message(printed);
    REQUIRE(again ? *again == *message : printed.size() > kMostMessageBytes);
  }
  if (const auto message = parse_server_message(text)) {
    const std::string printed = print(*message);
    const auto again = parse_server_message(printed);
    REQUIRE(again ? *again == *message : printed.size() > kMostServerMessageBytes);
  }
  if (const auto message = parse_binary({data, size}); message && message->kind) {
    REQUIRE(message->content.size() + kBinaryHeaderBytes == size);
    const auto header = binary_header(*message->kind, message->at);
    REQUIRE(std::equal(header.begin(), header.end(), data));
  }
  return 0;
}
