// A batch in memory as a table that SQLite selects from: INSERT INTO t SELECT ... FROM it writes
// any number of rows with one statement, undoes them all when one is bad, and says which one it
// was. SQLite reads text and bytes where Arrow keeps them.
//
// Ownership: registered with a connection, which it must outlive. Threads: the connection's.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/batch.hpp"
#include "plugins/databases/sqlite/connection.hpp"

namespace chunkmill::sqlite {

class BatchTable {
 public:
  // A table `name` with the columns c0, c1, ... that show `fields`, the stream's columns `sources`.
  BatchTable(Connection& db, const std::string& name, const std::vector<Field>& fields,
             const std::vector<size_t>& sources);
  BatchTable(const BatchTable&) = delete;
  BatchTable& operator=(const BatchTable&) = delete;

  // What the next SELECT sees. The batch must live until that is over.
  void show(const Batch& batch);
  void show_rows(int64_t begin, int64_t end) {
    begin_ = begin;
    end_ = end;
    is_read_ = false;
  }
  // Whether SQLite has begun to read the rows that are shown.
  bool is_read() const { return is_read_; }
  // The row that SQLite stood at last; the end if it had read them all.
  int64_t row() const { return row_; }

  // The value of one column, as SQLite's table functions want it.
  void give(sqlite3_context* to, int column);
  void rewind() {
    row_ = begin_;
    is_read_ = true;
  }
  void advance() { ++row_; }
  bool at_end() const { return row_ >= end_; }
  const std::string& declaration() const { return declaration_; }

 private:
  struct Column {
    Type type;
    int scale;
    size_t source;
    ColumnRef values;
    std::string text;  // of the row in hand, where the value is not text already
  };

  std::string declaration_;
  std::vector<Column> columns_;
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int64_t row_ = 0;
  bool is_read_ = false;
};

}  // namespace chunkmill::sqlite
