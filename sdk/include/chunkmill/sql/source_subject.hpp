// What a SQL source reads: its options resolved against the database, and the faults of doing so.
//
// Failure: Error at the job's option that is to blame. Threads: any, once made.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/nearest.hpp"
#include "chunkmill/sql/source_database.hpp"
#include "chunkmill/sql/source_options.hpp"
#include "chunkmill/sql/source_statements.hpp"

namespace chunkmill::sql {

// Runs `call` and lays what the job file is to blame for at `option`.
template <typename F>
auto blame(std::string_view option, F&& call) {
  try {
    return call();
  } catch (Error& error) {
    if (error.code() == CM_INVALID || error.code() == CM_NOT_FOUND) error.at(option);
    throw;
  }
}

class SourceSubject {
 public:
  SourceSubject(SourceDatabase& database, Connection& db, const SourceOptions& options);

  const SourceStatements& statements() const { return *statements_; }
  const std::optional<SourceTable>& table() const { return table_; }
  // "table \"orders\"", "the query"
  const std::string& name() const { return name_; }
  // What batches may hold, in order.
  const std::vector<SourceColumn>& columns() const { return columns_; }
  const std::vector<std::string>& key() const { return key_; }
  // The column whose ranges are the splits; nothing: it is read in one piece.
  const std::optional<SourceColumn>& split_by() const { return split_by_; }
  // What orders the rows: the key, behind the cursor or the column that ranges are cut by.
  std::vector<std::string> order(bool in_ranges) const;
  // How the batch columns `wanted` are read in that order.
  ReadColumns read(std::vector<SourceColumn> wanted, const std::vector<std::string>& order) const;
  // The job's own condition, if any.
  std::vector<std::string> conditions() const;
  // A column of the table or query, whether batches hold it or not; throws where there is none.
  const SourceColumn& column(const std::string& name, std::string_view option) const;
  bool cannot_be_null(const std::string& column) const {
    return table_ && contains(table_->not_null, column);
  }

  static bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

 private:
  void find_table(Connection& db);
  void describe(Connection& db);
  void choose_columns();
  void choose_key();
  void choose_split();
  void check_order_column(const std::string& name, std::string_view option) const;
  std::vector<std::string> column_names() const;

