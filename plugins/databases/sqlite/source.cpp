#include "plugins/databases/sqlite/source.hpp"

namespace chunkmill::sqlite {

void SqliteSource::configure(Options& opt) {
  Path path;
  Duration busy_timeout{10'000};
  std::map<std::string, std::string> types;
  opt.required("path", path, "the database file");
  configure_rows(opt);
  opt.optional("types", types,
               "types of columns by name, where the declared one is missing or not what is meant: "
               "string, int32, int64, float, bool, binary, date, timestamp, decimal(18,2)");
  opt.optional("busy_timeout", busy_timeout, "how long to wait for another connection's lock");
  if (opt.describing()) return;
  database_.path = path.value;
  database_.busy_ms = busy_timeout.ms;
  for (const auto& [name, type] : types) {
    Field field{name};
    if (!type_from_name(type, &field))
      throw Error(CM_INVALID, "\"" + type +
                                  "\" is not a type; there are string, int32, int64, float, bool, "
                                  "binary, date, timestamp and decimal(precision,scale)")
          .at("types." + name);
    database_.types.emplace(name, field);
  }
}

Schema SqliteSource::schema() {
  Schema schema = SqlSource::schema();
  for (const auto& [name, field] : database_.types) column(name, "types." + name);
  return schema;
}

// Where it comes to the same as when the host casts.
bool SqliteSource::reads_as(const sql::SourceColumn& column, const Field& wanted) const {
  if (column.field.same_type(wanted)) return true;
  if (column.field.type == Type::kInt64)
    return wanted.type == Type::kInt32 || wanted.type == Type::kFloat64;
  return column.field.type == Type::kUtf8 && wanted.type != Type::kBinary;
}

}  // namespace chunkmill::sqlite
