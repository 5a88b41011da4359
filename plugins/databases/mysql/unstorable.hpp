// Values that MariaDB would change in silence, or that mean something else to it: found before
// they are sent.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chunkmill/batch.hpp"
#include "chunkmill/sql/table_writer.hpp"
#include "chunkmill/sql/tables.hpp"
#include "plugins/databases/mysql/shape.hpp"

namespace chunkmill::mysql {

class Unstorable {
 public:
  using Report = std::function<void(const sql::BadRow&)>;

  // `columns` are those of the table that is written to.
  Unstorable(const sql::Target& target, const std::vector<TableColumn>& columns);

  // Reports rows in no particular order, some more than once.
  void find(const Batch& batch, const Report& report) const;

 private:
  struct Column {
    Field field;
    size_t source = 0;
    bool is_upsert_key = false;
    bool drops_spaces = false;       // CHAR: those at the end
    bool is_set = false;             // SET: of several words with commas between them
    int64_t finest_micros = 1;       // what the column's values are multiples of
    std::vector<std::string> words;  // of an ENUM or SET, sorted
  };

  static void find_other_words(const Batch& batch, const Column& column, const Report& report);

  std::vector<Column> columns_;
};

}  // namespace chunkmill::mysql