  SourceDatabase& database_;
  const SourceOptions& options_;
  std::string name_;
  std::optional<SourceTable> table_;
  std::optional<SourceStatements> statements_;
  std::vector<SourceColumn> described_;
  std::vector<SourceColumn> columns_;
  std::vector<std::string> key_;
  std::optional<SourceColumn> split_by_;
};

inline SourceSubject::SourceSubject(SourceDatabase& database, Connection& db,
                                    const SourceOptions& options)
    : database_(database),
      options_(options),
      name_(options.is_table() ? "table \"" + options.table + "\"" : "the query") {
  if (options_.is_table()) {
    find_table(db);
    statements_.emplace(database.dialect(), database.source_dialect(), table_->sql, table_->sql);
  } else {
    constexpr const char* kAlias = "chunkmill_rows";
    // The line feeds keep a comment at the query's end from going on.
    statements_.emplace(database.dialect(), database.source_dialect(),
                        "(" + std::string(kJobText) + options_.query + "\n) AS " + kAlias, kAlias);
  }
  describe(db);
  choose_columns();
  choose_key();
  choose_split();
}

inline void SourceSubject::find_table(Connection& db) {
  table_ = blame("table", [&] { return database_.read_table(db, options_.table); });
  if (table_) return;
  const std::string near = nearest(options_.table, database_.table_names(db));
  throw Error(CM_NOT_FOUND, "there is no table \"" + options_.table + "\" in " + database_.place() +
                                (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
      .at("table");
}

inline void SourceSubject::describe(Connection& db) {
  const std::string all = options_.is_table() ? "SELECT * FROM " + table_->sql : options_.query;
  described_ = blame(options_.subject_option(), [&] { return database_.describe(db, all); });
  if (!options_.where.empty())
    blame("where", [&] { database_.describe(db, all + " WHERE " + conditions().front()); });
  for (size_t i = 0; i < described_.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (database_.dialect().same_name(described_[i].field.name, described_[j].field.name))
        throw Error(CM_INVALID, "two columns are called \"" + described_[i].field.name +
                                    "\"; give one of them another name with AS")
            .at(options_.subject_option());
}

inline std::vector<std::string> SourceSubject::column_names() const {
  std::vector<std::string> names;
  for (const SourceColumn& column : described_) names.push_back(column.field.name);
  return names;
}

inline const SourceColumn& SourceSubject::column(const std::string& name,
                                                 std::string_view option) const {
  for (const SourceColumn& column : described_)
    if (column.field.name == name) return column;
  const std::string near = nearest(name, column_names());
  std::string message = name_ + " has no column \"" + name + "\"";
  if (!near.empty()) {
    message += "; did you mean \"" + near + "\"?";
  } else {
    message += "; it has ";
    for (const SourceColumn& column : described_)
      message += (&column == &described_.front() ? "" : ", ") + column.field.name;
  }
  throw Error(CM_NOT_FOUND, message).at(option);
}

inline void SourceSubject::choose_columns() {
  columns_ = described_;
  if (!options_.columns.empty()) {
    columns_.clear();
    for (const std::string& name : options_.columns) {
      for (const SourceColumn& earlier : columns_)
        if (earlier.field.name == name)
          throw Error(CM_INVALID, "column \"" + name + "\" is named twice").at("columns");
      columns_.push_back(column(name, "columns"));
    }
  }
  std::string faults;
  for (const SourceColumn& column : columns_)
    if (!column.fault.empty())
      faults += "; column \"" + column.field.name + "\" (" + column.declared + "): " + column.fault;
  if (!faults.empty())
    throw Error(CM_INVALID, name_ + " has columns that cannot be read as they are" + faults +
                                "; or name the columns that are needed in `columns`")
        .at(options_.columns.empty() ? options_.subject_option() : "columns");
}

inline void SourceSubject::check_order_column(const std::string& name,
                                              std::string_view option) const {
  const SourceColumn& one = column(name, option);
  if (!one.fault.empty())
    throw Error(CM_INVALID, "column \"" + name + "\" (" + one.declared + "): " + one.fault)
        .at(option);
  if (one.field.type == Type::kFloat64 || one.field.type == Type::kBool)
    throw Error(CM_INVALID, "column \"" + name + "\" is a " + one.field.type_text() +
                                ", which orders rows badly; name columns of whole numbers, text, "
                                "dates, timestamps or decimals")
        .at(option);
}

inline void SourceSubject::choose_key() {
  key_ = options_.key;
  if (key_.empty() && table_) key_ = table_->primary_key;
  if (key_.empty())
    throw Error(CM_INVALID,
                (table_ ? name_ + " has no primary key: name the columns that tell its rows apart"
                        : std::string("a query has no primary key: name the columns that tell its "
                                      "rows apart")) +
                    " and are never NULL, like `key: [id]`; a run resumes behind the last key")
        .at(options_.key.empty() ? options_.subject_option() : options_.key_option);
  for (size_t i = 0; i < key_.size(); ++i) {
    check_order_column(key_[i], options_.key.empty() ? "table" : options_.key_option.c_str());
    if (std::find(key_.begin(), key_.begin() + static_cast<std::ptrdiff_t>(i), key_[i]) !=
        key_.begin() + static_cast<std::ptrdiff_t>(i))
      throw Error(CM_INVALID, "column \"" + key_[i] + "\" is named twice").at(options_.key_option);
  }
  const IncrementalOptions& incremental = options_.incremental;
  if (!incremental.given()) return;
  check_order_column(incremental.cursor, "incremental.cursor");
  const Field& cursor = column(incremental.cursor, "incremental.cursor").field;
  if (incremental.lag.ms != 0 && cursor.type != Type::kTimestamp)
    throw Error(CM_INVALID, "it needs a cursor that is a timestamp; \"" + incremental.cursor +
                                "\" is a " + cursor.type_text())
        .at("incremental.lag");
}

inline void SourceSubject::choose_split() {
  if (options_.incremental.given()) return;
  if (!options_.split_by.empty()) {
    const SourceColumn& found = column(options_.split_by, "split_by");
    if (!can_split_by(found.field.type) || !found.fault.empty())
      throw Error(CM_INVALID, "column \"" + options_.split_by + "\" is a " + found.declared +
                                  "; ranges are cut by whole numbers, dates and timestamps. Name "
                                  "another column, or leave `split_by` out")
          .at("split_by");
    split_by_ = found;
  } else if (table_) {
    // A query is run once for each range, which only its author can know to be cheap.
    const SourceColumn& first = column(key_.front(), options_.key_option);
    if (can_split_by(first.field.type)) split_by_ = first;
  }
  if (!split_by_ && options_.split_width != 0)
    throw Error(CM_INVALID, "there is nothing to cut into ranges: name a column in `split_by`")
        .at("split_width");
}

inline std::vector<std::string> SourceSubject::order(bool in_ranges) const {
  std::vector<std::string> names;
  if (options_.incremental.given()) names.push_back(options_.incremental.cursor);
  if (in_ranges && split_by_) names.push_back(split_by_->field.name);
  for (const std::string& name : key_)
    if (!contains(names, name)) names.push_back(name);
  return names;
}

inline ReadColumns SourceSubject::read(std::vector<SourceColumn> wanted,
                                       const std::vector<std::string>& order) const {
  ReadColumns out{std::move(wanted), 0, {}};
  out.batch_columns = out.all.size();
  for (const std::string& name : order) {
    const SourceColumn as_key =
        database_.source_dialect().key_column(column(name, options_.key_option));
    size_t i = 0;
    while (i < out.all.size() &&
           !(out.all[i].field.name == name && out.all[i].field.same_type(as_key.field)))
      ++i;
    if (i == out.all.size()) out.all.push_back(as_key);
    out.order.push_back(i);
  }
  return out;
}

inline std::vector<std::string> SourceSubject::conditions() const {
  if (options_.where.empty()) return {};
  return {"(" + std::string(kJobText) + options_.where + "\n)"};
}

}  // namespace chunkmill::sql
