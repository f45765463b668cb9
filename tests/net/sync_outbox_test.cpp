// What players in sync ask of the outbox.
#include "net/web_socket_outbox.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace tutti::net {
namespace {

std::string contents(const WebSocketOutbox& outbox) {
  std::array<iovec, 64> parts;
  std::string out;
  for (std::size_t i = 0, n = outbox.gather(parts); i < n; ++i) {
    out.append(static_cast<const char*>(parts.at(i).iov_base), parts.at(i).iov_len);
  }
  return out;
}

protocol::FramePtr frame(std::string_view text) {
  auto made = std::make_shared<protocol::Frame>();
  made->bytes.assign(text.begin(), text.end());
  return made;
}

TEST(SyncOutbox, TheTimeOvertakesWhatWaits) {
  WebSocketOutbox outbox;
  const WebSocketLimits limits;
  outbox.push(frame("aaaa"), FrameKind::audio, 0, limits);
  outbox.push(frame("bbbb"), FrameKind::audio, 0, limits);
  outbox.push_first(frame("T"));
  EXPECT_EQ(contents(outbox), "Taaaabbbb");
  outbox.advance(3);
  outbox.push_first(frame("U"));
  EXPECT_EQ(contents(outbox), "aaUbbbb") << "but for the frame that has been begun";
  EXPECT_EQ(outbox.bytes(), 7u);
}

TEST(SyncOutbox, AudioThatWillNotBeHeardIsForgotten) {
  WebSocketOutbox outbox;
  const WebSocketLimits limits;
  outbox.push(frame("aaaa"), FrameKind::audio, 0, limits);
  outbox.push(frame("ssss"), FrameKind::control, 0, limits);
  outbox.push(frame("bbbb"), FrameKind::audio, 0, limits);
  outbox.advance(1);
  outbox.drop_audio();
  EXPECT_EQ(contents(outbox), "aaassss") << "what has been begun goes out whole";
  EXPECT_EQ(outbox.bytes(), 7u);
  EXPECT_EQ(outbox.dropped(), 0u);
  outbox.advance(7);
  outbox.drop_audio();
  EXPECT_TRUE(outbox.empty());
}

}  // namespace
}  // namespace tutti::net
