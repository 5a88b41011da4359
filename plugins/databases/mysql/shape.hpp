// What a table looks like. Threads: the connection's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sql/dialect.hpp"
#include "plugins/databases/mysql/connection.hpp"

namespace chunkmill::mysql {

struct TableColumn {
  std::string name;
  std::string type;  // "decimal(10,2) unsigned"
  bool not_null = false;
  bool has_default = false;
  bool generated = false;
  bool counts_up = false;  // AUTO_INCREMENT
};

struct Index {
  std::string name;  // of the primary key: PRIMARY
  std::vector<std::string> columns;
  bool is_unique = false;
  bool is_plain = true;  // of whole columns, not of prefixes or expressions
};

// The columns of a table or view in their order; nothing where there is none of that name.
std::optional<std::vector<TableColumn>> read_columns(sql::Connection& db, const std::string& table);

std::vector<Index> read_indexes(sql::Connection& db, const std::string& table);

// As a sink needs it. Throws Error(CM_UNSUPPORTED) for a view, and for a table whose storage engine
// has no transactions.
std::optional<sql::ExistingTable> read_shape(sql::Connection& db, const std::string& table);

}  // namespace chunkmill::mysql
