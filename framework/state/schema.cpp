#include "framework/state/schema.hpp"

namespace chunkmill::host {
namespace {

// "CHML", so that `file` and we can tell these files from other SQLite files.
constexpr int64_t kApplicationId = 0x43484D4C;

constexpr const char* kTables = R"sql(
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL UNIQUE,
  job TEXT NOT NULL,
  job_path TEXT NOT NULL,
  command TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_written INTEGER NOT NULL,
  rows_rejected INTEGER NOT NULL,
  rows_filtered INTEGER NOT NULL,
  rows_pending INTEGER NOT NULL,
  message TEXT NOT NULL,
  sums_complete INTEGER NOT NULL
);
CREATE TABLE run_parts (
  run INTEGER NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, place)
) WITHOUT ROWID;
CREATE TABLE run_sums (
  run INTEGER NOT NULL,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run, name)
) WITHOUT ROWID;
CREATE TABLE splits (
  seq INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  split TEXT NOT NULL,
  position TEXT NOT NULL,
  next_chunk INTEGER NOT NULL,
  done INTEGER NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_written INTEGER NOT NULL,
  rows_rejected INTEGER NOT NULL,
  rows_filtered INTEGER NOT NULL,
  rows_pending INTEGER NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run, split)
);
CREATE TABLE chunks (
  run INTEGER NOT NULL,
  number INTEGER NOT NULL,
  split TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  last INTEGER NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_written INTEGER NOT NULL,
  rows_rejected INTEGER NOT NULL,
  rows_filtered INTEGER NOT NULL,
  rows_pending INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  time_seconds REAL NOT NULL,
  read_seconds REAL NOT NULL,
  calculate_seconds REAL NOT NULL,
  write_seconds REAL NOT NULL,
  commit_seconds REAL NOT NULL,
  PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE TABLE rejects (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  split TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  place TEXT NOT NULL,
  line INTEGER NOT NULL,
  stage TEXT NOT NULL,
  plugin TEXT NOT NULL,
  plugin_version TEXT NOT NULL,
  code TEXT NOT NULL,
  column_name TEXT NOT NULL,
  message TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  raw TEXT NOT NULL,
  fields TEXT NOT NULL,
  parent INTEGER NOT NULL,
  state TEXT NOT NULL,
  replay_run TEXT NOT NULL,
  created_ms INTEGER NOT NULL
);
CREATE INDEX rejects_by_chunk ON rejects (run, split, chunk);
CREATE INDEX rejects_by_parent ON rejects (parent) WHERE parent <> 0;
CREATE INDEX rejects_by_replay ON rejects (replay_run) WHERE replay_run <> '';
CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE replay_records (
  replay INTEGER NOT NULL,
  place INTEGER NOT NULL,
  reject INTEGER NOT NULL,
  raw TEXT,
  PRIMARY KEY (replay, place)
) WITHOUT ROWID;
CREATE TABLE dismissals (reject INTEGER PRIMARY KEY, reason TEXT NOT NULL, at_ms INTEGER NOT NULL);
PRAGMA application_id = 1128811852;
PRAGMA user_version = 4;
)sql";
static_assert(kApplicationId == 1128811852 && kSchemaVersion == 4, "kTables says both in text");

// From version 1: epochs of splits came with the sharing of splits.
constexpr const char* kToVersion2 =
    "ALTER TABLE splits ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 2";

// From version 2: what a replay reads, and rejects that nobody wants any more. Records were cut
// after 64 KiB and nothing said so: what is exactly so long is not to be taken for whole.
constexpr const char* kToVersion3 = R"sql(
CREATE TABLE replay_records (replay INTEGER NOT NULL, place INTEGER NOT NULL, reject INTEGER NOT NULL,
  raw TEXT, PRIMARY KEY (replay, place)) WITHOUT ROWID;
CREATE TABLE dismissals (reject INTEGER PRIMARY KEY, reason TEXT NOT NULL, at_ms INTEGER NOT NULL);
UPDATE rejects SET code = 'record_too_large', message = message || ' (its text was cut after 64 KiB)'
  WHERE length(CAST(raw AS BLOB)) = 65536;
PRAGMA user_version = 3)sql";

// From version 3: every reject had the same class.
constexpr const char* kToVersion4 =
    "ALTER TABLE rejects DROP COLUMN class; PRAGMA user_version = 4";

// Two hosts that share the file may come here together.
Status change_tables(Database& database, int64_t from, const char* statements) {
  ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  ASSIGN_OR_RETURN(const int64_t version, database.query_integer("PRAGMA user_version"));
  if (version == from) RETURN_IF_ERROR(database.execute(statements));
  return transaction.commit();
}

}  // namespace

Status prepare_schema(Database& database, const std::string& path, bool may_create) {
  ASSIGN_OR_RETURN(const int64_t tables,
                   database.query_integer("SELECT count(*) FROM sqlite_schema"));
  ASSIGN_OR_RETURN(const int64_t application, database.query_integer("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const int64_t version, database.query_integer("PRAGMA user_version"));
  if (tables == 0 && application == 0 && version == 0) {
    if (may_create) return change_tables(database, 0, kTables);
    return {Code::kNotFound, "state file " + path + " is empty: no run has been recorded in it"};
  }
  if (application != kApplicationId) {
    return {Code::kState, "state file " + path +
                              ": is an SQLite file of another program; move it away, or keep the "
                              "state elsewhere with "
                              "--state DIR"};
  }
  if (version >= 1 && version < kSchemaVersion) {
    if (database.is_read_only()) return {};
    RETURN_IF_ERROR(change_tables(database, 1, kToVersion2));
    RETURN_IF_ERROR(change_tables(database, 2, kToVersion3));
    return change_tables(database, 3, kToVersion4);
  }
  if (version != kSchemaVersion) {
    return {Code::kState,
            "state file " + path + ": has schema version " + std::to_string(version) +
                ", this chunkmill knows version " + std::to_string(kSchemaVersion) +
                "; use the chunkmill that wrote it, or keep the state elsewhere with --state DIR"};
  }
  return {};
}

}  // namespace chunkmill::host
