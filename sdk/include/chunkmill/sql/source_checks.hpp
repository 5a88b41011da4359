// What is looked at before rows are read: keys that are no keys, values that are missing, indexes
// that would help.
//
// Failure: Error(CM_INVALID) at the job's option, with an example row. Threads: [control].
#pragma once

#include <string>
#include <vector>

#include "chunkmill/host.hpp"
#include "chunkmill/sql/source_subject.hpp"

namespace chunkmill::sql {

class SourceChecks {
 public:
  SourceChecks(const SourceSubject& subject, const SourceOptions& options, SourceDatabase& database,
               Connection& db, const Host& host)
      : subject_(subject), options_(options), database_(database), db_(db), host_(host) {}

  // A unique index over columns that cannot be NULL proves the key; else queries do.
  void check_key() const {
    std::vector<std::string> nullable;
    for (const std::string& name : subject_.key())
      if (!subject_.cannot_be_null(name)) nullable.push_back(name);
    if (!nullable.empty()) refuse_nulls(nullable, options_.key_option);
    if (!is_proven_unique()) refuse_duplicates();
  }

  void check_split() const {
    const std::string& name = subject_.split_by()->field.name;
    if (subject_.cannot_be_null(name) || SourceSubject::contains(subject_.key(), name)) return;
    refuse_nulls({name}, options_.split_by.empty() ? options_.key_option : "split_by");
  }

  // Rows without a cursor are in no order; they are left out, and it is said.
  void warn_of_null_cursors() const {
    const std::string& cursor = options_.incremental.cursor;
    if (subject_.cannot_be_null(cursor)) return;
    const std::vector<Values> row =
        db_.all(subject_.statements().count_nulls({cursor}, subject_.conditions()), {});
    const int64_t count = std::get<int64_t>(row.at(0).at(0));
    if (count == 0) return;
    host_.warn(subject_.name() + ": " + std::to_string(count) +
               (count == 1 ? " row has" : " rows have") + " no value (NULL) in \"" + cursor +
               "\" and " + (count == 1 ? "is" : "are") + " not read before " +
               (count == 1 ? "it has" : "they have") + " one, like the row with " +
               example({cursor}, subject_.conditions()) + "; fill the column, or read coalesce(" +
               cursor + ", ...) AS " + cursor + " with `query`");
  }

  // A cursor is compared as the database compares it: where that is not the order of times, rows
  // would be passed over.
  void check_spelling_of_cursor() const {
    const std::string& cursor = options_.incremental.cursor;
    const SourceColumn& column = subject_.column(cursor, "incremental.cursor");
    const std::string spelling =
        database_.source_dialect().spelling(column, subject_.statements().column(cursor));
    if (spelling.empty()) return;
    const std::vector<Values> rows =
        db_.all(subject_.statements().spellings(spelling, cursor, subject_.conditions()), {});
    if (rows.size() < 2) return;
    throw Error(CM_INVALID,
                subject_.name() + ": column \"" + cursor + "\" spells times in two ways, like " +
                    shown_value(rows[0][0]) + " and " + shown_value(rows[1][0]) +
                    ": they are in another order as texts than as times, and rows would "
                    "be passed over; bring them to one spelling with UPDATE, or read "
                    "strftime('%Y-%m-%d %H:%M:%f', " +
                    cursor + ") AS " + cursor + " with `query` and `types: {" + cursor +
                    ": timestamp}`")
        .at("incremental.cursor");
  }

  void warn_of_missing_indexes() const {
    if (!subject_.table()) return;
    const std::vector<std::string> order = subject_.order(true);
    for (const SourceTable::Index& index : subject_.table()->indexes)
      if (index.columns.front() == order.front()) return;
    host_.warn(subject_.name() + " has no index that begins with \"" + order.front() +
               "\", so that it is sorted as a whole before the first row; make one: " +
               create_index(options_.table, subject_.table()->sql, order));
  }

  // Nothing where the results table is not there yet; the columns of its key are checked.
  std::optional<std::string> pending_condition(bool with_warnings) const {
    const PendingOptions& pending = options_.pending;
    const std::vector<std::string> key = pending.key.empty() ? subject_.key() : pending.key;
    const std::vector<std::string> results_key =
        pending.results_key.empty() ? key : pending.results_key;
    for (const std::string& name : key) subject_.column(name, "pending.key");
    if (key.size() != results_key.size())
      throw Error(CM_INVALID, "it must have as many columns as the key, which has " +
                                  std::to_string(key.size()))
          .at("pending.results_key");
    const std::optional<SourceTable> results =
        blame("pending.results", [&] { return database_.read_table(db_, pending.results); });
    if (!results) return std::nullopt;
    check_results(database_.describe(db_, "SELECT * FROM " + results->sql), results_key);
    if (with_warnings && !covers(*results, results_key))
      host_.warn("table \"" + pending.results +
                 "\" has no index on the key of its rows, so that looking for what is pending "
                 "takes long; make one: " +
                 create_index(pending.results, results->sql, results_key));
    const std::string condition = subject_.statements().without(results->sql, key, results_key);
    // Two columns that cannot be compared are told of here, not in the middle of the run.
    blame("pending.key", [&] {
      database_.describe(db_, subject_.statements().select(subject_.read({}, key), {condition}, 0));
    });
    return condition;
  }

