// Of the clients of groups.
#include "storage/tables.h"

namespace tutti::storage {

Result<std::string> load_server_id(Database& db) {
  auto rows = db.prepare("SELECT id FROM server");
  const auto row = rows.step();
  if (!row) return tl::make_unexpected(row.error());
  if (!*row) return fail("the state has lost the server's id");
  return rows.bytes(0);
}

Result<std::map<std::string, app::StoredClient>> load_clients(Database& db) {
  auto rows = db.prepare("SELECT id, route, volume, is_muted FROM client");
  std::map<std::string, app::StoredClient> clients;
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return clients;
    app::StoredClient& client = clients[rows.bytes(0)];
    client.route = rows.bytes(1);
    if (!rows.is_null(2)) client.volume = static_cast<int>(rows.integer(2));
    if (!rows.is_null(3)) client.is_muted = rows.integer(3) != 0;
  }
}

Result<void> save_client(Database& db, const std::string& id, const app::StoredClient& client) {
  auto insert = db.prepare("INSERT OR REPLACE INTO client (id, route, volume, is_muted) VALUES (?,?,?,?)");
  insert.bind_text(1, id).bind_text(2, client.route);
  const auto bind = [&](int parameter, const auto& value) {
    if (value) {
      insert.bind(parameter, std::int64_t{*value});
    } else {
      insert.bind_null(parameter);
    }
  };
  bind(3, client.volume);
  bind(4, client.is_muted);
  const auto done = insert.step();
  if (!done) return tl::make_unexpected(done.error());
  return {};
}

}  // namespace tutti::storage
