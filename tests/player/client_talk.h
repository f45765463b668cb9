// What a client under test says, read as a server reads it.
#pragma once

#include "protocol/sendspin_messages.h"

#include <optional>
#include <variant>

#include <gtest/gtest.h>

namespace tutti::player {

template <class Client>
std::optional<protocol::sendspin::ClientMessage> said_by(Client& client, ClientTime now) {
  const auto text = client.speak(now);
  if (!text) return std::nullopt;
  const auto message = protocol::sendspin::parse_client_message(*text);
  EXPECT_TRUE(message) << *text;
  return *message;
}

// nullopt: it said something else, or nothing.
template <class T>
std::optional<T> as(const std::optional<protocol::sendspin::ClientMessage>& message) {
  const T* it = message ? std::get_if<T>(&*message) : nullptr;
  return it ? std::optional<T>(*it) : std::nullopt;
}

}  // namespace tutti::player
