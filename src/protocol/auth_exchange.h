// What is asked of the server that decides from outside (--auth-url), and what it answers.
#pragma once

#include "base/result.h"
#include "domain/credentials.h"

#include <string>
#include <string_view>
#include <vector>

namespace tutti::protocol {

// {"kind":"password","name":…,"password":…,"address":…} or {"kind":"bearer","token":…,"address":…}
std::string auth_question(const Credentials& credentials, std::string_view address);

struct AuthAnswer {
  std::string user;
  std::vector<std::string> roles;
};

// {"user":"anna","roles":["listener"]}; `roles` may be missing. Error: anything else.
Result<AuthAnswer> parse_auth_answer(std::string_view body);

// Of http://host[:port]/path: what to connect to and what to ask for.
struct AuthUrl {
  std::string host, port, target;
  std::string authority;  // for the Host header
};
// Error, for a person: not such a URL, or one with a user or a fragment in it.
Result<AuthUrl> parse_auth_url(std::string_view text);

}  // namespace tutti::protocol
