// Rows of Arrow batches as a table that SQLite selects from, without a copy of their texts.
//
//   bool, int32, int64       INTEGER
//   float                    REAL
//   decimal                  REAL; one of more than 15 digits is an error of its row
//   string, binary           TEXT, BLOB
//   date, timestamp          TEXT, as its date functions take it: 2024-02-29, 2024-02-29T12:30:00Z
//
// Ownership: registered with a database, which it outlives; a batch lives as long as it is shown.
// Threads: the database's.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/batch.hpp"
#include "plugins/calculators/sql/memory_database.hpp"

namespace chunkmill::select {

// "code" TEXT, "value" REAL: the columns of `schema` as a table of SQLite has them.
std::string column_definitions(const Schema& schema);

class ChunkTable {
 public:
  ChunkTable(MemoryDatabase& db, const std::string& name, const Schema& schema);
  ChunkTable(const ChunkTable&) = delete;
  ChunkTable& operator=(const ChunkTable&) = delete;

  // What the next SELECT sees. Its columns are those of the schema, in that order.
  void show(const Batch& batch);
  void show_rows(int64_t begin, int64_t end) {
    begin_ = begin;
    end_ = end;
    row_ = kBefore;
  }
  // The row that SQLite stands at; kBefore until it has begun.
  static constexpr int64_t kBefore = -1;
  int64_t row() const { return row_; }

  // Columns whose values are of no matter, because the results copy them: SQLite gets NULL.
  void hide(size_t column) { columns_[column].hidden = true; }

  // The column that holds this text in that row; empty where none does, or several do.
  std::string column_of(const std::string& text, int64_t row) const;

  // For SQLite's table functions.
  void give(sqlite3_context* to, int column);
  void rewind() { row_ = begin_; }
  void advance() { ++row_; }
  bool at_end() const { return row_ >= end_; }
  const std::string& declaration() const { return declaration_; }

 private:
  struct Column {
    Field field;
    bool hidden = false;
    ColumnRef values{};
    std::string text{};  // of the row in hand, where the value is not text already
  };
  void give_decimal(sqlite3_context* to, Column& from);
  void refuse(sqlite3_context* to, const Column& from, const char* code, const std::string& what);

  MemoryDatabase& db_;
  std::string declaration_;
  std::vector<Column> columns_;
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int64_t row_ = kBefore;
};

}  // namespace chunkmill::select
