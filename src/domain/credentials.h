// What somebody presents to be known: read from a request by protocol/, judged by app/.
#pragma once

#include <string>

namespace tutti {

struct Credentials {
  enum class Kind {
    none,
    session,     // the cookie that sign-in has set
    bearer,      // a token
    password,    // a name and a password
    unreadable,  // something was presented that nobody can judge
  };

  Kind kind = Kind::none;
  std::string name;    // of a password only
  std::string secret;  // never logged
};

}  // namespace tutti
