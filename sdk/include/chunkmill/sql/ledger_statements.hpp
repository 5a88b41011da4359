// The statements of the ledger, in the words of one dialect. Threads: any; nothing changes them but
// look_away_from().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::sql {

struct LedgerStatements {
  // `tables`: those whose rows are asked for with each chunk.
  LedgerStatements(const Dialect& dialect, const std::vector<std::string>& tables) {
    of_runs(dialect);
    of_splits(dialect, tables);
  }

  // Of chunkmill_run.
  std::string latest, jobs, find_run, next_ordinal, insert_run, update_run, fence_runs, workers,
      finish, begin_finish;
  // Of chunkmill_split.
  std::string stored, fence_splits, has_commits, tally, find_split, insert_split, take_split,
      find_place, has_rows, advance;

  // From now on the table is taken to have rows.
  void look_away_from(const Dialect& dialect, const std::string& table) {
    const std::string asked = has_rows_sql(dialect, table);
    for (std::string* const statement : {&find_place, &has_rows})
      if (const size_t at = statement->find(asked); at != std::string::npos)
        statement->replace(at, asked.size(), "1");
  }

 private:
  void of_runs(const Dialect& dialect);
  void of_splits(const Dialect& dialect, const std::vector<std::string>& tables);
  static std::string has_rows_sql(const Dialect& dialect, const std::string& table) {
    return "CASE WHEN EXISTS (SELECT 1 FROM " + dialect.quote(table) + ") THEN 1 ELSE 0 END";
  }
};

inline void LedgerStatements::of_runs(const Dialect& dialect) {
  const auto text = [&](std::string_view sql) { return with_parameters(sql, dialect); };
  latest = text(
      "SELECT run, fingerprint, state FROM chunkmill_run WHERE job = ? AND target = ? "
      "ORDER BY ordinal DESC LIMIT 1");
  jobs = text(
      "SELECT DISTINCT job FROM chunkmill_run WHERE target = ? AND state = 'finished' "
      "ORDER BY job");
  find_run =
      text("SELECT state, owner FROM chunkmill_run WHERE job = ? AND run = ? AND target = ?");
  next_ordinal = "SELECT coalesce(max(ordinal), 0) + 1 FROM chunkmill_run";
  insert_run = text(
      "INSERT INTO chunkmill_run (job, run, target, fingerprint, owner, epoch, ordinal, state) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, 'running')");
  update_run = text(
      "UPDATE chunkmill_run SET fingerprint = ?, owner = ?, "
      "epoch = CASE WHEN epoch < ? THEN ? ELSE epoch END, ordinal = ?, "
      "state = CASE WHEN state IN ('finishing', 'finished') AND ? = 0 THEN state "
      "ELSE 'running' END "
      "WHERE job = ? AND run = ? AND target = ?");
  fence_runs = text(
      "UPDATE chunkmill_run SET state = 'superseded' "
      "WHERE job = ? AND run <> ? AND state IN ('running', 'finishing')");
  workers = text(
      "SELECT DISTINCT s.owner FROM chunkmill_split s JOIN chunkmill_run r ON r.job = s.job "
      "AND r.run = s.run AND r.target = s.target WHERE r.job = ? AND r.run <> ? AND "
      "r.state = 'running' UNION SELECT owner FROM chunkmill_run WHERE job = ? AND run <> ? AND "
      "state = 'running'");
  finish = text(
      "UPDATE chunkmill_run SET state = 'finished' "
      "WHERE job = ? AND run = ? AND target = ? AND state IN ('running', 'finishing')");
  begin_finish = text(
      "UPDATE chunkmill_run SET state = 'finishing' "
      "WHERE job = ? AND run = ? AND target = ? AND state = 'running'");
}

inline void LedgerStatements::of_splits(const Dialect& dialect,
                                        const std::vector<std::string>& tables) {
  const auto text = [&](std::string_view sql) { return with_parameters(sql, dialect); };
  std::string asked;
  for (const std::string& table : tables) asked += ", " + has_rows_sql(dialect, table);
  has_rows = "SELECT" + asked.substr(1);
  stored = text("SELECT stored FROM chunkmill_split WHERE job = ? AND run = ? AND target = ?");
  fence_splits = text(
      "UPDATE chunkmill_split SET epoch = epoch + 1 WHERE job = ? AND run <> ? AND EXISTS ("
      "SELECT 1 FROM chunkmill_run r WHERE r.job = chunkmill_split.job "
      "AND r.run = chunkmill_split.run AND r.target = chunkmill_split.target "
      "AND r.state IN ('running', 'finishing'))");
  has_commits = text(
      "SELECT 1 FROM chunkmill_split WHERE job = ? AND run = ? AND target = ? AND next_chunk > 0 "
      "LIMIT 1");
  tally = text(
      "SELECT count(*), coalesce(sum(rows_in), 0), coalesce(sum(rows_out), 0), "
      "coalesce(sum(rows_rejected), 0), coalesce(sum(rows_filtered), 0) FROM chunkmill_split "
      "WHERE job = ? AND run = ? AND target = ? AND next_chunk > 0");
  find_split = text(
      "SELECT epoch, next_chunk, position, done, rows_in, rows_out, rows_rejected, rows_filtered, "
      "owner FROM chunkmill_split WHERE job = ? AND run = ? AND target = ? AND split = ?");
  insert_split = text(
      "INSERT INTO chunkmill_split (job, run, target, split, epoch, owner, position, next_chunk, "
      "rows_in, rows_out, rows_rejected, rows_filtered, done, stored) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)");
  take_split = text(
      "UPDATE chunkmill_split SET epoch = ?, owner = ? "
      "WHERE job = ? AND run = ? AND target = ? AND split = ? AND epoch < ?");
  // The names of tables are no place to look for parameters in.
  find_place = "SELECT epoch, next_chunk, position, stored" + asked +
               text(
                   " FROM chunkmill_split "
                   "WHERE job = ? AND run = ? AND target = ? AND split = ?" +
                   dialect.row_lock());
  advance = text(
      "UPDATE chunkmill_split SET position = ?, next_chunk = ?, rows_in = rows_in + ?, "
      "rows_out = rows_out + ?, rows_rejected = rows_rejected + ?, "
      "rows_filtered = rows_filtered + ?, done = ?, stored = ? "
      "WHERE job = ? AND run = ? AND target = ? AND split = ? AND epoch = ? AND next_chunk = ?");
}

}  // namespace chunkmill::sql
