#include "sink.hpp"

#include "plugins/databases/postgres/shape.hpp"
#include "replace.hpp"
#include "table_writer.hpp"

namespace chunkmill::postgres {
namespace {

// The base knows connections of any database; here they are ours.
Connection& ours(sql::Connection& db) { return static_cast<Connection&>(db); }

}  // namespace

void PostgresSink::configure(Options& opt) {
  server_->options.configure(opt);
  configure_tables(opt);
  configure_sharing(opt);
}

SinkAbilities PostgresSink::abilities() const {
  return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_UPSERT | CM_SINK_ATOMIC_WRITE, 0,
          0};
}

void PostgresSink::attach(const Run& run) {
  role_ = "chunkmill " + run.job;
  SharedSqlSink::attach(run);
}

std::unique_ptr<sql::Connection> PostgresSink::connect(sql::Access access) {
  return std::make_unique<Connection>(server_, role_, access);
}

std::optional<sql::ExistingTable> PostgresSink::read_shape(sql::Connection& db,
                                                           const std::string& table) {
  return postgres::read_shape(ours(db), table);
}

std::unique_ptr<sql::TableWriter> PostgresSink::make_writer(sql::Connection& db,
                                                            const sql::Target& target,
                                                            size_t index) {
  return std::make_unique<TableWriter>(ours(db), target, dialect_, index);
}

void PostgresSink::make_staging(sql::Connection& db, const sql::Target& target) {
  postgres::make_staging(ours(db), target, dialect_);
}

void PostgresSink::swap_staging(sql::Connection& db, const sql::Target& target) {
  postgres::swap_staging(ours(db), target, dialect_);
}

}  // namespace chunkmill::postgres
