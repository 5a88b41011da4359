#include "fixture.hpp"

#include <algorithm>

namespace chunkmill::postgres {

Map writing(const Database& database, const std::string& table, Map more) {
  Map options = database.options({{"table", table}});
  for (auto& entry : more) options.push_back(std::move(entry));
  return options;
}

Schema people() { return Schema{{Field{"id", Type::kInt64, false}, Field{"name", Type::kUtf8}}}; }

Rows people_rows(const std::vector<CellRow>& rows) { return Rows(people(), rows); }

std::vector<int64_t> rows_of(const std::vector<BadRow>& bad) {
  std::vector<int64_t> rows;
  for (const BadRow& row : bad) rows.push_back(row.row);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace chunkmill::postgres
