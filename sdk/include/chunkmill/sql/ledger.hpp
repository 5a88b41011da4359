// The ledger in the sink's own database: which runs of a job there are, and how far each split of a
// run is committed. Kept in two tables, chunkmill_run and chunkmill_split, moved in the very
// transaction that writes the rows.
//
// All methods run inside a transaction that the caller began; the caller commits or rolls back.
// The ledger also counts how many rows of each table a split has stored, and asks with each chunk
// whether the table still has any: rows that went missing stop the run.
//
// attach(), take_over(), claim() and finish() must exclude each other for one job: where a database
// has several writers at a time, by Connection::lock(). Threads: any number of Ledgers over one
// database, each with a Session of its own.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chunkmill/fence.hpp"
#include "chunkmill/sink.hpp"
#include "chunkmill/sql/dialect.hpp"
#include "chunkmill/sql/ledger_key.hpp"
#include "chunkmill/sql/ledger_statements.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::sql {

// A parameter or a result: NULL, a number, text, bytes.
using Value = std::variant<std::monostate, int64_t, std::string, Binary>;
using Values = std::vector<Value>;

// One connection, as far as the ledger needs it.
class Session {
 public:
  virtual ~Session() = default;
  // Runs a statement and says how many rows it touched.
  virtual int64_t execute(const std::string& sql, const Values& parameters) = 0;
  // The first row of a query, bytes given as text.
  virtual std::optional<Values> first(const std::string& sql, const Values& parameters) = 0;
  // All rows of a query: integers as int64_t, NULL as monostate, all else as text.
  virtual std::vector<Values> all(const std::string& sql, const Values& parameters) = 0;
};

// The job's run that was attached last, and how many rows it has stored in each target's table; -1:
// that was not counted.
struct KnownRun {
  LedgerRun run;
  std::string state;
  std::vector<int64_t> stored;
};

class Ledger {
 public:
  enum class Attached { kNew, kKnown, kFinishing, kFinished };

  // `targets` tell two sinks of one job in one database apart: each has its own rows here.
  Ledger(const Dialect& dialect, const std::vector<Target>& targets);

  // Statements that make the ledger's tables where they are missing.
  std::vector<std::string> create_tables() const;

  // The statement that gives a chunkmill_split of an older version the column that it lacks.
  std::string add_stored_column() const;

  // The run of `job` that was attached last.
  std::optional<LedgerRun> latest(Session& session, std::string_view job) const;
  // The same, with what it has stored. `counts`: chunkmill_split has the column for it.
  std::optional<KnownRun> latest_with_rows(Session& session, std::string_view job,
                                           bool counts) const;
  // Another job of the same name, NAME@ and eight digits of the place of its file, of which a
  // finished run has written to these tables; empty where there is none or the job has an `id:`.
  std::string namesake(Session& session, std::string_view job) const;
  // From now on begin() does not ask whether the target's table has rows.
  void look_away_from(size_t target);
  // Registers the run, and fences the job's other unfinished runs: their workers commit no more.
  Attached attach(Session& session, const Run& run) const;
  bool has_commits(Session& session, const Run& run) const;
  // The sums over all splits of the run, whoever committed them.
  Tally tally(Session& session, const Run& run) const;
  // Takes the split over under the run's epoch, and says how far it is. Throws Error(CM_FENCED)
  // when a later epoch has it.
  std::optional<SplitState> take_over(Session& session, const Run& run,
                                      std::string_view split) const;
  // The other worker that has the split; empty where none has, or where it is done.
  std::string holder(Session& session, const Run& run, std::string_view split) const;
  // As take_over(), but under an epoch above any before, and from nobody else than `from`: nothing
  // where another worker has the split. What is done is nobody's.
  std::optional<SplitState> claim(Session& session, const Run& run, std::string_view split,
                                  const std::string& from) const;
  // Who is, or was, at the job's unfinished runs other than `but`.
  std::vector<std::string> workers(Session& session, std::string_view job,
                                   const std::string& but) const;
  // False: this chunk is committed already. Else `stored` is what the split has stored in each
  // table so far. Throws Error(CM_FENCED) unless the ledger stands at the chunk's begin under its
  // epoch, and Error(CM_IO) where a table has lost the rows that it stored.
  bool begin(Session& session, const ChunkPlace& chunk, std::vector<int64_t>* stored) const;
  // The tables of begin(), for a chunk that is written before the ledger is looked at.
  void check_not_emptied(Session& session, const ChunkPlace& chunk) const;
  // So many rows are committed in each table, by whichever split: from now on an empty table is one
  // that has lost them. Threads: any.
  void note_stored(const std::vector<int64_t>& stored) const;
  // Moves the split past the chunk, with what it has stored by now; throws Error(CM_FENCED) if that
  // touched no row.
  void advance(Session& session, const ChunkPlace& chunk, const Counts& counts,
               const std::vector<int64_t>& stored) const;
  // True when the chunk is committed: what to ask after a commit that failed half-way.
  bool is_committed(Session& session, const ChunkPlace& chunk) const;
  // Marks the run as one whose tables are being exchanged; false: it is finished already.
  bool begin_finish(Session& session, const Run& run) const;
  // Marks the run finished; false: it was.
  bool finish(Session& session, const Run& run) const;

