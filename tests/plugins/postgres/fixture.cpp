#include "fixture.hpp"

#include <algorithm>

namespace chunkmill::postgres {

Map writing(const Database& database, const std::string& table, Map more) {
  Map options = database.options({{"table", table}});
  for (auto& entry : more) options.push_back(std::move(entry));
  return options;
}

std::vector<int64_t> rows_of(const std::vector<BadRow>& bad) {
  std::vector<int64_t> rows;
  for (const BadRow& row : bad) rows.push_back(row.row);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace chunkmill::postgres
