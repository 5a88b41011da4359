// The one lane of a SQLite sink: a connection, and a writer for each table.
#pragma once

#include <memory>
#include <vector>

#include "chunkmill/sink.hpp"
#include "chunkmill/sql/ledger.hpp"
#include "connection.hpp"
#include "table_writer.hpp"

namespace chunkmill::sqlite {

class Lane final : public SinkLane {
 public:
  // `targets`, `ledger` and `dialect` are the sink's, which outlives its lanes.
  Lane(const OpenOptions& options, const std::vector<sql::Target>& targets,
       const sql::Ledger& ledger, const sql::Dialect& dialect);

  bool begin(const Chunk& chunk) override;
  void write(uint32_t stream, const Batch& batch, RowErrors& errors) override;
  void commit(const Counts& counts) override;
  void abort() noexcept override { db_.rollback(); }

 private:
  void check_transaction() const;

  Connection db_;
  const sql::Ledger& ledger_;
  std::vector<std::unique_ptr<TableWriter>> writers_;
  sql::ChunkPlace chunk_;
};

}  // namespace chunkmill::sqlite
