// Of private groups.
#include "storage/tables.h"

#include <cstdint>
#include <string_view>

namespace tutti::storage {
namespace {

constexpr std::size_t kIdBytes = 8;

std::string packed(const std::vector<TrackId>& tracks) {
  std::string out;
  out.reserve(tracks.size() * kIdBytes);
  for (const TrackId id : tracks) {
    for (unsigned shift = 64; shift > 0; shift -= 8) {
      out += static_cast<char>((static_cast<std::uint64_t>(id.value) >> (shift - 8)) & 0xFFU);
    }
  }
  return out;
}

std::vector<TrackId> unpacked(std::string_view bytes) {
  std::vector<TrackId> out;
  for (; bytes.size() >= kIdBytes; bytes.remove_prefix(kIdBytes)) {
    std::uint64_t id = 0;
    for (std::size_t i = 0; i < kIdBytes; ++i) id = id << 8U | static_cast<unsigned char>(bytes[i]);
    out.push_back({static_cast<std::int64_t>(id)});
  }
  return out;
}

PrivateTimeline::Repeat repeat_of(std::int64_t number) {
  if (number == 1) return PrivateTimeline::Repeat::one;
  return number == 2 ? PrivateTimeline::Repeat::all : PrivateTimeline::Repeat::off;
}

void bind_track(Statement& statement, int parameter, std::optional<TrackId> track) {
  if (track) {
    statement.bind(parameter, track->value);
  } else {
    statement.bind_null(parameter);
  }
}

std::optional<TrackId> track_of(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(TrackId{row.integer(column)});
}

}  // namespace

Result<std::map<std::string, app::StoredGroup>> load_groups(Database& db) {
  auto rows = db.prepare(
      "SELECT id, owner, name, tracks, track, position_us, at_us, is_playing, repeat, shuffle_seed, "
      "shuffled_from FROM private_group");
  std::map<std::string, app::StoredGroup> groups;
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return groups;
    app::StoredGroup& group = groups[rows.bytes(0)];
    group.owner = rows.bytes(1);
    group.name = rows.bytes(2);
    if (!rows.is_null(3)) group.tracks = unpacked(rows.bytes(3));
    group.track = track_of(rows, 4);
    group.position = Duration{rows.integer(5)};
    group.at = WallTime{Duration{rows.integer(6)}};
    group.is_playing = rows.integer(7) != 0;
    group.repeat = repeat_of(rows.integer(8));
    if (rows.is_null(9)) continue;
    group.shuffle = PrivateTimeline::Shuffle{static_cast<std::uint64_t>(rows.integer(9)), track_of(rows, 10)};
  }
}

Result<void> save_group(Database& db, const std::string& id, const std::optional<app::StoredGroup>& group) {
  if (!group) return db.prepare("DELETE FROM private_group WHERE id = ?").bind_text(1, id).run();
  auto insert = db.prepare(
      "INSERT OR REPLACE INTO private_group (id, owner, name, tracks, track, position_us, at_us, is_playing, "
      "repeat, shuffle_seed, shuffled_from) VALUES (?,?,?,?,?,?,?,?,?,?,?)");
  const std::string tracks = packed(group->tracks);
  insert.bind_text(1, id).bind_text(2, group->owner).bind_text(3, group->name);
  if (tracks.empty()) {
    insert.bind_null(4);
  } else {
    insert.bind_blob(4, tracks);
  }
  bind_track(insert, 5, group->track);
  insert.bind(6, std::int64_t{group->position.count()})
      .bind(7, std::int64_t{group->at.since_unix_epoch.count()})
      .bind(8, std::int64_t{group->is_playing})
      .bind(9, static_cast<std::int64_t>(group->repeat));
  if (group->shuffle) {
    insert.bind(10, static_cast<std::int64_t>(group->shuffle->seed));
  } else {
    insert.bind_null(10);
  }
  bind_track(insert, 11, group->shuffle ? group->shuffle->first : std::nullopt);
  return insert.run();
}

}  // namespace tutti::storage
