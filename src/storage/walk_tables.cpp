#include "storage/walk_tables.h"

#include <sstream>
#include <utility>

namespace tutti::storage {
namespace {

// By the calendar, as it is kept.
std::int64_t micros(const app::StoredWalk& stored, ServerTime t) {
  return stored.anchor.to_wall(t).since_unix_epoch.count();
}

WalkPart part_in(const Statement& row, int column) {
  return {row.bytes(column), Millis(row.integer(column + 1)), Millis(row.integer(column + 2)),
          static_cast<int>(row.integer(column + 3)), row.integer(column + 4) != 0};
}

void bind_part(Statement& insert, int parameter, const WalkPart& part) {
  insert.bind_text(parameter, part.asset).bind(parameter + 1, std::int64_t{part.a.count()});
  insert.bind(parameter + 2, std::int64_t{part.b.count()}).bind(parameter + 3, std::int64_t{part.volume});
  insert.bind(parameter + 4, std::int64_t{part.loop});
}

// Calls `take(rows)` for each row of `sql`, whose one parameter is the path.
template <class Take>
Result<void> each_row(Database& db, std::string_view sql, const std::string& path, Take take) {
  auto rows = db.prepare(sql);
  rows.bind_blob(1, path);
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return {};
    take(rows);
  }
}

// Languages: tags without spaces.
std::string line_of(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? "" : " ") + each;
  return out;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream words(line);
  for (std::string each; words >> each;) out.push_back(each);
  return out;
}

void take_walk(const Statement& row, app::StoredWalk& out) {
  out.has_sheet = row.integer(0) != 0;
  out.counts = {row.integer(1), row.integer(2)};
  if (!row.is_null(3)) out.walk.lead.manual = Millis(row.integer(3));
  out.walk.edit = {row.integer(8), row.bytes(9)};
  out.walk.reached = row.bytes(15);
  out.has_about = row.integer(10) != 0;
  if (out.has_about) {
    out.walk.about = {row.bytes(11), row.bytes(12), row.bytes(13), words_of(row.bytes(14))};
  }
  if (!row.is_null(4)) {
    out.walk.armed = WalkArmed{{Duration{row.integer(4)}}, row.bytes(5), row.integer(6), row.bytes(7)};
  }
}

LiveCue live_in(const Statement& row) {
  LiveCue cue;
  cue.id = row.integer(1);
  if (!row.is_null(2)) cue.name = row.bytes(2);
  cue.part = part_in(row, 3);
  cue.start = {Duration{row.integer(8)}};
  cue.author = row.bytes(9);
  if (!row.is_null(10)) cue.stop = WalkStop{{Duration{row.integer(10)}}, Millis(row.integer(11))};
  return cue;
}

Result<void> save_live(Database& db, const std::string& path, const app::StoredWalk& stored) {
  auto add = db.prepare(
      "INSERT INTO walk_live (path, slot, id, name, asset, a_ms, b_ms, volume, loops, start_us, author, "
      "stop_us, fade_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  std::int64_t slot = 0;
  for (const auto* cue : {&stored.walk.live.now, &stored.walk.live.next}) {
    const std::int64_t its_slot = slot++;
    if (!*cue) continue;
    add.bind_blob(1, path).bind(2, its_slot).bind(3, (*cue)->id);
    (*cue)->name ? add.bind_text(4, *(*cue)->name) : add.bind_null(4);
    bind_part(add, 5, (*cue)->part);
    add.bind(10, micros(stored, (*cue)->start)).bind_text(11, (*cue)->author);
    add.bind_null(12).bind_null(13);
    if (const auto& stop = (*cue)->stop) {
      add.bind(12, micros(stored, stop->at)).bind(13, std::int64_t{stop->fade.count()});
    }
    if (auto done = add.run(); !done) return done;
  }
  return {};
}

Result<void> save_sheet(Database& db, const std::string& path, const std::vector<WalkCue>& sheet) {
  auto add = db.prepare(
      "INSERT INTO walk_cue (path, place, name, asset, a_ms, b_ms, volume, loops, note) VALUES "
      "(?,?,?,?,?,?,?,?,?)");
  std::int64_t place = 0;
  for (const auto& cue : sheet) {
    add.bind_blob(1, path).bind(2, place++).bind_text(3, cue.name).bind_text(9, cue.note);
    bind_part(add, 4, cue.part);
    if (auto done = add.run(); !done) return done;
  }
  return {};
}

Result<void> save_messages(Database& db, const std::string& path, const app::StoredWalk& stored) {
  auto add = db.prepare("INSERT INTO walk_message (path, seq, text, at_us, author) VALUES (?,?,?,?,?)");
  for (const auto& message : stored.walk.messages) {
    add.bind_blob(1, path).bind(2, message.seq).bind_text(3, message.text);
    add.bind(4, micros(stored, message.at)).bind_text(5, message.author);
    if (auto done = add.run(); !done) return done;
  }
  return {};
}

}  // namespace

