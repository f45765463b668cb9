// JSON Web Tokens (RFC 7519) as JWS compact serialisation (RFC 7515): verified, never made.
//
// The key decides the algorithm, not the token: a file with a PEM public key verifies RS256 and nothing else,
// any other file HS256 and nothing else. So a token that names another algorithm, "none" among them, is wrong
// before anything of it is used.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::protocol {

struct JwtClaims {
  std::string subject;             // "sub"
  std::vector<std::string> roles;  // "roles": an array of strings, or one string with blanks between; or none
  WallTime expires;                // "exp"

  friend bool operator==(const JwtClaims&, const JwtClaims&) = default;
};

class JwtVerifier {
 public:
  // `key`: the file's bytes. A secret is what stands in it without the last line's end. Error, for a person:
  // a secret of less than 32 bytes, a key that is no RSA key of at least 2,048 bits, or a private key.
  static Result<JwtVerifier> from_key(std::string_view key);

  // Error: why it is not taken. "exp" must be there; "exp" and "nbf" are given half a minute for clocks that
  // differ. A "crit" header (RFC 7515, 4.1.11) is refused, as none is understood.
  Result<JwtClaims> verify(std::string_view token, WallTime now) const;

 private:
  struct Key;
  explicit JwtVerifier(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

// Three parts with dots between, which none of the server's own tokens has.
bool looks_like_jwt(std::string_view token);

}  // namespace tutti::protocol
