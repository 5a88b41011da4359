// Start here for a SQL source: SqlSource is everything that the sources of all databases share. A
// database brings a SourceDatabase (source_database.hpp) and its connection's options.
//
// How rows are read. A lane streams one range of keys on a connection of its own,
//
//   SELECT wanted columns, key FROM t WHERE range AND (key) > (last key) ORDER BY key
//
// and its position is the key of the last row it gave (key_position.hpp). There is never an OFFSET:
// resuming costs one search in the key's index, however much was read before, and rows that are
// added or removed elsewhere shift nothing. Only the columns that somebody downstream needs are
// read, and those of the key. With `page_rows` each so many rows are a SELECT and a transaction of
// their own; else a lane reads one snapshot.
//
// Splits are ranges of the column `split_by`: cells of a grid aligned at 0, whose width is a power
// of two, so wide that at most 64 cover what the table holds (source_grid.hpp). They do not depend
// on the number of workers, and do not move while the table grows: rows that arrive in a cell that
// is not read yet are read, and the cells that a larger key opens are new splits. When so many rows
// arrive during a run that the width would double, identity() changes and the run is not gone on
// with; the job's `split_width` prevents that. Rows are ordered by `split_by` first, then by the
// key. In one piece are read: a query without `split_by`, a key that begins with something else
// than a whole number, a date or a timestamp, an incremental source, and plan(0).
//
// The key must be a key. identity() and plan() prove it by a unique index over columns that cannot
// be NULL, else they ask the database for a NULL and for a duplicate, and refuse with an example: a
// row without a key, or one of two with the same, would be lost where a run resumes between them.
//
// `pending` leaves out rows that a results table in the same database has a row for, and each run
// of a finished job is a new one that looks anew (Rerun::kAnew). A results table that is not there
// yet has no rows. A row that was rejected has no result, and is pending in the next run again.
//
// `incremental` reads in the order of (cursor, key) and a finished job resumes behind the last row
// (Rerun::kContinue): the cursor is the position in the sink's ledger, and so committed with the
// rows. A row is seen when its cursor is larger than that. Rows with the same cursor are read
// again, and those that were read already are left out, by their key and content (key_ties.hpp);
// where there are too many of them for that, the run says so and reads those with a larger key.
// Writers must not make cursors smaller, and a row that is committed later than another with a
// larger cursor is missed; `lag` waits for it.
//
// Rejects carry their row as a JSON object of its columns, found again by its key, and can be
// replayed (source_replay.hpp).
//
//   class TinySource final : public sql::SqlSource {
//    public:
//     static constexpr Info kInfo{"tiny", "1.0.0", "Read rows from ..."};
//     void configure(Options& opt) { opt.required("path", ...); configure_rows(opt); }
//    protected:
//     sql::SourceDatabase& database() override { return database_; }
//   };
//
// Threads: plan() and the like on one thread; each lane has a connection of its own, and so has
// records().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/source.hpp"
#include "chunkmill/sql/key_memory.hpp"
#include "chunkmill/sql/source_checks.hpp"
#include "chunkmill/sql/source_lane.hpp"
#include "chunkmill/sql/source_replay.hpp"
#include "chunkmill/sql/source_subject.hpp"

namespace chunkmill::sql {

class SqlSource : public Source {
 public:
  Schema schema() override;
  bool select(const Schema& wanted) override;
  std::vector<Split> plan(uint32_t parallel) override;
  std::string identity() override;
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override;
  Rerun rerun() const override;
  void records(std::string_view split, std::string_view begin, std::span<const uint64_t> ordinals,
               RecordSink& out);
  std::unique_ptr<SourceLane> replay(std::vector<Record> records);

 protected:
  // What a database brings.
  virtual SourceDatabase& database() = 0;
  // Whether a column can be read as `wanted` straight away, no value being changed. Else the host
  // casts.
  virtual bool reads_as(const SourceColumn& column, const Field& wanted) const {
    return column.field.same_type(wanted);
  }

  // A column of what is read; throws Error(CM_NOT_FOUND) at `option` where there is none.
  const SourceColumn& column(const std::string& name, std::string_view option) {
    return subject().column(name, option);
  }

  // The options of what is read; to be called by configure().
  void configure_rows(Options& opt) { options_.configure(opt); }

 private:
  static constexpr std::string_view kWhole = "all rows";
  // Keys that one SELECT of records() asks for.
  static constexpr size_t kKeysAtOnce = 200;

  SourceSubject& subject();
  Connection& control();
  // Runs `call` on the control connection, which is made anew after a failure.
  template <typename F>
  auto with_control(F&& call);
  void find_grid();
  void check_rows();
  std::string range_text(const KeyRange& range) const;
  ReadColumns columns_of(std::string_view split, std::vector<SourceColumn> wanted);
  const KeyRange* range_of(std::string_view split) const;
  std::vector<std::string> conditions_of(const KeyRange* range);
  void read_records(const std::vector<std::pair<uint64_t, KeyText>>& keys,
                    const ReadColumns& columns, RecordSink& out);

