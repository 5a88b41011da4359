#include "plugins/databases/postgres/sink.hpp"

#include "plugins/databases/postgres/guards.hpp"
#include "plugins/databases/postgres/replace.hpp"
#include "plugins/databases/postgres/shape.hpp"
#include "plugins/databases/postgres/table_writer.hpp"

namespace chunkmill::postgres {
namespace {

// The base knows connections of any database; here they are ours.
Connection& ours(sql::Connection& db) { return static_cast<Connection&>(db); }

}  // namespace

void PostgresSink::configure(Options& opt) {
  server_->options.configure(opt);
  configure_tables(opt);
  configure_sharing(opt);
  opt.optional("advance_sequences", advances_sequences_,
               "true: at the end of a run the sequences behind serial and identity columns that "
               "were loaded continue after the largest number that is there");
}

SinkAbilities PostgresSink::bind(const std::vector<SinkStream>& streams) {
  const SinkAbilities abilities = SharedSqlSink::bind(streams);
  for (const sql::Target& target : targets()) check_columns(target);
  return abilities;
}

void PostgresSink::check() {
  SharedSqlSink::check();
  if (advances_sequences_) return;
  const std::unique_ptr<sql::Connection> db = connect(sql::Access::kLook);
  for (const sql::Target& target : targets())
    for (const Sequence& sequence : sequences_of(ours(*db), target))
      host().warn("table \"" + target.table + "\": the rows bring their own numbers for column \"" +
                  sequence.column + "\", and its sequence " + sequence.name +
                  " does not learn of them; `advance_sequences: true` sets it at the end of the "
                  "run");
}

SinkAbilities PostgresSink::abilities() const {
  return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_UPSERT | CM_SINK_ATOMIC_WRITE, 0,
          0};
}

void PostgresSink::attach(const Run& run) {
  role_ = "chunkmill " + run.job;
  SharedSqlSink::attach(run);
}

// Before the run counts as finished: whoever is killed in between does it again.
void PostgresSink::finish(const Run& run) {
  on_control([&](sql::Connection& db) {
    for (const sql::Target& target : targets())
      if (target.mode != sql::Mode::kReplace) mind_sequences(ours(db), target);
  });
  SharedSqlSink::finish(run);
}

void PostgresSink::mind_sequences(Connection& db, const sql::Target& target) {
  for (const Sequence& sequence : sequences_of(db, target)) {
    if (advances_sequences_) {
      advance(db, target, sequence);
      continue;
    }
    // Without an index it would be a look at every row.
    if (!sequence.may_read || !sequence.has_index) continue;
    if (const std::optional<Behind> behind = look_behind(db, target, sequence))
      host().warn("table \"" + target.table + "\": the sequence " + sequence.name +
                  " of column \"" + sequence.column + "\" stands at " +
                  std::to_string(behind->sequence) + ", and the rows go to " +
                  std::to_string(behind->column) +
                  ": the numbers that it gives next may be taken already; "
                  "`advance_sequences: true` sets it");
  }
}

std::unique_ptr<sql::Connection> PostgresSink::connect(sql::Access access) {
  return std::make_unique<Connection>(server_, role_, access);
}

std::optional<sql::ExistingTable> PostgresSink::read_shape(sql::Connection& db,
                                                           const std::string& table) {
  std::optional<sql::ExistingTable> shape = postgres::read_shape(ours(db), table);
  for (const sql::Target& target : targets()) {
    if (target.table != table) continue;
    if (!shape) {
      check_missing(table);
      continue;
    }
    check_guards(ours(db), target);
    if (target.mode == sql::Mode::kReplace) check_replaceable(ours(db), target);
    if (!advances_sequences_) continue;
    for (const Sequence& sequence : sequences_of(ours(db), target))
      if (!sequence.may_read || !sequence.may_set)
        throw Error(CM_PERMISSION,
                    "`advance_sequences` needs the right to read and set the "
                    "sequence " +
                        sequence.name + "; GRANT SELECT, UPDATE on it")
            .at("advance_sequences");
  }
  return shape;
}

void PostgresSink::check_rights(sql::Connection& db, const sql::Target& target) const {
  postgres::check_rights(ours(db), target);
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
  mind_sequences(ours(db), target);
}

}  // namespace chunkmill::postgres
