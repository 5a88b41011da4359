// Writes the batches of one stream into its table, and finds the bad rows of a batch that fails.
//
// A batch goes in as a whole, behind a savepoint. Only where a row is bad is it gone through a
// second time, in pieces: one that fails is cut where the database names the row, else in halves.
// Good rows stay in until all are looked at, so that a row is judged as if the bad ones before it
// had never been there; then all is rolled back. The host writes the good rows again.
//
// A database is asked, not believed: it says how many of the rows it stored, and a row that it left
// out without an error (a trigger, a rule) is found and rejected like any other bad row.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  int64_t stored = 0;  // where the code is not_stored: so many of the rows were
  // The database gave the whole transaction up because of the row, with all that was in it.
  bool ended_transaction = false;
};

// What became of rows that were handed to the database together.
struct Inserted {
  std::optional<BadRow> bad;  // nothing: none failed
  // As the database itself says: rows that are new in the table, or were updated there. Counts only
  // where nothing failed.
  int64_t stored = 0;
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

  // A transaction was begun: the savepoints of the one before are gone.
  void begin() {
    has_savepoint_ = false;
    stored_ = 0;
  }
  // How many rows of the transaction the database says it has stored.
  int64_t stored() const { return stored_; }
  // `restart` is called where a row has made the database give up the whole transaction: it begins
  // the chunk's transaction anew, or throws where more than the batch in hand was in it.
  void on_lost_transaction(std::function<void()> restart) { restart_ = std::move(restart); }

  // Throws Error(CM_DATA) with every bad row in `errors`, or another Error: nothing of the batch is
  // in the transaction then.
  void write(const Batch& batch, RowErrors& errors) {
    first_.reset();
    found_.clear();
    show(batch);
    reject_unstorable(batch, errors);
    if (first_) throw_first();
    const int64_t rows = batch.row_count();
    if (rows == 0) return;
    const std::optional<BadRow> bad = try_insert(batch, 0, rows, true);
    if (!bad) {
      stored_ += rows;
      return;
    }
    if (bad->ended_transaction || !search(batch, bad->row)) find_by_restarts(batch);
    for (const BadRow& row : found_) reject(row, errors);
    if (!first_) {  // it fails as a whole, and each piece of it does not
      if (bad->code == kNotStored) throw miscounted(rows, bad->stored);
      first_ = bad;
    }
    throw_first();
  }

 protected:
  Connection& connection() const { return *connection_; }
  const Target& target() const { return *target_; }

  // Called once for each batch, before its rows are inserted.
  virtual void show(const Batch&) {}
  // Reports, with reject(), rows with values that the database cannot keep as they are.
  virtual void reject_unstorable(const Batch&, RowErrors&) {}
  // Inserts rows [begin, end), behind the savepoint chunkmill_rows, to which the caller rolls back
  // where a row is bad or where fewer rows were stored. A BadRow: that row, or one of them, cannot
  // be in. Throws Error for what is not a row's fault.
  virtual Inserted insert(const Batch& batch, int64_t begin, int64_t end) = 0;
  // True where insert() itself makes the savepoint, in one message with the rows, and releases the
  // one before it where has_savepoint() says that there is one.
  virtual bool sends_savepoint() const { return false; }
  bool has_savepoint() const { return has_savepoint_; }

  // True where rows of the table refer to rows of the same table, and the database looks at that
  // when a statement ends: rows that refer to later ones are good together.
  virtual bool rows_refer_to_rows() const { return false; }

  void reject(const BadRow& bad, RowErrors& errors) {
    errors.report(bad.row, bad.code, bad.message, bad.column);
    if (!first_ || bad.row < first_->row) first_ = bad;
  }

 private:
  struct TransactionLost {};

  // So few rows that sending them again costs little beside a round trip.
  static constexpr int64_t kPiece = 250;
  static constexpr const char* kNotStored = "not_stored";
  static constexpr const char* kNoSuchReference = "no_such_reference";

  // A savepoint that insert() sends may stay where the rows are in and nothing is searched: its
  // release goes with the next rows, or with the commit.
  std::optional<BadRow> try_insert(const Batch& batch, int64_t begin, int64_t end, bool may_stay) {
    if (!sends_savepoint()) connection_->run("SAVEPOINT chunkmill_rows");
    Inserted inserted = insert(batch, begin, end);
    has_savepoint_ = true;
    if (!inserted.bad) inserted.bad = left_out(end - begin, inserted.stored);
    if (inserted.bad && inserted.bad->ended_transaction) return std::move(inserted.bad);
    if (inserted.bad) connection_->run("ROLLBACK TO SAVEPOINT chunkmill_rows");
    if (inserted.bad || !may_stay || !sends_savepoint()) {
      connection_->run("RELEASE SAVEPOINT chunkmill_rows");
      has_savepoint_ = false;
    }
    return std::move(inserted.bad);
  }

  // Compares what was handed over with what the database says it has stored.
  std::optional<BadRow> left_out(int64_t handed_over, int64_t stored) const {
    if (stored == handed_over) return std::nullopt;
    if (stored > handed_over) throw miscounted(handed_over, stored);
    BadRow bad;
    bad.code = kNotStored;
    bad.message =
        "the database did not store the row and gave no error: a trigger or a rule of the table "
        "left it out";
    bad.stored = stored;
    return bad;
  }

