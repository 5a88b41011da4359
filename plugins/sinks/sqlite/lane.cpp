#include "lane.hpp"

namespace chunkmill::sqlite {

Lane::Lane(const OpenOptions& options, const std::vector<sql::Target>& targets,
           const sql::Ledger& ledger, const sql::Dialect& dialect)
    : db_(options, Access::kWrite), ledger_(ledger) {
  // As in other databases; SQLite leaves it off for files of its early days.
  db_.run("PRAGMA foreign_keys = on");
  for (size_t i = 0; i < targets.size(); ++i)
    writers_.push_back(std::make_unique<TableWriter>(db_, targets[i], dialect, i));
}

bool Lane::begin(const Chunk& chunk) {
  chunk_ = sql::ChunkPlace(chunk);
  db_.rollback();
  db_.begin();
  try {
    if (ledger_.begin(db_, chunk_)) return true;
  } catch (...) {
    db_.rollback();
    throw;
  }
  db_.rollback();
  return false;
}

void Lane::write(uint32_t stream, const Batch& batch, RowErrors& errors) {
  check_transaction();
  writers_[stream]->write(batch, errors);
}

void Lane::commit(const Counts& counts) {
  check_transaction();
  try {
    ledger_.advance(db_, chunk_, counts);
    db_.commit();
  } catch (const Error& error) {
    db_.rollback();
    // A disk that fails in the middle of COMMIT leaves it open whether it took place.
    if (error.code() != CM_IO && error.code() != CM_FULL) throw;
    bool is_committed = false;
    try {
      is_committed = ledger_.is_committed(db_, chunk_);
    } catch (const Error&) {
      throw Error(CM_COMMIT_UNKNOWN,
                  std::string("the commit's outcome is not known: ") + error.what())
          .at(db_.path());
    }
    if (!is_committed) throw;
  }
}

// SQLite rolls a transaction back by itself when the disk is full or fails. To write on would
// commit each statement for itself.
void Lane::check_transaction() const {
  if (!db_.in_transaction())
    throw Error(CM_IO, "the chunk's transaction was rolled back after an earlier error")
        .at(db_.path());
}

}  // namespace chunkmill::sqlite
