// The options that every database source has for what it reads. Failure: Error(CM_INVALID), at the
// option's path. Threads: [control].
#pragma once

#include <string>
#include <vector>

#include "chunkmill/options.hpp"
#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::sql {

// `pending`: only rows that have no row in another table yet.
struct PendingOptions {
  std::string results;
  std::vector<std::string> key;          // columns of the rows
  std::vector<std::string> results_key;  // the same values in `results`
  bool given() const { return !results.empty(); }
};

// `incremental`: only rows whose cursor is behind the last one read.
struct IncrementalOptions {
  std::string cursor;
  Duration lag;
  bool given() const { return !cursor.empty(); }
};

struct SourceOptions {
  std::string table;
  std::string query;
  std::vector<std::string> columns;
  std::string where;
  std::vector<std::string> key;
  std::string split_by;
  uint64_t split_width = 0;
  uint64_t page_rows = 0;
  PendingOptions pending;
  IncrementalOptions incremental;

  void configure(Options& opt);
  bool is_table() const { return !table.empty(); }
  // The option that says what is read.
  const char* subject_option() const { return is_table() ? "table" : "query"; }
  // The option that a fault of the key belongs to.
  std::string key_option = "key";

 private:
  void check(const std::vector<std::string>& incremental_key);
};

inline void SourceOptions::configure(Options& opt) {
  std::vector<std::string> incremental_key;
  opt.optional("table", table, "table or view to read; or give `query`");
  opt.optional("query", query, "SELECT whose rows are read, in the database's own SQL");
  opt.optional("columns", columns, "the only columns to read; default all");
  opt.optional("where", where, "condition on the rows of `table`, in the database's own SQL");
  opt.optional("key", key,
               "columns, never NULL, that tell all rows apart and order them: a run resumes behind "
               "the last key it has written. Default: the table's primary key");
  opt.optional("split_by", split_by,
               "column whose ranges are read in parallel: a whole number, a date or a timestamp, "
               "never NULL, best with an index. Default: the first column of the key if it is one");
  opt.optional(
      "split_width", split_width,
      "size of a range of `split_by`, in its numbers, days or seconds. Default: a power of "
      "two that makes at most 64 ranges; set it where the table grows under a long run");
  opt.optional(
      "page_rows", page_rows,
      "0: one SELECT and one snapshot for each range; else a SELECT for each so many rows, "
      "so that no transaction stays open for long");
  opt.group("pending", "only rows that have no result yet", [&](Options& inner) {
    inner.optional("results", pending.results, "table, in the same database, that holds results");
    inner.optional("key", pending.key, "columns that a result refers to; default `key`");
    inner.optional("results_key", pending.results_key,
                   "their names in the results table; default the same");
  });
  opt.group("incremental", "only rows that changed since the last run", [&](Options& inner) {
    inner.optional("cursor", incremental.cursor,
                   "column that grows with every change: a timestamp or a version number");
    inner.optional("key", incremental_key, "as `key`: tells rows of the same cursor apart");
    inner.optional("lag", incremental.lag,
                   "how old a timestamp must be to be read: for writers that commit late");
  });
  if (!opt.describing()) check(incremental_key);
}

inline void SourceOptions::check(const std::vector<std::string>& incremental_key) {
  const auto refuse = [](const std::string& why, std::string_view option) {
    throw Error(CM_INVALID, why).at(option);
  };
  if (table.empty() && query.empty())
    refuse("it is missing: give `table: NAME`, or `query: SELECT ...`", "table");
  if (!table.empty() && !query.empty()) refuse("`table` and `query` exclude each other", "query");
  if (!query.empty() && !where.empty())
    refuse("it belongs to `table`; write the condition into the query", "where");
  // A statement ends where it stands in parentheses.
  while (!query.empty() &&
         (query.back() == ';' || std::isspace(static_cast<unsigned char>(query.back())) != 0))
    query.pop_back();
  if (!pending.given() && !(pending.key.empty() && pending.results_key.empty()))
    refuse("it is missing: the table that holds the results", "pending.results");
  if (!pending.key.empty() && !pending.results_key.empty() &&
      pending.key.size() != pending.results_key.size())
    refuse("it must have as many columns as `pending.key`", "pending.results_key");
  if (!incremental.given() && (!incremental_key.empty() || incremental.lag.ms != 0))
    refuse("it is missing: the column that grows with every change", "incremental.cursor");
  if (incremental.given() && pending.given())
    refuse("`pending` and `incremental` exclude each other", "incremental");
  if (incremental.given() && !split_by.empty())
    refuse("an incremental source is read in the order of its cursor, in one piece", "split_by");
  if (!incremental_key.empty()) {
    if (!key.empty()) refuse("`key` is given already; once is enough", "incremental.key");
    key = incremental_key;
    key_option = "incremental.key";
  }
}

}  // namespace chunkmill::sql