 private:
  struct Place {
    uint64_t epoch;
    uint64_t next_chunk;
    std::string position;
    std::vector<int64_t> stored;  // in each table; -1: not counted
    std::vector<bool> has_rows;   // each table, now
  };
  std::vector<int64_t> parse_stored(const Value& value) const {
    return counts_in(std::get_if<std::string>(&value), tables_.size());
  }
  static std::vector<std::string> written_tables(const std::vector<Target>& targets) {
    std::vector<std::string> tables;
    tables.reserve(targets.size());
    for (const Target& target : targets) tables.push_back(target.written_table());
    return tables;
  }
  [[noreturn]] void emptied(size_t table, const ChunkPlace& chunk) const;
  static Verdict judge(const Place& at, const ChunkPlace& chunk, std::string* why = nullptr);
  SplitState state_of(const Values& row, uint64_t epoch) const;
  void insert_split(Session& session, const std::string& job, const std::string& run,
                    std::string_view split, int64_t epoch) const;
  std::optional<Place> place(Session& session, const ChunkPlace& chunk) const;
  [[noreturn]] static void fenced(std::string_view split, const std::string& why);
  static int64_t number(const Value& value) { return std::get<int64_t>(value); }
  // A sum: databases give it as a number or as decimal text, as they type it.
  static uint64_t sum(const Value& value) {
    if (const int64_t* const whole = std::get_if<int64_t>(&value))
      return static_cast<uint64_t>(*whole);
    return std::strtoull(words(value).c_str(), nullptr, 10);
  }
  static const std::string& words(const Value& value) { return std::get<std::string>(value); }

  const Dialect* dialect_;
  std::vector<std::string> tables_;  // that are written, staging tables where there are some
  std::string target_;
  std::unique_ptr<std::atomic<bool>[]> has_stored_;  // the run, in each table
  LedgerStatements sql_;
};

inline Ledger::Ledger(const Dialect& dialect, const std::vector<Target>& targets)
    : dialect_(&dialect),
      tables_(written_tables(targets)),
      has_stored_(std::make_unique<std::atomic<bool>[]>(targets.size())),
      sql_(dialect, tables_) {
  for (const Target& target : targets)
    target_ += (target_.empty() ? "" : ", ") + target.stream + " > " + target.table;
  target_ = key(target_);
}

inline std::vector<std::string> Ledger::create_tables() const {
  const std::string name = " " + dialect_->key_text_type() + " NOT NULL, ";
  const std::string words = " " + dialect_->column_type(Field{"", Type::kUtf8}) + " NOT NULL, ";
  const std::string bytes = " " + dialect_->column_type(Field{"", Type::kBinary}) + " NOT NULL, ";
  const std::string number = " " + dialect_->column_type(Field{"", Type::kInt64}) + " NOT NULL, ";
  return {"CREATE TABLE IF NOT EXISTS chunkmill_run (job" + name + "run" + name + "target" + name +
              "fingerprint" + words + "owner" + words + "epoch" + number + "ordinal" + number +
              "state" + words + "PRIMARY KEY (job, run, target))",
          "CREATE TABLE IF NOT EXISTS chunkmill_split (job" + name + "run" + name + "target" +
              name + "split" + name + "epoch" + number + "owner" + words + "position" + bytes +
              "next_chunk" + number + "rows_in" + number + "rows_out" + number + "rows_rejected" +
              number + "rows_filtered" + number + "done" + number + "stored " +
              dialect_->column_type(Field{"", Type::kUtf8}) +
              ", PRIMARY KEY (job, run, target, split))"};
}

