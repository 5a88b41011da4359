// What a database brings to be read from: SourceDatabase. Everything else is the base's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/dialect.hpp"
#include "chunkmill/sql/source_dialect.hpp"
#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::sql {

// What is known of a table or view, beside its columns.
struct SourceTable {
  // An index over plain columns and all rows.
  struct Index {
    std::vector<std::string> columns;
    bool unique = false;
  };

  std::string sql;  // its name as statements have it: quoted, with its schema where it has one
  std::vector<std::string> primary_key;
  std::vector<std::string> not_null;  // columns that cannot be NULL
  std::vector<Index> indexes;         // the primary key among them
  int64_t estimated_rows = -1;        // from statistics, -1 if there are none; never counted
};

// Connections are read-only as far as the database knows such a thing. Threads: any; a Connection
// and its streams are used by one at a time.
//
// Failure: Error as connection.hpp says. What the job file is to blame for is CM_INVALID or
// CM_NOT_FOUND; the base adds which option it was.
class SourceDatabase {
 public:
  virtual ~SourceDatabase() = default;

  virtual const Dialect& dialect() const = 0;
  virtual const SourceDialect& source_dialect() const = 0;
  // Where the rows come from, as messages say it: a path, "host:port/database". No secret.
  virtual std::string place() const = 0;

  virtual std::unique_ptr<Connection> connect() = 0;
  // Begins a transaction in which every SELECT sees the same rows; rollback() ends it. A database
  // that can makes it the same for all connections of this object.
  virtual void begin_reading(Connection& db) = 0;

  // Nothing where there is no such table or view.
  virtual std::optional<SourceTable> read_table(Connection& db, const std::string& name) = 0;
  // The names of tables and views, for a message that says which was meant.
  virtual std::vector<std::string> table_names(Connection& db) = 0;
  // The columns of a SELECT, which is prepared and not run. An Error says what is wrong with it in
  // the database's own words and, where it tells, at which line and column of `select`
  // (place_in_text()). A type that is not carried sets SourceColumn::fault.
  virtual std::vector<SourceColumn> describe(Connection& db, const std::string& select) = 0;
  // Runs a SELECT of `columns`, row by row: no more than a batch of it is ever in memory. Both
  // outlive the stream.
  virtual std::unique_ptr<RowStream> stream(Connection& db, const std::string& select,
                                            const ReadColumns& columns) = 0;
};

// What stands before text of the job's inside a statement of ours, and ends its line.
inline constexpr std::string_view kJobText = "-- as the job says\n";

// "line 2, column 8" for a byte of a statement; counted from the job's own text where the statement
// holds some before that byte.
inline std::string place_in_text(std::string_view text, size_t offset) {
  text = text.substr(0, offset);
  if (const size_t mark = text.rfind(kJobText); mark != text.npos)
    text.remove_prefix(mark + kJobText.size());
  const auto line = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const size_t begin = text.rfind('\n') == text.npos ? 0 : text.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(text.size() - begin + 1);
}

}  // namespace chunkmill::sql