  SourceOptions options_;
  std::unique_ptr<Connection> control_;
  std::optional<SourceSubject> subject_;
  std::optional<std::vector<SourceColumn>> selected_;  // of batches; nothing: all
  bool grid_found_ = false;
  std::optional<SplitGrid> grid_;  // none where nothing is split, or there is no row
  bool checked_ = false;
  std::optional<std::string> pending_;                   // the condition
  std::map<std::string, KeyRange, std::less<>> ranges_;  // of the splits that were planned
  KeyMemory memory_;
};

inline Connection& SqlSource::control() {
  if (control_ == nullptr) control_ = database().connect();
  return *control_;
}

template <typename F>
auto SqlSource::with_control(F&& call) {
  try {
    return call(control());
  } catch (...) {
    control_.reset();
    throw;
  }
}

inline SourceSubject& SqlSource::subject() {
  if (!subject_) with_control([&](Connection& db) { subject_.emplace(database(), db, options_); });
  return *subject_;
}

inline Schema SqlSource::schema() {
  Schema schema;
  for (const SourceColumn& column : subject().columns()) schema.fields.push_back(column.field);
  return schema;
}

inline bool SqlSource::select(const Schema& wanted) {
  std::vector<SourceColumn> selected;
  for (const Field& field : wanted.fields) {
    SourceColumn column = subject().column(field.name, "columns");
    if (!reads_as(column, field)) return false;
    column.field = field;
    selected.push_back(std::move(column));
  }
  selected_ = std::move(selected);
  return true;
}

// The width of ranges follows from the smallest and largest value that are there, conditions or
// not: what is pending changes from run to run, and a row that fails a condition may pass it later.
inline void SqlSource::find_grid() {
  if (grid_found_) return;
  const std::optional<SourceColumn>& split = subject().split_by();
  if (split) {
    const std::vector<Values> rows = with_control([&](Connection& db) {
      return db.all(subject().statements().extremes(split->field.name), {});
    });
    int64_t bounds[2] = {};
    for (size_t i = 0; i < 2; ++i) {
      const Value& value = rows.at(0).at(i);
      if (std::holds_alternative<std::monostate>(value)) break;
      const auto* number = std::get_if<int64_t>(&value);
      const std::string text =
          number != nullptr ? std::to_string(*number) : std::get<std::string>(value);
      const std::optional<int64_t> bound = database().source_dialect().grid_value(*split, text);
      if (!bound)
        throw Error(CM_INVALID, subject().name() + ": column \"" + split->field.name +
                                    "\" holds \"" + text.substr(0, 60) + "\", which is no " +
                                    split->field.type_text() +
                                    "; mend it, or name another column in `split_by`")
            .at("split_by");
      bounds[i] = *bound;
    }
    const bool is_time = split->field.type == Type::kTimestamp;
    grid_.emplace(split->field.type, bounds[0], bounds[1], options_.split_width,
                  is_time ? database().source_dialect().timestamp_unit() : 1);
  }
  grid_found_ = true;
}

inline std::string SqlSource::range_text(const KeyRange& range) const {
  const Field& field = subject_->split_by()->field;
  return field.name + " [" + bound_text(field.type, range.begin) + ", " +
         (range.end ? bound_text(field.type, *range.end) : "...") + ")";
}

// The results table may be made between two calls; all else is looked at once.
inline void SqlSource::check_rows() {
  SourceSubject& what = subject();
  with_control([&](Connection& db) {
    const SourceChecks checks(what, options_, database(), db, host());
    if (options_.pending.given()) pending_ = checks.pending_condition(!checked_);
    if (checked_) return;
    checks.check_key();
    if (what.split_by()) checks.check_split();
    checks.warn_of_missing_indexes();
    if (options_.incremental.given()) {
      checks.check_spelling_of_cursor();
      checks.warn_of_null_cursors();
    }
  });
  checked_ = true;
}

inline std::vector<Split> SqlSource::plan(uint32_t parallel) {
  check_rows();
  find_grid();
  ranges_.clear();
  const int64_t estimate = subject().table() ? subject().table()->estimated_rows : -1;
  if (parallel == 0 || !grid_) return {{std::string(kWhole), subject().name(), estimate, -1}};
  std::vector<Split> splits;
  const std::vector<KeyRange> cells = grid_->cells();
  const auto count = static_cast<int64_t>(cells.size());
  for (const KeyRange& cell : cells) {
    const std::string id = range_text(cell);
    splits.push_back(
        {id, subject().name() + ", " + id, estimate < 0 ? -1 : (estimate + count - 1) / count, -1});
    ranges_.emplace(id, cell);
  }
  return splits;
}

// What is wrong with the job is told here already: before a run that could not begin is on record.
inline std::string SqlSource::identity() {
  SourceSubject& what = subject();
  check_rows();
  find_grid();
  std::string text;
  if (grid_)
    text += what.split_by()->field.name + " in ranges of " + std::to_string(grid_->width()) + "; ";
  text += "ordered by";
  for (const std::string& name : what.order(grid_.has_value())) text += " " + name;
  text += "; " + what.name() + ":";
  for (const SourceColumn& column : what.columns())
    text += " " + column.field.name + " " + column.field.type_text() + ",";
  text.back() = '\n';
  return text;
}

inline Rerun SqlSource::rerun() const {
  if (options_.pending.given()) return Rerun::kAnew;
  return options_.incremental.given() ? Rerun::kContinue : Rerun::kUnknown;
}

inline ReadColumns SqlSource::columns_of(std::string_view split, std::vector<SourceColumn> wanted) {
  return subject().read(std::move(wanted), subject().order(split != kWhole));
}

// Null: it is read in one piece.
inline const KeyRange* SqlSource::range_of(std::string_view split) const {
  if (split == kWhole) return nullptr;
  const auto range = ranges_.find(split);
  if (range == ranges_.end())
    throw Error(CM_NOT_FOUND, "there is no split \"" + std::string(split) + "\"");
  return &range->second;
}

inline std::vector<std::string> SqlSource::conditions_of(const KeyRange* range) {
  SourceSubject& what = subject();
  std::vector<std::string> conditions = what.conditions();
  if (range != nullptr)
    for (std::string& end : what.statements().up_to(*what.split_by(), *range))
      conditions.push_back(std::move(end));
  if (pending_) conditions.push_back(*pending_);
  if (const IncrementalOptions& incremental = options_.incremental; incremental.given()) {
    const std::string name = what.statements().column(incremental.cursor);
    conditions.push_back(name + " IS NOT NULL");
    if (incremental.lag.ms != 0)
      conditions.push_back(database().source_dialect().older_than(name, incremental.lag.ms));
  }
  return conditions;
}

inline std::unique_ptr<SourceLane> SqlSource::open(std::string_view split,
                                                   std::string_view position) {
  const KeyRange* range = range_of(split);
  LaneRange lane{std::string(split),
                 subject().name(),
                 columns_of(split, selected_ ? *selected_ : subject().columns()),
                 {},
                 conditions_of(range),
                 options_.page_rows,
                 options_.incremental.cursor};
  if (range != nullptr)
    lane.begin.push_back(subject().statements().from(*subject().split_by(), *range));
  return std::make_unique<RowsLane>(database(), subject().statements(), memory_, std::move(lane),
                                    position, host());
}

inline void SqlSource::records(std::string_view split, std::string_view begin,
                               std::span<const uint64_t> ordinals, RecordSink& out) {
  // The order that the lane's keys were kept in.
  const ReadColumns kept = columns_of(split, {});
  std::vector<Field> fields;
  for (const size_t i : kept.order) fields.push_back(kept.all[i].field);
  const std::vector<KeyText> found = memory_.find(std::string(split), begin, ordinals, fields);
  const ReadColumns columns = columns_of(split, subject().columns());
  std::vector<std::pair<uint64_t, KeyText>> keys;
  for (size_t i = 0; i < ordinals.size(); ++i) {
    if (found[i].empty()) continue;
    keys.emplace_back(ordinals[i], found[i]);
    if (keys.size() < kKeysAtOnce) continue;
    read_records(keys, columns, out);
    keys.clear();
  }
  if (!keys.empty()) read_records(keys, columns, out);
}

inline void SqlSource::read_records(const std::vector<std::pair<uint64_t, KeyText>>& keys,
                                    const ReadColumns& columns, RecordSink& out) {
  const std::string place = subject().name();
  std::vector<KeyText> wanted;
  std::map<KeyText, uint64_t> ordinals;
  for (const auto& [ordinal, key] : keys) {
    wanted.push_back(key);
    ordinals.emplace(key, ordinal);
  }
  const std::unique_ptr<Connection> db = database().connect();
  const SourceStatements& statements = subject().statements();
  const std::unique_ptr<RowStream> stream = database().stream(
      *db, statements.select(columns, {statements.among(columns, wanted)}, 0), columns);
  std::map<uint64_t, std::string> texts;
  const cm_row_errors ignored{nullptr, [](void*, const cm_row_error*) {}};
  RowErrors errors(&ignored);
  for (bool more = true; more;) {
    RowOutput row(columns, ReadLimits{1, 0, 0}, place, &errors);
    more = stream->next(row);
    if (row.records() == 0) continue;
    const auto found = ordinals.find(row.last_key());
    if (found != ordinals.end())
      texts[found->second] = row.row_count() == 1 ? row.row_json(0) : row.last_bad_json();
  }
  for (const auto& [ordinal, text] : texts) out.add(ordinal, text, place, 0);
}

inline std::unique_ptr<SourceLane> SqlSource::replay(std::vector<Record> records) {
  Schema schema;
  for (const SourceColumn& column : selected_ ? *selected_ : subject().columns())
    schema.fields.push_back(column.field);
  return std::make_unique<ReplayLane>(std::move(schema), std::move(records));
}

}  // namespace chunkmill::sql
