// A batch as the client library binds it to a statement: each column as an array of values, which
// are read where Arrow keeps them as far as their form is the same.
//
// Ownership: show() borrows the batch until the next one. Threads: one at a time.
#pragma once

#include <mysql.h>

#include <string>
#include <vector>

#include "chunkmill/batch.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::mysql {

// One column of the batch in hand.
class BatchColumn {
 public:
  BatchColumn(const Field& field, size_t source) : field_(field), source_(source) {}

  void show(const Batch& batch);
  // For an array of parameters that begins at `row`.
  MYSQL_BIND array_from(int64_t row);
  // For one parameter.
  MYSQL_BIND cell(int64_t row);
  // Bytes that rows [begin, end) take in a packet, at most.
  uint64_t packet_bytes(int64_t begin, int64_t end) const;

 private:
  void show_nulls(int64_t rows);
  void show_text(int64_t rows);
  void show_bits(int64_t rows);
  void show_dates(int64_t rows);
  void show_decimals(int64_t rows);

  Field field_;
  size_t source_;
  ColumnRef values_;
  std::vector<char> indicators_;       // of each row; empty where none is null
  std::vector<const void*> pointers_;  // to values that have no fixed width
  std::vector<unsigned long> lengths_;
  std::vector<int8_t> bits_;
  std::vector<MYSQL_TIME> times_;
  std::string digits_;  // of all decimals, one after the other
};

class BatchColumns {
 public:
  explicit BatchColumns(const sql::Target& target);

  void show(const Batch& batch);
  // What a statement's parameters are bound to for rows from `row` on.
  std::vector<MYSQL_BIND> arrays_from(int64_t row);
  // Appends the parameters of one row.
  void append_cells(int64_t row, std::vector<MYSQL_BIND>* out);
  uint64_t packet_bytes(int64_t begin, int64_t end) const;
  size_t size() const { return columns_.size(); }

 private:
  std::vector<BatchColumn> columns_;
};

}  // namespace chunkmill::mysql