 private:
  bool is_proven_unique() const {
    if (!subject_.table()) return false;
    for (const SourceTable::Index& index : subject_.table()->indexes) {
      bool proves = index.unique;
      for (const std::string& name : index.columns)
        proves = proves && SourceSubject::contains(subject_.key(), name) &&
                 subject_.cannot_be_null(name);
      if (proves) return true;
    }
    return false;
  }

  void refuse_nulls(const std::vector<std::string>& names, std::string_view option) const {
    const std::string row = example(names, subject_.conditions());
    if (row.empty()) return;
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "\"" : ", \"") + name + "\"";
    throw Error(CM_INVALID, subject_.name() + " has rows without a value (NULL) in " + list +
                                ", like the one with " + row +
                                "; such rows are in no order and would be lost: fill them, leave "
                                "them out with `where`, or name other columns in `" +
                                std::string(option) + "`")
        .at(option);
  }

  void refuse_duplicates() const {
    const std::vector<std::string>& key = subject_.key();
    const std::vector<Values> rows =
        db_.all(subject_.statements().one_duplicate(key, subject_.conditions()), {});
    if (rows.empty()) return;
    const auto* count = std::get_if<int64_t>(&rows[0].back());
    throw Error(CM_INVALID,
                "the key does not tell the rows of " + subject_.name() +
                    " apart: " + (count == nullptr ? "several" : std::to_string(*count)) +
                    " rows have " + shown(key, rows[0]) + "; name more columns in `" +
                    options_.key_option + "`, until no two rows are alike in all of them")
        .at(options_.key_option);
  }

  // A row with NULL in one of the columns, as text; empty if there is none.
  std::string example(const std::vector<std::string>& names,
                      const std::vector<std::string>& conditions) const {
    constexpr size_t kShown = 4;
    std::vector<std::string> list = names;
    for (const SourceColumn& column : subject_.columns())
      if (list.size() < kShown && !SourceSubject::contains(list, column.field.name))
        list.push_back(column.field.name);
    const std::vector<Values> rows =
        db_.all(subject_.statements().one_with_null(list, names, conditions), {});
    return rows.empty() ? "" : shown(list, rows[0]);
  }

  // id = 7, name = "x"
  static std::string shown(const std::vector<std::string>& names, const Values& values) {
    std::string text;
    for (size_t i = 0; i < names.size(); ++i) {
      text += (i == 0 ? "" : ", ") + names[i] + " = ";
      text += shown_value(values[i]);
    }
    return text;
  }
  static std::string shown_value(const Value& value) {
    constexpr size_t kLongest = 60;
    if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
    const auto* words = std::get_if<std::string>(&value);
    if (words == nullptr) return "NULL";
    return '"' + (is_utf8(*words) ? words->substr(0, kLongest) : "(bytes)") + '"';
  }

  void check_results(const std::vector<SourceColumn>& columns,
                     const std::vector<std::string>& results_key) const {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const SourceColumn& column : columns) names.push_back(column.field.name);
    for (const std::string& name : results_key) {
      const bool found = std::any_of(names.begin(), names.end(), [&](const std::string& there) {
        return database_.dialect().same_name(there, name);
      });
      if (found) continue;
      const std::string near = nearest(name, names);
      throw Error(CM_NOT_FOUND, "table \"" + options_.pending.results + "\" has no column \"" +
                                    name + "\"" +
                                    (near.empty() ? "; name its columns in `pending.results_key`"
                                                  : "; did you mean \"" + near + "\"?"))
          .at(options_.pending.results_key.empty() ? "pending.results" : "pending.results_key");
    }
  }

  // Whether an index begins with these columns, in any order.
  bool covers(const SourceTable& table, const std::vector<std::string>& names) const {
    return std::any_of(
        table.indexes.begin(), table.indexes.end(), [&](const SourceTable::Index& index) {
          if (index.columns.size() < names.size()) return false;
          return std::all_of(index.columns.begin(),
                             index.columns.begin() + static_cast<std::ptrdiff_t>(names.size()),
                             [&](const std::string& column) {
                               return std::any_of(
                                   names.begin(), names.end(), [&](const std::string& name) {
                                     return database_.dialect().same_name(column, name);
                                   });
                             });
        });
  }

  std::string create_index(const std::string& table, const std::string& sql,
                           const std::vector<std::string>& names) const {
    const Dialect& dialect = database_.dialect();
    return "CREATE INDEX " + dialect.quote(table + "_" + names.front()) + " ON " + sql + " (" +
           dialect.quote_list(names) + ")";
  }

  const SourceSubject& subject_;
  const SourceOptions& options_;
  SourceDatabase& database_;
  Connection& db_;
  const Host& host_;
};

}  // namespace chunkmill::sql
