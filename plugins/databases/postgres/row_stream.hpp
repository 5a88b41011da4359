// A SELECT whose rows come as a binary COPY, one by one, into Arrow columns.
#pragma once

#include <string>
#include <string_view>

#include "chunkmill/sql/source_rows.hpp"
#include "plugins/databases/postgres/connection.hpp"

namespace chunkmill::postgres {

// Appends one row of a binary COPY, as it lies between two messages of the server. Throws
// Error(CM_INTERNAL) for bytes that are no such row.
class RowDecoder {
 public:
  // `check_text`: the server does not know that its text is UTF-8.
  explicit RowDecoder(bool check_text) : check_text_(check_text) {}
  void append(std::string_view row, sql::RowOutput& out) const;

 private:
  void append_value(size_t column, std::string_view bytes, sql::RowOutput& out) const;
  static void append_double(size_t column, double value, sql::RowOutput& out);
  static void append_numeric(size_t column, std::string_view bytes, sql::RowOutput& out);
  void append_text(size_t column, std::string_view bytes, sql::RowOutput& out) const;

  bool check_text_;
};

class PostgresRowStream final : public sql::RowStream {
 public:
  // `connection` outlives it. Throws Error.
  PostgresRowStream(Connection& connection, const std::string& select, bool check_text);
  PostgresRowStream(const PostgresRowStream&) = delete;
  PostgresRowStream& operator=(const PostgresRowStream&) = delete;
  ~PostgresRowStream() override { connection_.stop_copy_out(); }
  bool next(sql::RowOutput& out) override;

 private:
  Connection& connection_;
  RowDecoder decoder_;
  bool is_first_ = true;
};

}  // namespace chunkmill::postgres
