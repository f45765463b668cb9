#include "storage/walk_log_tables.h"

#include <optional>
#include <utility>

namespace tutti::storage {
namespace {

using Kind = WalkEvent::Kind;

// nullopt: of a kind that this version does not know.
std::optional<Kind> kind_of(std::int64_t stored) {
  if (stored < 0 || stored > static_cast<std::int64_t>(WalkEvent::kLastKind)) return std::nullopt;
  return static_cast<Kind>(stored);
}

// 0: there is none.
Result<std::int64_t> last_number(Database& db, const std::string& path) {
  auto last = db.prepare("SELECT coalesce(max(number), 0) FROM walk_event WHERE path = ?");
  last.bind_blob(1, path);
  const auto row = last.step();
  if (!row) return tl::make_unexpected(row.error());
  return last.integer(0);
}

}  // namespace

Result<app::WalkLog> load_walk_log(Database& db, const std::string& path) {
  auto rows = db.prepare(
      "SELECT at_us, kind, participant, latency_us, text FROM walk_event WHERE path = ? ORDER BY number");
  rows.bind_blob(1, path);
  app::WalkLog out;
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return out;
    const auto kind = kind_of(rows.integer(1));
    if (!kind) continue;
    WalkEvent event;
    event.at = {Duration{rows.integer(0)}};
    event.kind = *kind;
    if (!rows.is_null(2)) event.participant = rows.bytes(2);
    if (!rows.is_null(3)) event.latency = Duration{rows.integer(3)};
    event.text = rows.bytes(4);
    out.events.push_back(std::move(event));
  }
}

Result<void> add_to_walk_log(Database& db, const std::string& path, const app::WalkLog& more) {
  auto number = last_number(db, path);
  if (!number) return tl::make_unexpected(number.error());
  auto add = db.prepare(
      "INSERT INTO walk_event (path, number, at_us, kind, participant, latency_us, text) VALUES "
      "(?,?,?,?,?,?,?)");
  for (const auto& event : more.events) {
    add.bind_blob(1, path).bind(2, ++*number);
    add.bind(3, more.anchor.to_wall(event.at).since_unix_epoch.count());
    add.bind(4, static_cast<std::int64_t>(event.kind)).bind_null(5).bind_null(6).bind_text(7, event.text);
    if (event.participant) add.bind_text(5, *event.participant);
    if (event.latency) add.bind(6, std::int64_t{event.latency->count()});
    if (auto done = add.run(); !done) return done;
  }
  auto forget = db.prepare("DELETE FROM walk_event WHERE path = ? AND number <= ?");
  forget.bind_blob(1, path).bind(2, *number - static_cast<std::int64_t>(app::WalkStore::kMostEvents));
  return forget.run();
}

}  // namespace tutti::storage
