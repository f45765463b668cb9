#include "storage/sqlite.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <sqlite3.h>

namespace tutti::storage {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* db) const { sqlite3_close(db); }

Statement::Statement(sqlite3* db, std::string_view sql) : db_(db) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  sqlite3_bind_double(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view value) {
  sqlite3_bind_text64(statement_.get(), parameter, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view value) {
  sqlite3_bind_blob64(statement_.get(), parameter, value.data(), value.size(), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  sqlite3_bind_null(statement_.get(), parameter);
  return *this;
}

Result<bool> Statement::step() {
  if (!statement_) return fail(std::string("database: ") + sqlite3_errmsg(db_));
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  std::string message = code == SQLITE_DONE ? "" : sqlite3_errmsg(db_);
  sqlite3_reset(statement_.get());
  if (code != SQLITE_DONE) return fail("database: " + message);
  return false;
}

Result<void> Statement::run() {
  return step().map([](bool) {});
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Result<Database> Database::open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) return fail("cannot make the folder of " + path + ": " + error.message());
  // Only its owner reads it: it holds password hashes. SQLite gives its other files the same mode. One that
  // is there is not touched: closing any descriptor of it would drop the locks that this process has on it.
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) ::close(made);
  if (made < 0 && errno != EEXIST) return fail("cannot open " + path + ": " + std::strerror(errno));
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database db(raw);
  if (code != SQLITE_OK) return fail("cannot open " + path + ": " + sqlite3_errstr(code));
  sqlite3_busy_timeout(raw, 5000);
  return db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
      .map_error([&](const Error& e) { return Error{path + ": " + e.message}; })
      .map([&] { return std::move(db); });
}

int Database::changes() const { return sqlite3_changes(db_.get()); }

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail(std::string("database: ") + sqlite3_errmsg(db_.get()));
}

Result<std::size_t> Database::version() const {
  auto version = prepare("PRAGMA user_version");
  auto row = version.step();
  if (!row) return tl::make_unexpected(row.error());
  const auto found = static_cast<std::size_t>(version.integer(0));
  (void)version.step();
  return found;
}

}  // namespace tutti::storage
