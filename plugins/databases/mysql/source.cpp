#include "plugins/databases/mysql/source.hpp"

#include "plugins/databases/mysql/column_types.hpp"

namespace chunkmill::mysql {

// Where it comes to the same as when the host casts.
bool MysqlSource::reads_as(const sql::SourceColumn& column, const Field& wanted) const {
  if (column.field.same_type(wanted)) return true;
  switch (carried(column)) {
    case Carried::kInteger:
    case Carried::kUnsigned:
      return column.field.type != Type::kBool &&
             (wanted.type == Type::kInt32 || wanted.type == Type::kInt64);
    case Carried::kDecimal:
      return wanted.type == Type::kFloat64;
    default:
      return false;
  }
}

}  // namespace chunkmill::mysql
