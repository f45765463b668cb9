// One connection to an individual station: a socket, a programme of its own, and where in it the connection
// is. No thread, coroutine, timer or buffer of its own: the feed walks its listeners, and the pieces of
// tracks that it hands them are shared, and let go of as soon as they are written. Belongs to one I/O thread.
#pragma once

#include "app/personal_service.h"
#include "base/rare.h"
#include "net/mp3_piece.h"
#include "net/quiet_connection.h"
#include "protocol/icy.h"

#include <memory>
#include <string>

namespace tutti::net {

class PersonalListener {
 public:
  enum class State {
    ready,    // the piece is written
    blocked,  // the socket took no more; the same piece is wanted again
    gone,     // the connection is lost
  };

  // `head`: the response's head, sent before the first piece. `icy`: null unless the client asked for titles.
  // `seed`: of its programme.
  PersonalListener(QuietConnection connection, std::string head,
                   std::unique_ptr<protocol::IcyInterleaver> icy, std::string key, std::uint64_t seed);

  // --- the programme
  const Rotation::State& rotation() const { return rotation_; }
  // The answer to a question for the next track.
  void take(app::PersonalService::Next next);
  bool has_next() const { return next_ != nullptr; }
  // Goes on to the next track, at `now` if it is the first. Precondition: has_next().
  void begin_next(ServerTime now);
  void end_track() { track_.reset(); }
  const app::PersonalTrackPtr& track() const { return track_; }  // null before the first, and between two
  std::int64_t offset() const { return offset_; }                // of the piece that is next

  // --- time
  bool has_begun() const { return begun_; }
  // When what comes next is heard by one who plays without a pause.
  ServerTime next_at() const {
    return track_began_ + (rate_ > 0 ? duration_of(samples_, rate_) : Duration{0});
  }
  // What was not sent in time is not made up for: from here on it goes on at `now`. Returns how much later
  // that is.
  Duration go_on_at(ServerTime now);

  // --- bytes
  // Writes, without waiting, what is left of the piece at offset().
  State write(const Mp3Piece& piece);
  // Asks the kernel, who says so also of a connection that is lost.
  bool is_writable() const { return connection_.is_writable(); }

  const std::string& key() const { return *key_; }
  bool is_open() const { return connection_.is_open(); }
  void close() { connection_.close(); }

  // What it waits for; kept here for its feed.
  ServerTime blocked_since;
  ServerTime ask_again_at;
  ServerTime heard_from_at;  // when it last had a track
  bool is_reading = false, is_asking = false, is_blocked = false;

 private:
  void advance(const Mp3Piece& piece, std::size_t sent);
  void finish(const Mp3Piece& piece);

  // The titles of one who asked for them.
  struct Titles {
    protocol::IcyInterleaver icy;
    protocol::IcyBlockPtr block;  // of the track
  };

  bool begun_ = false;
  int rate_ = 0;
  std::uint32_t sent_ = 0;  // bytes of the piece
  QuietConnection connection_;
  std::int64_t offset_ = 0;
  Frames samples_ = 0;  // since track_began_, at rate_
  ServerTime track_began_;
  app::PersonalTrackPtr track_, next_;
  Rotation::State rotation_;
  std::unique_ptr<Titles> titles_;  // null for one who did not ask
  Rare<std::string> head_;          // what of it is still to be sent
  Rare<std::string> key_;
};

}  // namespace tutti::net
