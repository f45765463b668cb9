// SQLite with RAII: a connection and its statements. Used by one thread at a time.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tutti::storage {

// One prepared statement. Parameters and columns count from 1 and 0, as in SQLite.
class Statement {
 public:
  Statement(sqlite3* db, std::string_view sql);

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind_text(int parameter, std::string_view value);
  // File names are bytes, so they are stored as such.
  Statement& bind_blob(int parameter, std::string_view value);
  Statement& bind_null(int parameter);

  // True while there is a row. Afterwards the statement can be bound and run again.
  Result<bool> step();
  Result<void> run();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string bytes(int column) const;
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  // Creates the file and its folder if need be; write-ahead log, fully synchronous: what is committed
  // survives a crash.
  static Result<Database> open(const std::string& path);

  Result<void> execute(const std::string& sql);
  // How many rows the last INSERT, UPDATE or DELETE has changed.
  int changes() const;
  // The number of its schema (PRAGMA user_version); 0: a new file.
  Result<std::size_t> version() const;
  // Compiles on first use after open. A mistake in `sql` shows at the first step.
  Statement prepare(std::string_view sql) const { return {db_.get(), sql}; }

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  explicit Database(sqlite3* db) : db_(db) {}
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace tutti::storage
