// Writes the batches of one stream into its table: all rows as arrays of one statement's
// parameters where the server can, else as statements with many rows of VALUES.
//
// A statement that fails undoes itself; rows that need several statements, because one would
// exceed what the server takes at once, are undone by the base's savepoint.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sql/table_writer.hpp"
#include "plugins/databases/mysql/batch_columns.hpp"
#include "plugins/databases/mysql/connection.hpp"
#include "plugins/databases/mysql/shape.hpp"
#include "plugins/databases/mysql/unstorable.hpp"

namespace chunkmill::mysql {

enum class WriteWith {
  kAuto,    // arrays where the server can
  kArrays,  // one statement, many sets of parameters
  kValues   // INSERT ... VALUES (...), (...), ...
};

// "INSERT INTO t (...) VALUES ", and "(?, ?)", a row of it.
std::string insert_head(const sql::Target& target, const std::string& table,
                        const sql::Dialect& dialect);
std::string insert_row(const sql::Target& target);

class TableWriter final : public sql::TableWriter {
 public:
  TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect,
              WriteWith with);

 protected:
  void show(const Batch& batch) override { columns_.show(batch); }
  void reject_unstorable(const Batch& batch, RowErrors& errors) override;
  sql::Inserted insert(const Batch& batch, int64_t begin, int64_t end) override;

 private:
  sql::Inserted insert_array(int64_t begin, int64_t end);
  sql::Inserted insert_values(int64_t begin, int64_t end);
  sql::Inserted executed(Statement& statement, bool is_done, int64_t begin, int64_t end);
  std::optional<sql::BadRow> look_at_warnings(int64_t begin, int64_t end);
  sql::BadRow bad_row(const Fault& fault, int64_t row) const;
  std::string column_of(const Fault& fault) const;
  Statement& statement_for(size_t rows);

  Connection* db_;
  std::string where_;
  std::string head_, row_, tail_;  // INSERT INTO t (...) VALUES | (?, ?) | ON DUPLICATE KEY ...
  bool with_arrays_;
  uint64_t max_bytes_;
  BatchColumns columns_;
  std::vector<Index> indexes_;
  std::optional<Unstorable> unstorable_;
  std::map<size_t, Statement> statements_;  // by rows of VALUES
};

}  // namespace chunkmill::mysql
