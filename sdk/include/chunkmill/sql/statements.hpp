// SQL text for a target: CREATE TABLE, what follows INSERT for an upsert, and whether a table that
// is there can take the target's rows.
#pragma once

#include <string>

#include "chunkmill/sql/dialect.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::sql {

// CREATE TABLE `name` with the target's columns in the stream's order. Key columns take no NULL:
// two NULLs would be two rows.
inline std::string create_table(const Target& target, const std::string& name,
                                const Dialect& dialect) {
  std::string sql = "CREATE TABLE " + dialect.quote(name) + " (";
  for (size_t i = 0; i < target.fields.size(); ++i) {
    const Field& field = target.fields[i];
    sql += (i == 0 ? "" : ", ") + dialect.quote(field.name) + " " +
           (target.is_key(i) ? dialect.key_column_type(field) : dialect.column_type(field));
    if (!field.nullable || target.is_key(i)) sql += " NOT NULL";
  }
  if (!target.key.empty())
    sql += ", PRIMARY KEY (" + dialect.quote_list(target.names(target.key)) + ")";
  return sql + ")";
}

// " ON CONFLICT ..." for an upsert as SQLite and PostgreSQL have it; nothing for the other modes.
// Where one side of an added column is NULL, the other one stands.
inline std::string on_conflict(const Target& target, const Dialect& dialect) {
  if (target.mode != Mode::kUpsert) return "";
  std::string updates;
  for (size_t i = 0; i < target.fields.size(); ++i) {
    if (target.is_key(i)) continue;
    const std::string column = dialect.quote(target.fields[i].name);
    const std::string mine = "excluded." + column;
    const std::string theirs = dialect.quote(target.written_table()) + "." + column;
    const bool adds = std::find(target.add.begin(), target.add.end(), i) != target.add.end();
    updates += (updates.empty() ? "" : ", ") + column + " = ";
    updates += adds ? "coalesce(" + dialect.sum(target.fields[i], theirs, mine) + ", " + theirs +
                          ", " + mine + ")"
                    : mine;
  }
  return " ON CONFLICT (" + dialect.quote_list(target.names(target.key)) + ")" +
         (updates.empty() ? " DO NOTHING" : " DO UPDATE SET " + updates);
}

namespace detail {
inline const ExistingColumn* find_column(const ExistingTable& table, const std::string& name,
                                         const Dialect& dialect) {
  for (const ExistingColumn& column : table.columns)
    if (dialect.same_name(column.name, name)) return &column;
  return nullptr;
}

// A key that rows already there do not have would tell none of them apart.
inline bool is_addable(const Target& target, const Field& field) {
  for (const size_t key : target.key)
    if (target.fields[key].name == field.name) return false;
  return true;
}

inline bool has_unique_key(const ExistingTable& table, const std::vector<std::string>& wanted,
                           const Dialect& dialect) {
  for (const std::vector<std::string>& key : table.unique_keys) {
    const bool all = std::all_of(key.begin(), key.end(), [&](const std::string& column) {
      return std::any_of(wanted.begin(), wanted.end(),
                         [&](const std::string& name) { return dialect.same_name(column, name); });
    });
    if (all && key.size() == wanted.size()) return true;
  }
  return false;
}
}  // namespace detail

// The target's columns that `table` lacks, as indexes of its fields.
inline std::vector<size_t> missing_columns(const Target& target, const ExistingTable& table,
                                           const Dialect& dialect) {
  std::vector<size_t> missing;
  for (size_t i = 0; i < target.fields.size(); ++i)
    if (detail::find_column(table, target.fields[i].name, dialect) == nullptr) missing.push_back(i);
  return missing;
}

// ALTER TABLE `name` ADD COLUMN: rows that are there have NULL in it.
inline std::string add_column(const Target& target, const std::string& name, size_t field,
                              const Dialect& dialect) {
  return "ALTER TABLE " + dialect.quote(name) + " ADD COLUMN " +
         dialect.quote(target.fields[field].name) + " " + dialect.column_type(target.fields[field]);
}

// Throws Error(CM_INVALID) that names every column of `table` that cannot take the target's rows.
inline void match_table(const Target& target, const ExistingTable& table, const Dialect& dialect) {
  std::string faults;
  const auto fault = [&](const std::string& column, const std::string& why) {
    faults += "; column \"" + column + "\": " + why;
  };
  std::vector<std::string> names;
  names.reserve(table.columns.size());
  for (const ExistingColumn& column : table.columns) names.push_back(column.name);
  for (const Field& field : target.fields) {
    const ExistingColumn* column = detail::find_column(table, field.name, dialect);
    if (column == nullptr && target.evolve == Evolve::kAddColumns &&
        detail::is_addable(target, field)) {
      continue;
    }
    if (column == nullptr) {
      const std::string near = nearest(field.name, names);
      fault(field.name,
            "the table has no such column" +
                (near.empty() ? "; leave it out with `columns`, add it to the table, or say "
                                "`evolve: add_columns`"
                              : "; did you mean \"" + near + "\"?"));
    } else if (column->generated) {
      fault(field.name, "it is computed by the database; leave it out with `columns`");
    } else if (const std::string why = dialect.mismatch(field, *column); !why.empty()) {
      fault(field.name, why);
    }
  }
  for (const ExistingColumn& column : table.columns) {
    if (!column.not_null || column.has_default || column.generated) continue;
    const bool written =
        std::any_of(target.fields.begin(), target.fields.end(),
                    [&](const Field& field) { return dialect.same_name(field.name, column.name); });
    if (!written)
      fault(column.name, "it is NOT NULL without a default, and the stream has no such column");
  }
  const std::vector<std::string> key = target.names(target.key);
  if (target.mode == Mode::kUpsert && !detail::has_unique_key(table, key, dialect))
    faults +=
        "; upsert needs a primary key or unique index on exactly (" + dialect.quote_list(key) + ")";
  if (!faults.empty())
    throw Error(CM_INVALID, "table \"" + target.table + "\" does not fit: " + faults.substr(2))
        .at(target.table);
}

}  // namespace chunkmill::sql
