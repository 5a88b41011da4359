// SQL text for reading: SELECTs in key order, never with OFFSET. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/sql/dialect.hpp"
#include "chunkmill/sql/source_dialect.hpp"

namespace chunkmill::sql {

// Writes the statements over one table or query.
class SourceStatements {
 public:
  // `from` is what stands behind FROM, `qualifier` what its columns are qualified by: a column of
  // the user's condition and one of another table must not be mixed up, nor a column and an
  // expression in the SELECT list that has its name. Both dialects outlive it.
  SourceStatements(const Dialect& dialect, const SourceDialect& source, std::string from,
                   std::string qualifier)
      : dialect_(&dialect),
        source_(&source),
        from_(std::move(from)),
        qualifier_(std::move(qualifier)) {}

  std::string column(const std::string& name) const {
    return qualifier_ + "." + dialect_->quote(name);
  }
  std::string columns(const std::vector<std::string>& names) const {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + column(name);
    return list;
  }

  // SELECT of all columns of `columns`, in their order; `limit` 0: all rows.
  std::string select(const ReadColumns& columns, const std::vector<std::string>& conditions,
                     uint64_t limit) const {
    std::string sql = "SELECT ";
    for (size_t i = 0; i < columns.all.size(); ++i) {
      const SourceColumn& one = columns.all[i];
      sql += (i == 0 ? "" : ", ") + source_->read_expression(one, column(one.field.name));
    }
    sql += " FROM " + from_ + where(conditions);
    for (size_t i = 0; i < columns.order.size(); ++i)
      sql += (i == 0 ? " ORDER BY " : ", ") + column(columns.all[columns.order[i]].field.name);
    if (limit > 0) sql += " LIMIT " + std::to_string(limit);
    return sql;
  }

  // The rows behind a key.
  std::string after(const ReadColumns& columns, const KeyText& key) const {
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (size_t i = 0; i < key.size(); ++i) {
      const SourceColumn& one = columns.all[columns.order[i]];
      names.push_back(column(one.field.name));
      values.push_back(source_->literal(one, key[i]));
    }
    if (names.size() == 1) return names[0] + " > " + values[0];
    if (source_->compares_rows()) return "(" + join(names) + ") > (" + join(values) + ")";
    return expanded(names, values);
  }

  // The rows up to a key that have the same first value.
  std::string tied_with(const ReadColumns& columns, const KeyText& key) const {
    const SourceColumn& first = columns.all[columns.order[0]];
    const std::string same =
        column(first.field.name) + " = " + source_->literal(first, key.front());
    return key.size() == 1 ? same : same + " AND NOT (" + after(columns, key) + ")";
  }

  // The rows of a range: from its begin on, and up to its end.
  std::string from(const SourceColumn& split, const KeyRange& range) const {
    return column(split.field.name) + " >= " + source_->bound(split, range.begin);
  }
  std::vector<std::string> up_to(const SourceColumn& split, const KeyRange& range) const {
    if (!range.end) return {};
    return {column(split.field.name) + " < " + source_->bound(split, *range.end)};
  }

  // The rows that have one of the keys.
  std::string among(const ReadColumns& columns, const std::vector<KeyText>& keys) const {
    std::string sql;
    for (const KeyText& key : keys) {
      std::string one;
      for (size_t i = 0; i < key.size(); ++i) {
        const SourceColumn& part = columns.all[columns.order[i]];
        one += (i == 0 ? "" : " AND ") + column(part.field.name) + " = " +
               source_->literal(part, key[i]);
      }
      sql += (sql.empty() ? "(" : " OR ") + ("(" + one + ")");
    }
    return sql + ")";
  }

  // The rows that have none in `results` (quoted) under the same key.
  std::string without(const std::string& results, const std::vector<std::string>& key,
                      const std::vector<std::string>& results_key) const {
    std::string sql = "NOT EXISTS (SELECT 1 FROM " + results + " AS chunkmill_results WHERE ";
    for (size_t i = 0; i < key.size(); ++i)
      sql += (i == 0 ? "" : " AND ") + ("chunkmill_results." + dialect_->quote(results_key[i])) +
             " = " + column(key[i]);
    return sql + ")";
  }

  // Smallest and largest value, each found by itself, as indexes find them.
  std::string extremes(const std::string& name) const {
    const std::string list = column(name);
    return "SELECT (SELECT min(" + list + ") FROM " + from_ + "), (SELECT max(" + list + ") FROM " +
           from_ + ")";
  }
  // One value of each spelling, of two at most. `spelling`: source_dialect.hpp.
  std::string spellings(const std::string& spelling, const std::string& name,
                        const std::vector<std::string>& conditions) const {
    std::vector<std::string> all = conditions;
    all.push_back("(" + spelling + ") IS NOT NULL");
    return "SELECT min(" + column(name) + ") FROM " + from_ + where(all) + " GROUP BY " + spelling +
           " LIMIT 2";
  }
  // How many rows there are that have no value in one of the columns.
  std::string count_nulls(const std::vector<std::string>& names,
                          const std::vector<std::string>& conditions) const {
    std::vector<std::string> all = conditions;
    all.push_back("(" + any_null(names) + ")");
    return "SELECT count(*) FROM " + from_ + where(all);
  }
  std::string one_with_null(const std::vector<std::string>& shown,
                            const std::vector<std::string>& names,
                            const std::vector<std::string>& conditions) const {
    std::vector<std::string> all = conditions;
    all.push_back("(" + any_null(names) + ")");
    return "SELECT " + columns(shown) + " FROM " + from_ + where(all) + " LIMIT 1";
  }
  // A key that several rows have, and how many.
  std::string one_duplicate(const std::vector<std::string>& key,
                            const std::vector<std::string>& conditions) const {
    const std::string list = columns(key);
    return "SELECT " + list + ", count(*) FROM " + from_ + where(conditions) + " GROUP BY " + list +
           " HAVING count(*) > 1 LIMIT 1";
  }

 private:
  static std::string join(const std::vector<std::string>& parts) {
    std::string list;
    for (const std::string& part : parts) list += (list.empty() ? "" : ", ") + part;
    return list;
  }

  static std::string where(const std::vector<std::string>& conditions) {
    std::string sql;
    for (const std::string& condition : conditions)
      sql += (sql.empty() ? " WHERE " : " AND ") + condition;
    return sql;
  }

  // a >= 1 AND (a > 1 OR (a = 1 AND (b > 2 OR (b = 2 AND c > 3)))): the first part is for the
  // index.
  static std::string expanded(const std::vector<std::string>& names,
                              const std::vector<std::string>& values) {
    std::string sql = names.back() + " > " + values.back();
    for (size_t i = names.size() - 1; i-- > 0;)
      sql = "(" + names[i] + " > " + values[i] + " OR (" + names[i] + " = " + values[i] + " AND " +
            sql + "))";
    return names[0] + " >= " + values[0] + " AND " + sql;
  }

  std::string any_null(const std::vector<std::string>& names) const {
    std::string sql;
    for (const std::string& name : names)
      sql += (sql.empty() ? "" : " OR ") + column(name) + " IS NULL";
    return sql;
  }

  const Dialect* dialect_;
  const SourceDialect* source_;
  std::string from_;
  std::string qualifier_;
};

}  // namespace chunkmill::sql
