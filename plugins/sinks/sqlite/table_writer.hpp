// Writes the batches of one stream into its table.
//
// write() is atomic: the statement that writes the batch undoes itself. Only where a row is bad is
// the batch gone through a second time, inside a savepoint, to find and report every bad row; the
// savepoint is rolled back then.
#pragma once

#include <memory>
#include <string>

#include "batch_table.hpp"
#include "chunkmill/sink.hpp"
#include "chunkmill/sql/tables.hpp"
#include "connection.hpp"

namespace chunkmill::sqlite {

class TableWriter {
 public:
  // `index` is the stream's. The table must be there.
  TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect, size_t index);

  // Throws Error(CM_DATA) with every bad row in `errors`, or another Error: nothing of the batch is
  // in the transaction then.
  void write(const Batch& batch, RowErrors& errors);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct BadRow {
    int64_t row = -1;
    int vendor = 0;
    std::string message;
  };

  void reject_unstorable(const Batch& batch, RowErrors& errors);
  // Inserts rows [begin, end). True: all are in. False: none is, and one or more of them are bad.
  bool insert(int64_t begin, int64_t end, BadRow* bad);
  void find_bad_rows(int64_t begin, int64_t end, RowErrors& errors, BadRow* first);
  void report(const BadRow& bad, RowErrors& errors, BadRow* first) const;

  Connection* db_;
  const sql::Target* target_;
  std::vector<Field> stream_fields_;
  BatchTable source_;
  std::unique_ptr<sqlite3_stmt, Finalize> insert_;
};

}  // namespace chunkmill::sqlite
