#include "storage/tables.h"

#include <utility>

namespace tutti::storage {
namespace {

std::optional<TrackId> optional_id(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return TrackId{row.integer(column)};
}

void bind_optional(Statement& statement, int parameter, std::optional<TrackId> id) {
  if (id) {
    statement.bind(parameter, id->value);
  } else {
    statement.bind_null(parameter);
  }
}

}  // namespace

Result<std::vector<Track>> load_tracks(Database& db) {
  auto rows = db.prepare(
      "SELECT id, path, size, mtime_ns, format, frames, rate, channels, title, artist, album, year, number, "
      "has_cover,"
      " integrated_lufs, true_peak_dbtp, album_artist FROM track");
  std::vector<Track> tracks;
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return tracks;
    Track track;
    track.id = {rows.integer(0)};
    track.file = {rows.bytes(1), rows.integer(2), rows.integer(3)};
    track.format = rows.bytes(4);
    track.frames = rows.integer(5);
    track.rate = static_cast<int>(rows.integer(6));
    track.channels = static_cast<int>(rows.integer(7));
    track.tags = {rows.bytes(8),
                  rows.bytes(9),
                  rows.bytes(10),
                  static_cast<int>(rows.integer(11)),
                  static_cast<int>(rows.integer(12)),
                  rows.integer(13) != 0,
                  rows.bytes(16)};
    if (!rows.is_null(14)) track.loudness = Loudness{rows.real(14), rows.real(15)};
    tracks.push_back(std::move(track));
  }
}

Result<void> save_track(Database& db, const Track& track) {
  auto insert = db.prepare(
      "INSERT OR REPLACE INTO track (id, path, size, mtime_ns, format, frames, rate, channels, title, "
      "artist, album,"
      " year, number, has_cover, integrated_lufs, true_peak_dbtp, album_artist) VALUES "
      "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, track.id.value).bind_blob(2, track.file.path).bind(3, track.file.size);
  insert.bind(4, track.file.mtime_ns).bind_text(5, track.format).bind(6, track.frames);
  insert.bind(7, std::int64_t{track.rate}).bind(8, std::int64_t{track.channels});
  insert.bind_text(9, track.tags.title).bind_text(10, track.tags.artist).bind_text(11, track.tags.album);
  insert.bind(12, std::int64_t{track.tags.year}).bind(13, std::int64_t{track.tags.number});
  insert.bind(14, std::int64_t{track.tags.has_cover});
  insert.bind_text(17, track.tags.album_artist);
  if (track.loudness)
    insert.bind(15, track.loudness->integrated_lufs).bind(16, track.loudness->true_peak_dbtp);
  return insert.run();
}

Result<std::map<std::string, app::StoredProgramme>> load_programmes(Database& db) {
  std::map<std::string, app::StoredProgramme> out;
  auto rows = db.prepare(
      "SELECT route, epoch_us, rate, seed, cycle, last, previous_cycle, played, shuffled FROM programme");
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) break;
    auto& programme = out[rows.bytes(0)];
    programme.epoch = {Duration{rows.integer(1)}};
    programme.rate = static_cast<int>(rows.integer(2));
    programme.state.rotation = {static_cast<std::uint64_t>(rows.integer(3)),
                                static_cast<std::uint64_t>(rows.integer(4)), optional_id(rows, 5),
                                optional_id(rows, 6), static_cast<std::uint64_t>(rows.integer(7))};
    if (!rows.is_null(8)) {
      programme.order = rows.integer(8) != 0 ? Rotation::Order::shuffled : Rotation::Order::by_path;
    }
  }
  auto entries = db.prepare("SELECT route, track, first, length FROM programme_entry ORDER BY route, first");
  for (;;) {
    const auto row = entries.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return out;
    out[entries.bytes(0)].state.entries.push_back(
        {TrackId{entries.integer(1)}, entries.integer(2), entries.integer(3)});
  }
}

Result<void> save_programme(Database& db, const std::string& route, const app::StoredProgramme& programme) {
  const auto& rotation = programme.state.rotation;
  auto insert = db.prepare(
      "INSERT INTO programme (route, epoch_us, rate, seed, cycle, last, previous_cycle, played, shuffled) "
      "VALUES "
      "(?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT (route) DO UPDATE SET epoch_us = excluded.epoch_us, rate = excluded.rate, seed = "
      "excluded.seed,"
      " cycle = excluded.cycle, last = excluded.last, previous_cycle = excluded.previous_cycle,"
      " played = excluded.played, shuffled = excluded.shuffled");
  insert.bind_text(1, route).bind(2, std::int64_t{programme.epoch.since_unix_epoch.count()});
  insert.bind(3, std::int64_t{programme.rate}).bind(4, static_cast<std::int64_t>(rotation.seed));
  insert.bind(5, static_cast<std::int64_t>(rotation.cycle))
      .bind(8, static_cast<std::int64_t>(rotation.played));
  bind_optional(insert, 6, rotation.last);
  bind_optional(insert, 7, rotation.previous_cycle);
  if (programme.order) insert.bind(9, std::int64_t{*programme.order == Rotation::Order::shuffled});
  if (auto done = insert.run(); !done) return done;

  auto clear = db.prepare("DELETE FROM programme_entry WHERE route = ?");
  if (auto done = clear.bind_text(1, route).run(); !done) return done;
  auto add =
      db.prepare("INSERT OR REPLACE INTO programme_entry (route, first, track, length) VALUES (?,?,?,?)");
  for (const auto& entry : programme.state.entries) {
    add.bind_text(1, route).bind(2, entry.first).bind(3, entry.track.value).bind(4, entry.length);
    if (auto done = add.run(); !done) return done;
  }
  return {};
}

}  // namespace tutti::storage
