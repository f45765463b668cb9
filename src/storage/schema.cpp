#include "storage/schema.h"

#include <array>
#include <string>

namespace tutti::storage {
namespace {

constexpr auto kLibraryAndProgrammes = R"sql(
CREATE TABLE track (
  id INTEGER PRIMARY KEY,
  path BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  format TEXT NOT NULL,
  frames INTEGER NOT NULL,
  rate INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  title TEXT NOT NULL,
  artist TEXT NOT NULL,
  album TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  has_cover INTEGER NOT NULL,
  integrated_lufs REAL,
  true_peak_dbtp REAL
);
CREATE TABLE programme (
  route TEXT PRIMARY KEY,
  epoch_us INTEGER NOT NULL,
  rate INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  cycle INTEGER NOT NULL,
  last INTEGER,
  previous_cycle INTEGER,
  played INTEGER NOT NULL
);
CREATE TABLE programme_entry (
  route TEXT NOT NULL REFERENCES programme ON DELETE CASCADE,
  first INTEGER NOT NULL,
  track INTEGER NOT NULL,
  length INTEGER NOT NULL,
  PRIMARY KEY (route, first)
) WITHOUT ROWID;
)sql";

// Of secrets only digests are kept. A session of an outside user (is_outside) has no row in `user`.
constexpr auto kIdentity = R"sql(
CREATE TABLE user (
  name TEXT PRIMARY KEY,
  roles INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  created_us INTEGER NOT NULL
);
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  user TEXT NOT NULL,
  is_outside INTEGER NOT NULL,
  roles INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX session_user ON session (user);
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  user TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
  name TEXT NOT NULL,
  created_us INTEGER NOT NULL,
  expires_us INTEGER
);
)sql";

// What an operator has chosen for a station; NULL: as the option says.
constexpr auto kChosenOrder = R"sql(
ALTER TABLE programme ADD COLUMN shuffled INTEGER;
)sql";

// What is remembered of the clients of groups, and who this server is to them.
constexpr auto kClients = R"sql(
CREATE TABLE client (
  id TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  volume INTEGER,
  is_muted INTEGER
) WITHOUT ROWID;
CREATE TABLE server (
  id TEXT NOT NULL
);
INSERT INTO server (id) VALUES (lower(hex(randomblob(16))));
)sql";

// "" of what was probed before; it is filled in when the file changes.
constexpr auto kAlbumArtist = R"sql(
ALTER TABLE track ADD COLUMN album_artist TEXT NOT NULL DEFAULT '';
)sql";

// Groups with a timeline of their own. `tracks`: ids, 8 bytes each, the most significant first; NULL: all.
// `shuffled_from`: the track that played when it was shuffled; `repeat`: 0 off, 1 one, 2 all.
constexpr auto kPrivateGroups = R"sql(
CREATE TABLE private_group (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  tracks BLOB,
  track INTEGER,
  position_us INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  is_playing INTEGER NOT NULL,
  repeat INTEGER NOT NULL,
  shuffle_seed INTEGER,
  shuffled_from INTEGER
) WITHOUT ROWID;
)sql";

// What is kept of a walk (its folder or file): what conductors have changed, and what is heard. Times are by
// the calendar. Of `walk_live`, slot 0 is heard, slot 1 comes next.
constexpr auto kWalks = R"sql(
CREATE TABLE walk (
  path BLOB PRIMARY KEY,
  has_sheet INTEGER NOT NULL,
  last_cue INTEGER NOT NULL,
  last_message INTEGER NOT NULL,
  lead_ms INTEGER,
  armed_us INTEGER,
  armed_from TEXT,
  armed_id INTEGER,
  armed_author TEXT
) WITHOUT ROWID;
CREATE TABLE walk_cue (
  path BLOB NOT NULL REFERENCES walk ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  asset TEXT NOT NULL,
  a_ms INTEGER NOT NULL,
  b_ms INTEGER NOT NULL,
  volume INTEGER NOT NULL,
  loops INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (path, place)
) WITHOUT ROWID;
CREATE TABLE walk_live (
  path BLOB NOT NULL REFERENCES walk ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  id INTEGER NOT NULL,
  name TEXT,
  asset TEXT NOT NULL,
  a_ms INTEGER NOT NULL,
  b_ms INTEGER NOT NULL,
  volume INTEGER NOT NULL,
  loops INTEGER NOT NULL,
  start_us INTEGER NOT NULL,
  author TEXT NOT NULL,
  stop_us INTEGER,
  fade_ms INTEGER,
  PRIMARY KEY (path, slot)
) WITHOUT ROWID;
CREATE TABLE walk_message (
  path BLOB NOT NULL REFERENCES walk ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  author TEXT NOT NULL,
  PRIMARY KEY (path, seq)
) WITHOUT ROWID;
)sql";

// What happened on a walk, numbered; by the calendar. `kind`: as WalkEvent::Kind counts.
constexpr auto kWalkLogs = R"sql(
CREATE TABLE walk_event (
  path BLOB NOT NULL,
  number INTEGER NOT NULL,
  at_us INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  participant TEXT,
  latency_us INTEGER,
  text TEXT NOT NULL,
  PRIMARY KEY (path, number)
) WITHOUT ROWID;
)sql";

// How far a walk has come in its sheet; what conductors have edited of its words, and how often.
constexpr auto kWalkEdits = R"sql(
ALTER TABLE walk ADD COLUMN reached TEXT NOT NULL DEFAULT '';
ALTER TABLE walk ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE walk ADD COLUMN editor TEXT NOT NULL DEFAULT '';
ALTER TABLE walk ADD COLUMN has_about INTEGER NOT NULL DEFAULT 0;
ALTER TABLE walk ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE walk ADD COLUMN text TEXT NOT NULL DEFAULT '';
ALTER TABLE walk ADD COLUMN welcome TEXT NOT NULL DEFAULT '';
ALTER TABLE walk ADD COLUMN languages TEXT NOT NULL DEFAULT '';
)sql";

// A file's version is the number of these that have been run on it. Only ever add at the end.
constexpr std::array kSteps = {kLibraryAndProgrammes, kIdentity, kChosenOrder, kClients,  kAlbumArtist,
                               kPrivateGroups,        kWalks,    kWalkLogs,    kWalkEdits};

}  // namespace

Result<void> migrate(Database& db) {
  auto version = db.version();
  if (!version) return tl::make_unexpected(version.error());
  if (*version > kSteps.size()) {
    return fail("the state was written by a newer Tutti (version " + std::to_string(*version) +
                "); use that, or another --state-dir");
  }
  while (*version < kSteps.size()) {
    // Another process may be at it too: what it has done meanwhile is seen once the lock is ours.
    if (auto begun = db.execute("BEGIN IMMEDIATE"); !begun) return begun;
    version = db.version();
    Result<void> done;
    if (!version) {
      done = tl::make_unexpected(version.error());
    } else if (*version < kSteps.size()) {
      done =
          db.execute(std::string(kSteps[*version]) + "PRAGMA user_version = " + std::to_string(*version + 1));
      ++*version;
    }
    if (done) done = db.execute("COMMIT");
    if (!done) {
      (void)db.execute("ROLLBACK");
      return done;
    }
  }
  return {};
}

}  // namespace tutti::storage