Result<std::optional<app::StoredWalk>> load_walk(Database& db, const std::string& path) {
  // Its times are by the calendar, so they are counted from there.
  std::optional<app::StoredWalk> out;
  auto read = each_row(db,
                       "SELECT has_sheet, last_cue, last_message, lead_ms, armed_us, armed_from, armed_id, "
                       "armed_author, revision, editor, has_about, title, text, welcome, languages, "
                       "reached FROM walk WHERE path = ?",
                       path, [&](const Statement& row) { take_walk(row, out.emplace()); });
  if (!read) return tl::make_unexpected(read.error());
  if (!out) return out;
  read = each_row(
      db, "SELECT name, asset, a_ms, b_ms, volume, loops, note FROM walk_cue WHERE path = ? ORDER BY place",
      path, [&](const Statement& row) {
        out->walk.sheet.push_back({row.bytes(0), part_in(row, 1), row.bytes(6)});
      });
  if (!read) return tl::make_unexpected(read.error());
  read =
      each_row(db,
               "SELECT slot, id, name, asset, a_ms, b_ms, volume, loops, start_us, author, stop_us, fade_ms "
               "FROM walk_live WHERE path = ?",
               path, [&](const Statement& row) {
                 auto& slot = row.integer(0) == 0 ? out->walk.live.now : out->walk.live.next;
                 slot = live_in(row);
               });
  if (!read) return tl::make_unexpected(read.error());
  read = each_row(db, "SELECT seq, text, at_us, author FROM walk_message WHERE path = ? ORDER BY seq", path,
                  [&](const Statement& row) {
                    out->walk.messages.push_back(
                        {row.integer(0), row.bytes(1), {Duration{row.integer(2)}}, row.bytes(3)});
                  });
  if (!read) return tl::make_unexpected(read.error());
  return out;
}

Result<void> save_walk(Database& db, const std::string& path, const app::StoredWalk& stored) {
  for (const auto* sql : {"DELETE FROM walk_cue WHERE path = ?", "DELETE FROM walk_live WHERE path = ?",
                          "DELETE FROM walk_message WHERE path = ?"}) {
    auto clear = db.prepare(sql);
    if (auto done = clear.bind_blob(1, path).run(); !done) return done;
  }
  const Walk& walk = stored.walk;
  auto insert = db.prepare(
      "INSERT OR REPLACE INTO walk (path, has_sheet, last_cue, last_message, lead_ms, armed_us, armed_from, "
      "armed_id, armed_author, revision, editor, has_about, title, text, welcome, languages, reached) "
      "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind_blob(1, path).bind(2, std::int64_t{stored.has_sheet}).bind(3, stored.counts.cue);
  insert.bind(4, stored.counts.message).bind_null(5).bind_null(6).bind_null(7).bind_null(8).bind_null(9);
  insert.bind(10, walk.edit.revision).bind_text(11, walk.edit.author);
  // What is not edited is in walk.toml.
  const WalkAbout about = stored.has_about ? walk.about : WalkAbout{};
  insert.bind(12, std::int64_t{stored.has_about}).bind_text(13, about.title).bind_text(14, about.text);
  insert.bind_text(15, about.welcome).bind_text(16, line_of(about.languages));
  insert.bind_text(17, walk.reached);
  if (walk.lead.manual) insert.bind(5, std::int64_t{walk.lead.manual->count()});
  if (walk.armed) {
    insert.bind(6, micros(stored, walk.armed->start)).bind_text(7, walk.armed->from);
    insert.bind(8, walk.armed->id).bind_text(9, walk.armed->author);
  }
  if (auto done = insert.run(); !done) return done;
  // One that is not edited is in walk.toml.
  if (stored.has_sheet) {
    if (auto done = save_sheet(db, path, walk.sheet); !done) return done;
  }
  if (auto done = save_live(db, path, stored); !done) return done;
  return save_messages(db, path, stored);
}

}  // namespace tutti::storage
