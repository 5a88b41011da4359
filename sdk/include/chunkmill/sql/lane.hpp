// A lane of a SQL sink: a connection of its own, and a writer for each table. One transaction a
// chunk, with the ledger's move in it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/sink.hpp"
#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/table_writer.hpp"

namespace chunkmill::sql {

class Lane final : public SinkLane {
 public:
  // `ledger` is the sink's, which outlives its lanes. `writers` use `connection`. `check_tables` is
  // called outside a transaction after an error that may come from a table that is gone; it throws
  // the Error that names it.
  Lane(std::unique_ptr<Connection> connection, const Ledger& ledger, std::string place,
       std::vector<std::unique_ptr<TableWriter>> writers,
       std::function<void(Connection&)> check_tables)
      : connection_(std::move(connection)),
        ledger_(&ledger),
        place_(std::move(place)),
        writers_(std::move(writers)),
        check_tables_(std::move(check_tables)) {
    for (const auto& writer : writers_) writer->on_lost_transaction([this] { restart(); });
  }

  bool begin(const Chunk& chunk) override {
    chunk_ = ChunkPlace(chunk);
    is_ahead_ = false;
    return begin();
  }

  void begin_ahead(const Chunk& chunk) override {
    chunk_ = ChunkPlace(chunk);
    is_ahead_ = true;
    begin_transaction();
    try {
      ledger_->check_not_emptied(*connection_, chunk_);
    } catch (...) {
      connection_->rollback();
      check_tables_(*connection_);
      throw;
    }
  }

  void write(uint32_t stream, const Batch& batch, RowErrors& errors) override {
    check_transaction();
    try {
      writers_[stream]->write(batch, errors);
    } catch (const Error& error) {
      if (error.code() == CM_INVALID || error.code() == CM_NOT_FOUND) {
        connection_->rollback();
        check_tables_(*connection_);
      }
      throw;
    }
    has_rows_ = true;
  }

  void commit(const Counts& counts) override {
    check_transaction();
    try {
      if (is_ahead_ && !ledger_->begin(*connection_, chunk_, &stored_before_))
        throw Error(CM_FENCED, "another worker has committed the chunk meanwhile").at(place_);
      const std::vector<int64_t> stored = stored_by_now();
      ledger_->advance(*connection_, chunk_, counts, stored);
      connection_->commit();
      ledger_->note_stored(stored);
    } catch (const Error& error) {
      if (error.code() == CM_COMMIT_UNKNOWN) throw;
      connection_->rollback();
      // A disk that fails in the middle of COMMIT leaves it open whether it took place.
      if (error.code() != CM_IO && error.code() != CM_FULL) throw;
      if (!is_committed(error)) throw;
    }
  }

  void abort() noexcept override { connection_->rollback(); }

 private:
  void begin_transaction() {
    has_rows_ = false;
    connection_->rollback();
    connection_->begin();
    for (const auto& writer : writers_) writer->begin();
  }

  bool begin() {
    begin_transaction();
    try {
      if (ledger_->begin(*connection_, chunk_, &stored_before_)) return true;
    } catch (...) {
      connection_->rollback();
      check_tables_(*connection_);
      throw;
    }
    connection_->rollback();
    return false;
  }

  std::vector<int64_t> stored_by_now() const {
    std::vector<int64_t> stored = stored_before_;
    for (size_t i = 0; i < stored.size(); ++i)
      if (stored[i] >= 0) stored[i] += writers_[i]->stored();
    return stored;
  }

  // Begins the chunk again where the database gave its transaction up because of a row.
  void restart() {
    if (has_rows_)
      throw Error(CM_INVALID,
                  "a trigger or a constraint rolled the whole transaction back because of one row, "
                  "with rows of the chunk that had been written before; let it say ABORT, not "
                  "ROLLBACK")
          .at(place_);
    if (!begin())
      throw Error(CM_FENCED, "the chunk was committed by another worker meanwhile").at(place_);
  }

  bool is_committed(const Error& failure) {
    try {
      return ledger_->is_committed(*connection_, chunk_);
    } catch (const Error&) {
      throw Error(CM_COMMIT_UNKNOWN,
                  std::string("the commit's outcome is not known: ") + failure.what())
          .at(place_);
    }
  }

  // Some databases roll a transaction back by themselves, when the disk is full for one. To write
  // on would commit each statement for itself.
  void check_transaction() const {
    if (!connection_->in_transaction())
      throw Error(CM_IO, "the chunk's transaction was rolled back after an earlier error")
          .at(place_);
  }

  std::unique_ptr<Connection> connection_;
  const Ledger* ledger_;
  std::string place_;
  std::vector<std::unique_ptr<TableWriter>> writers_;
  std::function<void(Connection&)> check_tables_;
  ChunkPlace chunk_;
  std::vector<int64_t> stored_before_;  // by the split, in each table
  bool has_rows_ = false;               // of the chunk, in the open transaction
  bool is_ahead_ = false;               // the ledger is looked at when it commits
};

}  // namespace chunkmill::sql