inline std::string Ledger::add_stored_column() const {
  return "ALTER TABLE chunkmill_split ADD COLUMN stored " +
         dialect_->column_type(Field{"", Type::kUtf8});
}

inline std::optional<KnownRun> Ledger::latest_with_rows(Session& session, std::string_view job,
                                                        bool counts) const {
  const std::optional<Values> row = session.first(sql_.latest, {key(job), target_});
  if (!row) return std::nullopt;
  KnownRun known{{words((*row)[0]), words((*row)[1]), words((*row)[2]) == "finished"},
                 words((*row)[2]),
                 std::vector<int64_t>(tables_.size(), counts ? 0 : -1)};
  if (!counts) return known;
  for (const Values& split : session.all(sql_.stored, {key(job), known.run.run, target_})) {
    const std::vector<int64_t> stored = parse_stored(split[0]);
    for (size_t i = 0; i < stored.size(); ++i)
      known.stored[i] = stored[i] < 0 || known.stored[i] < 0 ? -1 : known.stored[i] + stored[i];
  }
  return known;
}

inline std::optional<LedgerRun> Ledger::latest(Session& session, std::string_view job) const {
  const std::optional<Values> row = session.first(sql_.latest, {key(job), target_});
  if (!row) return std::nullopt;
  return LedgerRun{std::get<std::string>((*row)[0]), std::get<std::string>((*row)[1]),
                   std::get<std::string>((*row)[2]) == "finished"};
}

inline void Ledger::look_away_from(size_t target) {
  sql_.look_away_from(*dialect_, tables_[target]);
}

inline std::string Ledger::namesake(Session& session, std::string_view job) const {
  const std::string_view name = name_in(job);
  if (name.empty()) return {};
  for (const Values& row : session.all(sql_.jobs, {target_}))
    if (name_in(words(row[0])) == name && without_part(words(row[0])) != without_part(job))
      return std::string(without_part(words(row[0])));
  return {};
}

inline Ledger::Attached Ledger::attach(Session& session, const Run& run) const {
  const std::string job = key(run.job);
  session.execute(sql_.fence_splits, {job, run.run});
  session.execute(sql_.fence_runs, {job, run.run});
  const int64_t ordinal = number((*session.first(sql_.next_ordinal, {}))[0]);
  const auto epoch = static_cast<int64_t>(run.epoch);
  const std::optional<Values> known = session.first(sql_.find_run, {job, run.run, target_});
  if (!known) {
    session.execute(sql_.insert_run,
                    {job, run.run, target_, run.fingerprint, run.owner, epoch, ordinal});
    return Attached::kNew;
  }
  session.execute(sql_.update_run, {run.fingerprint, run.owner, epoch, epoch, ordinal,
                                    int64_t{run.appends ? 1 : 0}, job, run.run, target_});
  const std::string& state = words((*known)[0]);
  // A finished run that gets more to write is a running one again.
  if (run.appends) return Attached::kKnown;
  if (state == "finished") return Attached::kFinished;
  return state == "finishing" ? Attached::kFinishing : Attached::kKnown;
}

inline bool Ledger::has_commits(Session& session, const Run& run) const {
  return session.first(sql_.has_commits, {key(run.job), run.run, target_}).has_value();
}

inline Tally Ledger::tally(Session& session, const Run& run) const {
  const Values row = *session.first(sql_.tally, {key(run.job), run.run, target_});
  return {sum(row[0]), Counts{sum(row[1]), sum(row[2]), sum(row[3]), sum(row[4])}};
}

inline SplitState Ledger::state_of(const Values& row, uint64_t epoch) const {
  const auto count = [&](size_t i) { return static_cast<uint64_t>(number(row[i])); };
  return SplitState{words(row[2]), epoch, count(1), count(3) != 0,
                    Counts{count(4), count(5), count(6), count(7)}};
}

