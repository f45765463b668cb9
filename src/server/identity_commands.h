// `tutti user …` and `tutti token …`: who may use the server. They write to its database, also while it runs,
// and it sees what they wrote with the next request.
#pragma once

#include "base/result.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tutti::server {

struct IdentityArguments {
  std::string state_dir;
  std::string user;  // whom it is about
  std::vector<std::string> roles;
  std::string token_name;
  std::string expires = "90d";
  std::int64_t token_id = 0;
};

class IdentityCommands {
 public:
  // Adds the subcommands to `app`, which this has to outlive.
  void add_to(CLI::App& app);
  bool was_given() const { return static_cast<bool>(chosen_); }
  // Carries out the one that was given. The exit code: 0; 1 where it could not be done; 2 where it makes no
  // sense.
  int run() const;

 private:
  using Command = std::function<int(const IdentityArguments&)>;
  CLI::App* add(CLI::App& parent, const std::string& name, const std::string& description, Command command);
  void add_user_commands(CLI::App& app);
  void add_token_commands(CLI::App& app);

  IdentityArguments arguments_;
  std::function<int()> chosen_;
};

// "30d", "12h", "15m" → that long; "never" → nullopt. Error: anything else, nothing at all, or beyond a
// hundred years.
Result<std::optional<std::chrono::minutes>> parse_lifetime(const std::string& text);

// --- what they do; text for people goes to stdout, a token alone on its line.
int add_user(const IdentityArguments& arguments);
int list_users(const IdentityArguments& arguments);
int remove_user(const IdentityArguments& arguments);
int change_password(const IdentityArguments& arguments);
int create_token(const IdentityArguments& arguments);
int list_tokens(const IdentityArguments& arguments);
int revoke_token(const IdentityArguments& arguments);

}  // namespace tutti::server
