// Writes the batches of one stream into its table: one INSERT ... SELECT from the batch itself,
// which undoes itself where a row is bad, and tells which row that was.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chunkmill/sql/table_writer.hpp"
#include "plugins/databases/sqlite/batch_table.hpp"
#include "plugins/databases/sqlite/connection.hpp"

namespace chunkmill::sqlite {

class TableWriter final : public sql::TableWriter {
 public:
  // `index` is the stream's. The table must be there. `references_wait`: it refers to a table that
  // is written after it, so that deferred foreign keys are looked at in COMMIT.
  TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect, size_t index,
              bool references_wait);

 protected:
  void show(const Batch& batch) override { source_.show(batch); }
  // SQLite would store NaN as NULL, and take a row with NULL in its key for a new one each time.
  void reject_unstorable(const Batch& batch, RowErrors& errors) override;
  sql::Inserted insert(const Batch& batch, int64_t begin, int64_t end) override;
  bool rows_refer_to_rows() const override { return rows_refer_to_rows_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  int64_t stored_rows(int64_t begin, int64_t end);
  static sql::BadRow open_reference();

  Connection* db_;
  BatchTable source_;
  std::unique_ptr<sqlite3_stmt, Finalize> insert_;
  bool references_wait_;
  bool rows_refer_to_rows_ = false;
  std::string count_;  // empty: SQLite's own count of changes is that of the rows
};

}  // namespace chunkmill::sqlite
