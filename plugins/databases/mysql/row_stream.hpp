// A SELECT whose rows come one by one as the server sends them: no more than one row is in memory
// beside the batch.
//
// Ownership: ends before its connection. Threads: the connection's.
#pragma once

#include <mysql.h>

#include <string>
#include <vector>

#include "chunkmill/sql/source_rows.hpp"
#include "plugins/databases/mysql/column_types.hpp"
#include "plugins/databases/mysql/connection.hpp"
#include "plugins/databases/mysql/statement.hpp"

namespace chunkmill::mysql {

class MysqlRowStream final : public sql::RowStream {
 public:
  MysqlRowStream(Connection& connection, const std::string& select,
                 const sql::ReadColumns& columns);
  ~MysqlRowStream() override;

  bool next(sql::RowOutput& out) override;

 private:
  // Where the value of one column of the row in hand is put.
  struct Cell {
    Carried how = Carried::kText;
    int64_t number = 0;
    double real = 0;
    float single = 0;
    MYSQL_TIME time{};
    std::vector<char> bytes;
    unsigned long size = 0;
    my_bool is_null = 0;
    my_bool is_cut = 0;

    MYSQL_BIND bind();
    bool is_text() const;
    std::string_view text() const { return {bytes.data(), size}; }
  };

  // False at the end.
  bool fetch();
  void fetch_what_was_cut();
  // Returns the bytes that it takes.
  size_t append(size_t i, sql::RowOutput& out);
  [[noreturn]] void fail();

  Connection& connection_;
  Statement statement_;
  std::vector<Cell> cells_;
  std::vector<MYSQL_BIND> binds_;
  bool ended_ = false;
  bool failed_ = false;  // to the client library that is the same as the end
};

}  // namespace chunkmill::mysql