// The row is what fences whoever had the split before and had committed nothing of it.
inline void Ledger::insert_split(Session& session, const std::string& job, const std::string& run,
                                 std::string_view split, int64_t epoch) const {
  const std::optional<Values> known = session.first(sql_.find_run, {job, run, target_});
  if (!known || words((*known)[0]) != "running")
    fenced(split, "run " + run + " is finished, or a newer run of the job took its place");
  session.execute(sql_.insert_split, {job, run, target_, key(split), epoch, words((*known)[1]),
                                      Binary{}, text_of(std::vector<int64_t>(tables_.size(), 0))});
}

inline std::optional<SplitState> Ledger::take_over(Session& session, const Run& run,
                                                   std::string_view split) const {
  const auto epoch = static_cast<int64_t>(run.epoch);
  const std::string job = key(run.job);
  const std::string name = key(split);
  const std::optional<Values> row = session.first(sql_.find_split, {job, run.run, target_, name});
  if (!row) {
    insert_split(session, job, run.run, split, epoch);
    return std::nullopt;
  }
  if (number((*row)[0]) > epoch)
    fenced(split, "it belongs to epoch " + std::to_string(number((*row)[0])) + ", this is epoch " +
                      std::to_string(epoch));
  session.execute(sql_.take_split, {epoch, run.owner, job, run.run, target_, name, epoch});
  if (number((*row)[1]) == 0) return std::nullopt;
  return state_of(*row, run.epoch);
}

inline std::string Ledger::holder(Session& session, const Run& run, std::string_view split) const {
  const std::optional<Values> row =
      session.first(sql_.find_split, {key(run.job), run.run, target_, key(split)});
  if (!row || number((*row)[3]) != 0 || words((*row)[8]) == run.owner) return {};
  return words((*row)[8]);
}

inline std::optional<SplitState> Ledger::claim(Session& session, const Run& run,
                                               std::string_view split,
                                               const std::string& from) const {
  auto epoch = static_cast<int64_t>(run.epoch);
  const std::string job = key(run.job);
  const std::string name = key(split);
  const std::optional<Values> row = session.first(sql_.find_split, {job, run.run, target_, name});
  if (!row) {
    insert_split(session, job, run.run, split, epoch);
    session.execute(sql_.take_split, {epoch, run.owner, job, run.run, target_, name, epoch + 1});
    return SplitState{{}, run.epoch, 0, false, {}};
  }
  const std::string& owner = words((*row)[8]);
  const bool is_done = number((*row)[3]) != 0;
  if (is_done || owner == run.owner)
    return state_of(*row, static_cast<uint64_t>(number((*row)[0])));
  if (owner != from) return std::nullopt;
  epoch = std::max(epoch, number((*row)[0]) + 1);
  session.execute(sql_.take_split, {epoch, run.owner, job, run.run, target_, name, epoch});
  // What it had in the air when it was looked at may have been committed meanwhile.
  return state_of(*session.first(sql_.find_split, {job, run.run, target_, name}),
                  static_cast<uint64_t>(epoch));
}

inline std::vector<std::string> Ledger::workers(Session& session, std::string_view job,
                                                const std::string& but) const {
  std::vector<std::string> workers;
  for (const Values& row : session.all(sql_.workers, {key(job), but, key(job), but}))
    workers.push_back(words(row[0]));
  return workers;
}

inline std::optional<Ledger::Place> Ledger::place(Session& session, const ChunkPlace& chunk) const {
  const std::optional<Values> row =
      session.first(sql_.find_place, {key(chunk.job), chunk.run, target_, key(chunk.split)});
  if (!row) return std::nullopt;
  Place at{static_cast<uint64_t>(number((*row)[0])),
           static_cast<uint64_t>(number((*row)[1])),
           words((*row)[2]),
           parse_stored((*row)[3]),
           {}};
  for (size_t i = 0; i < tables_.size(); ++i) at.has_rows.push_back(number((*row)[4 + i]) != 0);
  return at;
}

// A row of chunkmill_split is found by its run, so that it is never another run's.
inline Verdict Ledger::judge(const Place& at, const ChunkPlace& chunk, std::string* why) {
  const SplitPlace split{chunk.run, at.epoch, at.next_chunk, at.position};
  const Verdict verdict = chunkmill::judge(split, chunk);
  if (why != nullptr) *why = fenced_because(verdict, split, chunk);
  return verdict;
}