  Error miscounted(int64_t handed_over, int64_t stored) const {
    return Error(CM_INVALID,
                 "table \"" + target_->table + "\": of " + std::to_string(handed_over) +
                     " rows the database says it has stored " + std::to_string(stored) +
                     ", and no single row accounts for the difference; nothing of the chunk was "
                     "kept. Look at the table's triggers and rules")
        .at(target_->table);
  }

  // Fills found_. False: a row made the database give up the whole transaction.
  bool search(const Batch& batch, int64_t first_named) {
    suspects_.clear();
    connection_->run("SAVEPOINT chunkmill_search");
    try {
      // What comes before a row that is named is good. Pieces that are good grow.
      int64_t piece = std::max(first_named, kPiece);
      for (int64_t begin = 0; begin < batch.row_count();) {
        const int64_t end = std::min(begin + piece, batch.row_count());
        piece = find_bad_rows(batch, begin, end) ? kPiece : 2 * piece;
        begin = end;
      }
      look_again_at_references(batch);
    } catch (const TransactionLost&) {
      return false;
    }
    connection_->run("ROLLBACK TO SAVEPOINT chunkmill_search");
    connection_->run("RELEASE SAVEPOINT chunkmill_search");
    return true;
  }

  // True if there were any.
  bool find_bad_rows(const Batch& batch, int64_t begin, int64_t end) {
    bool found = false;
    while (begin < end) {
      std::optional<BadRow> bad = try_insert(batch, begin, end, false);
      if (!bad) break;
      if (bad->ended_transaction) throw TransactionLost();
      found = true;
      if (bad->row < 0 && end - begin == 1) bad->row = begin;
      if (bad->row < 0) {
        const int64_t middle = begin + (end - begin) / 2;
        find_bad_rows(batch, begin, middle);
        begin = middle;
        continue;
      }
      find_bad_rows(batch, begin, bad->row);
      if (rows_refer_to_rows() && bad->code == kNoSuchReference)
        suspects_.push_back(*bad);
      else
        found_.push_back(*bad);
      begin = bad->row + 1;
    }
    return found;
  }

  // Rows that were refused because the rows that they refer to came later, or were cut off in
  // another piece, are offered again until no more of them go in.
  void look_again_at_references(const Batch& batch) {
    const auto are_in = [&](int64_t begin, int64_t end) {
      const std::optional<BadRow> bad = try_insert(batch, begin, end, false);
      if (bad && bad->ended_transaction) throw TransactionLost();
      return !bad;
    };
    for (size_t before = 0; before != suspects_.size();) {
      before = suspects_.size();
      std::ranges::sort(suspects_, std::ranges::greater(), &BadRow::row);
      std::erase_if(suspects_, [&](const BadRow& bad) { return are_in(bad.row, bad.row + 1); });
      // Those that refer to each other go in together.
      for (size_t i = 0; i < suspects_.size();) {
        size_t next = i + 1;
        while (next < suspects_.size() && suspects_[next].row == suspects_[next - 1].row - 1)
          ++next;
        if (next - i > 1 && are_in(suspects_[next - 1].row, suspects_[i].row + 1))
          suspects_.erase(suspects_.begin() + static_cast<ptrdiff_t>(i),
                          suspects_.begin() + static_cast<ptrdiff_t>(next));
        else
          i = next;
      }
    }
    found_.insert(found_.end(), suspects_.begin(), suspects_.end());
  }

  // The same search where a bad row takes the whole transaction with it: what went in before goes
  // in once more each time.
  void find_by_restarts(const Batch& batch) {
    found_.clear();
    std::vector<std::pair<int64_t, int64_t>> good;
    const auto begin_anew = [&] {
      restart_();
      for (const auto& [begin, end] : good)
        if (const std::optional<BadRow> bad = try_insert(batch, begin, end, false))
          throw unstable(*bad);
    };
    begin_anew();
    int64_t piece = kPiece;
    for (int64_t begin = 0; begin < batch.row_count();) {
      const int64_t end = std::min(begin + piece, batch.row_count());
      std::optional<BadRow> bad = try_insert(batch, begin, end, false);
      if (bad && bad->ended_transaction) begin_anew();
      if (bad && end - begin > 1) {
        piece = (end - begin) / 2;
        continue;
      }
      if (bad) {
        bad->row = begin;
        found_.push_back(*bad);
      } else if (!good.empty() && good.back().second == begin) {
        good.back().second = end;
      } else {
        good.emplace_back(begin, end);
      }
      begin = end;
      piece *= 2;
    }
    good.clear();
    begin_anew();
  }

  Error unstable(const BadRow& bad) const {
    return Error(CM_INVALID, "table \"" + target_->table +
                                 "\" refuses rows that it took a moment ago: " + bad.message)
        .at(target_->table)
        .vendor(bad.vendor);
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
  std::function<void()> restart_;
  std::optional<BadRow> first_;   // of the batch in hand
  std::vector<BadRow> found_;     // by the search
  std::vector<BadRow> suspects_;  // refer to rows that may be in the same batch
  bool has_savepoint_ = false;
  int64_t stored_ = 0;
};

}  // namespace chunkmill::sql
