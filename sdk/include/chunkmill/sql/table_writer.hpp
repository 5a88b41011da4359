// Writes the batches of one stream into its table, and finds the bad rows of a batch that fails.
//
// A batch goes in as a whole, behind a savepoint. Only where a row is bad is it gone through a
// second time, in pieces: one that fails is cut where the database names the row, else in halves.
// Good rows stay in until all are looked at, so that a row is judged as if the bad ones before it
// had never been there; then all is rolled back. The host writes the good rows again.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "chunkmill/sink.hpp"
#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::sql {

// Why rows were not taken.
struct BadRow {
  int64_t row = -1;  // of the batch; -1: one of those that were inserted together
  std::string code;  // the reject code: not_null, not_unique, check_failed, ...
  std::string column;
  std::string message;
  std::string sqlstate;
  int vendor = 0;
};

class TableWriter {
 public:
  // `connection` and `target` outlive it. The table must be there, and a transaction open in
  // write().
  TableWriter(Connection& connection, const Target& target)
      : connection_(&connection), target_(&target) {}
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;
  virtual ~TableWriter() = default;

  // Throws Error(CM_DATA) with every bad row in `errors`, or another Error: nothing of the batch is
  // in the transaction then.
  void write(const Batch& batch, RowErrors& errors) {
    first_.reset();
    show(batch);
    reject_unstorable(batch, errors);
    if (first_) throw_first();
    const int64_t rows = batch.row_count();
    if (rows == 0) return;
    const std::optional<BadRow> bad = try_insert(batch, 0, rows);
    if (!bad) return;
    connection_->run("SAVEPOINT chunkmill_search");
    // What comes before a row that is named is good. Pieces that are good grow.
    int64_t piece = std::max(bad->row, kPiece);
    for (int64_t begin = 0; begin < rows;) {
      const int64_t end = std::min(begin + piece, rows);
      piece = find_bad_rows(batch, begin, end, errors) ? kPiece : 2 * piece;
      begin = end;
    }
    connection_->run("ROLLBACK TO SAVEPOINT chunkmill_search");
    connection_->run("RELEASE SAVEPOINT chunkmill_search");
    if (!first_) first_ = bad;  // it fails as a whole, and each piece of it does not
    throw_first();
  }

 protected:
  Connection& connection() const { return *connection_; }
  const Target& target() const { return *target_; }

  // Called once for each batch, before its rows are inserted.
  virtual void show(const Batch&) {}
  // Reports, with reject(), rows with values that the database cannot keep as they are.
  virtual void reject_unstorable(const Batch&, RowErrors&) {}
  // Inserts rows [begin, end). Nothing: all are in. A BadRow: that row, or one of them, cannot be;
  // what the attempt has done is rolled back by the caller. Throws Error for what is no row's
  // fault.
  virtual std::optional<BadRow> insert(const Batch& batch, int64_t begin, int64_t end) = 0;
  // True where a statement that fails undoes itself and leaves the transaction as it was.
  virtual bool undoes_itself() const { return false; }

  void reject(const BadRow& bad, RowErrors& errors) {
    errors.report(bad.row, bad.code, bad.message, bad.column);
    if (!first_ || bad.row < first_->row) first_ = bad;
  }

 private:
  // So few rows that sending them again costs little beside a round trip.
  static constexpr int64_t kPiece = 250;

  std::optional<BadRow> try_insert(const Batch& batch, int64_t begin, int64_t end) {
    if (undoes_itself()) return insert(batch, begin, end);
    connection_->run("SAVEPOINT chunkmill_rows");
    std::optional<BadRow> bad = insert(batch, begin, end);
    if (bad) connection_->run("ROLLBACK TO SAVEPOINT chunkmill_rows");
    connection_->run("RELEASE SAVEPOINT chunkmill_rows");
    return bad;
  }

  // True if there were any.
  bool find_bad_rows(const Batch& batch, int64_t begin, int64_t end, RowErrors& errors) {
    bool found = false;
    while (begin < end) {
      std::optional<BadRow> bad = try_insert(batch, begin, end);
      if (!bad) break;
      found = true;
      if (bad->row < 0 && end - begin == 1) bad->row = begin;
      if (bad->row < 0) {
        const int64_t middle = begin + (end - begin) / 2;
        find_bad_rows(batch, begin, middle, errors);
        begin = middle;
        continue;
      }
      find_bad_rows(batch, begin, bad->row, errors);
      reject(*bad, errors);
      begin = bad->row + 1;
    }
    return found;
  }

  [[noreturn]] void throw_first() const {
    throw Error(CM_DATA, "table \"" + target_->table + "\": " + first_->message)
        .at(target_->table)
        .vendor(first_->vendor)
        .sqlstate(first_->sqlstate)
        .row(first_->row);
  }

  Connection* connection_;
  const Target* target_;
  std::optional<BadRow> first_;  // of the batch in hand
};

}  // namespace chunkmill::sql