inline void Ledger::emptied(size_t table, const ChunkPlace& chunk) const {
  throw Error(CM_IO, "table \"" + tables_[table] + "\" is empty, but run " + chunk.run +
                         " has stored rows in it: somebody emptied it or put another in its place "
                         "while the run was in progress; put its rows back, or begin anew with "
                         "--restart")
      .at(tables_[table]);
}

inline void Ledger::check_not_emptied(Session& session, const ChunkPlace& chunk) const {
  const auto* const stored = has_stored_.get();
  if (std::find(stored, stored + tables_.size(), true) == stored + tables_.size()) return;
  const std::optional<Values> row = session.first(sql_.has_rows, {});
  for (size_t i = 0; i < tables_.size(); ++i)
    if (has_stored_[i] && number((*row)[i]) == 0) emptied(i, chunk);
}

inline void Ledger::note_stored(const std::vector<int64_t>& stored) const {
  for (size_t i = 0; i < stored.size(); ++i)
    if (stored[i] > 0 && !has_stored_[i]) has_stored_[i] = true;
}

inline bool Ledger::begin(Session& session, const ChunkPlace& chunk,
                          std::vector<int64_t>* stored) const {
  std::optional<Place> at = place(session, chunk);
  if (!at) {
    insert_split(session, key(chunk.job), chunk.run, chunk.split,
                 static_cast<int64_t>(chunk.epoch));
    at = Place{chunk.epoch, 0, "", std::vector<int64_t>(tables_.size(), 0),
               std::vector<bool>(tables_.size(), true)};
  }
  std::string why;
  const Verdict verdict = judge(*at, chunk, &why);
  if (verdict == Verdict::kCommitted) return false;
  if (verdict != Verdict::kNext) fenced(chunk.split, why);
  for (size_t i = 0; i < tables_.size(); ++i)
    if ((at->stored[i] > 0 || has_stored_[i]) && !at->has_rows[i]) emptied(i, chunk);
  *stored = std::move(at->stored);
  return true;
}

inline void Ledger::advance(Session& session, const ChunkPlace& chunk, const Counts& counts,
                            const std::vector<int64_t>& stored) const {
  const auto number = [](uint64_t value) { return static_cast<int64_t>(value); };
  const int64_t touched = session.execute(
      sql_.advance,
      {Binary{chunk.end}, number(chunk.sequence + 1), number(counts.rows_in),
       number(counts.rows_out), number(counts.rows_rejected), number(counts.rows_filtered),
       int64_t{chunk.last ? 1 : 0}, text_of(stored), key(chunk.job), chunk.run, target_,
       key(chunk.split), number(chunk.epoch), number(chunk.sequence)});
  if (touched != 1) fenced(chunk.split, "another worker moved it on meanwhile");
}

inline bool Ledger::is_committed(Session& session, const ChunkPlace& chunk) const {
  const std::optional<Place> at = place(session, chunk);
  return at && judge(*at, chunk) == Verdict::kCommitted;
}

inline bool Ledger::begin_finish(Session& session, const Run& run) const {
  if (session.execute(sql_.begin_finish, {key(run.job), run.run, target_}) == 1) return true;
  const std::optional<Values> row = session.first(sql_.find_run, {key(run.job), run.run, target_});
  return !row || words((*row)[0]) != "finished";
}

inline bool Ledger::finish(Session& session, const Run& run) const {
  if (session.execute(sql_.finish, {key(run.job), run.run, target_}) == 1) return true;
  const std::optional<Values> row = session.first(sql_.find_run, {key(run.job), run.run, target_});
  if (row && std::get<std::string>((*row)[0]) == "finished") return false;
  throw Error(CM_FENCED, "run " + run.run + " of job \"" + run.job +
                             "\" cannot be finished: a newer run of the job took its place");
}

inline void Ledger::fenced(std::string_view split, const std::string& why) {
  throw Error(CM_FENCED, "split \"" + std::string(split) + "\" is not ours any more: " + why)
      .at("chunkmill_split");
}

}  // namespace chunkmill::sql
