// The first bytes of a connection.
#include "protocol/tls_hello.h"

#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  if (tutti::protocol::is_tls_hello(bytes)) REQUIRE(size >= 3 && data[0] == 22);
  // Once told, always told: more bytes change nothing.
  for (std::size_t n = 3; n < size; ++n) {
    REQUIRE(tutti::protocol::is_tls_hello(bytes.first(n)) == tutti::protocol::is_tls_hello(bytes));
  }
  return 0;
}
