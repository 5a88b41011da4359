#include "plugins/databases/postgres/source.hpp"

namespace chunkmill::postgres {

void PostgresSource::configure(Options& opt) {
  database_.options().configure(opt);
  opt.optional("time_zone", database_.settings().time_zone,
               "what timestamps without a time zone mean: UTC, Europe/Berlin, ...");
  configure_rows(opt);
  if (opt.describing()) return;
  // One snapshot for all pages would be the long transaction that they are to avoid.
  uint64_t page_rows = 0;
  opt.optional("page_rows", page_rows, "");
  database_.shares_snapshot = page_rows == 0;
}

bool PostgresSource::reads_as(const sql::SourceColumn& column, const Field& wanted) const {
  return SqlSource::reads_as(column, wanted) ||
         (column.field.type == Type::kInt32 && wanted.type == Type::kInt64);
}

}  // namespace chunkmill::postgres
