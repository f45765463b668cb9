// Identity, wired together: the database, the pools that it may wait on, and who decides from outside. Owned
// by the server, used on the control thread.
#pragma once

#include "app/auth.h"
#include "app/sign_in.h"
#include "net/auth_client.h"
#include "protocol/jwt.h"
#include "server/options.h"
#include "server/pooled_background.h"
#include "storage/identity_database.h"

#include <memory>
#include <optional>
#include <string>

namespace tutti::server {

class Identity {
 public:
  // What the options ask for, looked up. Error, for a person: a key that cannot be read or is none, a URL
  // that is none.
  struct Plan {
    std::optional<protocol::JwtVerifier> tokens;
    std::optional<protocol::AuthUrl> outside;
  };
  static Result<Plan> plan(const ServeOptions& options);

  Identity(Plan plan, std::unique_ptr<storage::IdentityDatabase> store, boost::asio::any_io_executor control);

  app::Auth& auth() { return auth_; }
  app::SignIn& sign_in() { return sign_in_; }
  // Before anything runs: the secret by which the first operator signs in, where there is none and nobody
  // outside could name one.
  Result<std::optional<std::string>> first_link(ServerTime now);
  // Everything under way ends; what waits is dropped.
  void stop();

 private:
  class JwtTokens : public app::TokenVerifier {
   public:
    explicit JwtTokens(protocol::JwtVerifier verifier) : verifier_(std::move(verifier)) {}
    bool takes(const std::string& token) const override { return protocol::looks_like_jwt(token); }
    app::Verdict verify(const std::string& token, WallTime date) const override;

   private:
    protocol::JwtVerifier verifier_;
  };

  std::unique_ptr<storage::IdentityDatabase> store_;
  std::unique_ptr<JwtTokens> tokens_;
  std::unique_ptr<net::AuthClient> client_;
  std::unique_ptr<app::OutsideCache> outside_;
  PooledBackground storage_;
  PooledBackground hashing_;
  app::PasswordCheck passwords_;
  app::Auth auth_;
  app::SignIn sign_in_;
};

}  // namespace tutti::server
