// A lane of a SQL source: a connection of its own that streams one range of keys in their order.
// Where it is incremental it first reads the rows again that have the cursor value of its position,
// and leaves out those that it knows (key_ties.hpp).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/source.hpp"
#include "chunkmill/sql/key_memory.hpp"
#include "chunkmill/sql/source_database.hpp"
#include "chunkmill/sql/source_statements.hpp"

namespace chunkmill::sql {

// What a lane reads; a value.
struct LaneRange {
  std::string split;  // its id
  std::string place;  // for rejects: the table
  ReadColumns columns;
  // Where it begins when there is no key to resume behind: two lower bounds would leave the database
  // to choose which one it searches by.
  std::vector<std::string> begin;
  std::vector<std::string> conditions;  // all others
  uint64_t page_rows = 0;
  std::string cursor;  // of an incremental source; empty: it is none
};

class RowsLane final : public SourceLane {
 public:
  // `database`, `statements` and `memory` outlive it.
  RowsLane(SourceDatabase& database, const SourceStatements& statements, KeyMemory& memory,
           LaneRange range, std::string_view position, const Host& host)
      : database_(database),
        statements_(statements),
        memory_(memory),
        host_(host),
        range_(std::move(range)),
        position_(position),
        ties_(columns_text()) {
    std::string ties;
    if (!position.empty())
      key_ =
          read_position(position, range_.columns.order.size(), is_incremental() ? &ties : nullptr);
    if (!ties.empty()) rereads_ = ties_.read(key_.front(), ties);
    if (is_incremental() && !key_.empty() && !rereads_) {
      ties_.at(key_.front());
      ties_.know_none();
    }
    memory_.restart(range_.split, position_);
    connection_ = database_.connect();
  }

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    RowOutput rows(range_.columns, limits, range_.place, &errors);
    if (is_incremental()) rows.keep_bad_rows();
    while (rereads_ && !rows.full()) reread(rows);
    const int64_t reread_rows = rows.row_count();
    const uint64_t reread_records = rows.records();
    while (!ended_ && !rereads_ && !rows.full()) {
      if (stream_ == nullptr) start();
      const uint64_t before = rows.records();
      const bool more = stream_->next(rows);
      in_page_ += rows.records() - before;
      if (rows.records() > before) key_ = rows.last_key();
      if (!more) end_select();
    }
    if (is_incremental() && rows.records() > reread_records) {
      rows.add_last_to(&ties_, key_, reread_rows);
      if (ties_.is_full()) ties_.give_up();
    }
    if (ended_ && ties_.too_many()) tell_of_ties();
    if (rows.records() == 0) return false;
    hand_over(rows, out);
    return true;
  }

  std::string position() const override { return position_; }
  void committed(std::string_view position) override { memory_.committed(range_.split, position); }

 private:
  bool is_incremental() const { return !range_.cursor.empty(); }

  std::string columns_text() const {
    std::string text;
    for (const SourceColumn& column : range_.columns.all)
      text += column.field.name + " " + column.field.type_text() + ",";
    return text;
  }

  // The rows of the position's cursor value. `key_` stays: the others are behind it.
  void reread(RowOutput& rows) {
    constexpr uint64_t kMost = KeyTies::kMost + 1;
    if (stream_ == nullptr) {
      if (!connection_->in_transaction()) database_.begin_reading(*connection_);
      std::vector<std::string> conditions = range_.conditions;
      conditions.push_back(statements_.tied_with(range_.columns, key_));
      stream_ = database_.stream(
          *connection_, statements_.select(range_.columns, conditions, kMost), range_.columns);
    }
    rows.leave_out(&ties_);
    const bool more = stream_->next(rows);
    rows.leave_out(nullptr);
    if (more) return;
    stream_.reset();
    connection_->rollback();
    rereads_ = false;
    if (ties_.met() == kMost) {
      tell_of_ties();
    } else {
      ties_.forget_others();
    }
  }

  // Told once: what may be missed, and what helps.
  void tell_of_ties() {
    if (std::exchange(told_, true)) return;
    host_.warn(range_.place + ": more than " + std::to_string(KeyTies::kMost) +
               " rows have the same last value of the cursor \"" + range_.cursor +
               "\": rows that change later and get that same value are not read. Take a cursor "
               "that is finer, or a timestamp with `lag`, so that a value is read when it is over");
  }

  void start() {
    if (!connection_->in_transaction()) database_.begin_reading(*connection_);
    std::vector<std::string> conditions = range_.conditions;
    const std::vector<std::string> from =
        key_.empty() ? range_.begin : std::vector{statements_.after(range_.columns, key_)};
    conditions.insert(conditions.end(), from.begin(), from.end());
    in_page_ = 0;
    stream_ = database_.stream(*connection_,
                               statements_.select(range_.columns, conditions, range_.page_rows),
                               range_.columns);
  }

  // A page that came full has another one behind it.
  void end_select() {
    stream_.reset();
    connection_->rollback();
    ended_ = range_.page_rows == 0 || in_page_ < range_.page_rows;
  }

  void hand_over(RowOutput& rows, ArrowArray* out) {
    const int64_t count = rows.row_count();
    KeyMemory::Part part;
    const std::string ties = ties_.empty() ? std::string() : ties_.text();
    part.begin = std::exchange(position_, write_position(key_, ties));
    part.records = rows.records();
    part.bad = rows.bad_ordinals();
    std::vector<ArrowArray> arrays = rows.finish();
    for (const size_t i : range_.columns.order) {
      part.keys.emplace_back(range_.columns.all[i].field.type).append_column(arrays[i], 0, count);
      part.bytes += part.keys.back().byte_size();
    }
    memory_.add(range_.split, std::move(part));
    for (size_t i = range_.columns.batch_columns; i < arrays.size(); ++i)
      arrays[i].release(&arrays[i]);
    arrays.resize(range_.columns.batch_columns);
    make_struct_array(std::move(arrays), count, out);
  }

  SourceDatabase& database_;
  const SourceStatements& statements_;
  KeyMemory& memory_;
  const Host& host_;
  const LaneRange range_;
  std::string position_;
  KeyTies ties_;          // of the cursor value of key_; empty where there is none
  bool rereads_ = false;  // the rows of the position's cursor value come first
  bool told_ = false;
  KeyText key_;  // of the last row; empty at the start
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<RowStream> stream_;  // ends before its connection
  uint64_t in_page_ = 0;
  bool ended_ = false;
};

}  // namespace chunkmill::sql
