#include "plugins/calculators/sql/select_lane.hpp"

#include <algorithm>

#include "plugins/calculators/sql/result_cells.hpp"
#include "plugins/calculators/sql/scopes.hpp"

namespace chunkmill::select {
namespace {

struct Reset {
  sqlite3_stmt* statement;
  ~Reset() { sqlite3_reset(statement); }
};

std::string_view column_text(sqlite3_stmt* statement, int index) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// Failures that the row in hand is to blame for.
bool is_of_row(int result) {
  const int code = result & 0xFF;
  return code == SQLITE_ERROR || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG ||
         code == SQLITE_RANGE || code == SQLITE_CONSTRAINT;
}

}  // namespace

SelectLane::SelectLane(const Plan& plan, const Schema& chunk, const LookupTables* lookups,
                       const Host& host)
    : plan_(plan), host_(host), chunk_(db_, std::string(kChunk), chunk), one_pass_(plan.one_pass) {
  if (lookups != nullptr) lookups->attach(db_);
  statement_ = db_.prepare(plan.statement);
  one_pass_ = one_pass_ && chunk_is_outermost();
  copied_.resize(plan.results.size());
  if (one_pass_) hide_copied();
  // A statement that does not end can be stopped with the job.
  constexpr int kOperations = 1'000'000;
  sqlite3_progress_handler(
      db_.get(), kOperations,
      [](void* self) { return static_cast<SelectLane*>(self)->host_.cancelled() ? 1 : 0; }, this);
}

bool SelectLane::chunk_is_outermost() {
  const StatementPtr plan = db_.prepare("EXPLAIN QUERY PLAN " + plan_.statement);
  constexpr int kParent = 1;
  constexpr int kDetail = 3;
  while (sqlite3_step(plan.get()) == SQLITE_ROW) {
    const std::string_view detail = column_text(plan.get(), kDetail);
    const bool is_loop = detail.starts_with("SCAN ") || detail.starts_with("SEARCH ");
    if (sqlite3_column_int(plan.get(), kParent) != 0 || !is_loop) continue;
    // All other tables of its FROM are tables, or functions behind it.
    return detail.find("VIRTUAL TABLE INDEX 0:") != std::string_view::npos;
  }
  return false;
}

// Columns that the results alone read, as copies, need not be made values of SQL. The statement's
// own program is asked too how often it reads them: what it does beyond the statement's words
// makes it more.
void SelectLane::hide_copied() {
  if (plan_.reads.empty()) return;
  std::vector<int> by_program(plan_.reads.size());
  const StatementPtr program = db_.prepare("EXPLAIN " + plan_.statement);
  constexpr int kOpcode = 1;
  constexpr int kSecond = 3;
  while (sqlite3_step(program.get()) == SQLITE_ROW) {
    const auto column = static_cast<size_t>(sqlite3_column_int(program.get(), kSecond));
    if (column_text(program.get(), kOpcode) == "VColumn" && column < by_program.size())
      ++by_program[column];
  }
  for (size_t i = 0; i < plan_.reads.size(); ++i) {
    const auto copies = std::ranges::count_if(
        plan_.results, [&](const ResultColumn& one) { return one.copy_of == static_cast<int>(i); });
    if (copies > 0 && plan_.reads[i] == copies && by_program[i] == copies) chunk_.hide(i);
  }
}

void SelectLane::run(const Batch& batch, Outputs& outputs, RowErrors& errors) {
  chunk_.show(batch);
  for (size_t i = 0; i < copied_.size(); ++i) {
    if (const int from = plan_.results[i].copy_of; from >= 0)
      copied_[i] = ColumnRef(*batch.abi()->children[from], batch.abi()->offset);
  }
  parents_.clear();
  const int64_t rows = batch.row_count();
  for (int64_t row = 0; row < rows;) row = pass(row, one_pass_ ? rows : row + 1, outputs, errors);
  for (const int64_t parent : parents_) outputs.parent(0, parent);
}

void SelectLane::hand_over_if_full(Outputs& outputs) {
  constexpr size_t kLookEvery = 256;
  constexpr size_t kFullBytes = size_t{1} << 20;
  if (parents_.size() % kLookEvery != 0) return;
  BatchBuilder& out = outputs.stream(0);
  size_t bytes = parents_.size() * sizeof(int64_t);
  for (size_t i = 0; i < out.column_count(); ++i) bytes += out[i].byte_size();
  if (bytes < kFullBytes) return;
  for (const int64_t parent : parents_) outputs.parent(0, parent);
  parents_.clear();
  outputs.hand_over(0);
}

int64_t SelectLane::pass(int64_t begin, int64_t end, Outputs& outputs, RowErrors& errors) {
  BatchBuilder& out = outputs.stream(0);
  chunk_.show_rows(begin, end);
  const Reset reset{statement_.get()};
  while (true) {
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_DONE) return end;
    const int64_t row = one_pass_ ? chunk_.row() : begin;
    if (result == SQLITE_ROW) {
      if (append(row, out, errors)) {
        hand_over_if_full(outputs);
        continue;
      }
    } else {
      fail(result, row, errors);
    }
    // Of a rejected row nothing is put out. (Rows of it that are handed over already go away when
    // the host calculates without it.)
    while (!parents_.empty() && parents_.back() == row) parents_.pop_back();
    for (size_t i = 0; i < out.column_count(); ++i)
      out[i].truncate(static_cast<int64_t>(parents_.size()));
    return row + 1;
  }
}

bool SelectLane::append(int64_t row, BatchBuilder& out, RowErrors& errors) {
  for (size_t i = 0; i < plan_.results.size(); ++i) {
    const ResultColumn& result = plan_.results[i];
    if (one_pass_ && result.copy_of >= 0) {
      append_copy(copied_[i], row, &out[i]);
      continue;
    }
    const std::optional<BadCell> bad =
        append_result(statement_.get(), static_cast<int>(i), result.field, &out[i]);
    if (bad) {
      errors.report(row, bad->code, bad->message, result.field.name);
      return false;
    }
  }
  parents_.push_back(row);
  return true;
}

void SelectLane::fail(int result, int64_t row, RowErrors& errors) {
  const std::string message = sqlite3_errmsg(db_.get());
  if ((result & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  if ((result & 0xFF) == SQLITE_INTERRUPT)
    throw Error(CM_CANCELLED, "the statement was stopped with the job");
  // Before the first row it is the lookups that cannot be read, and no row is to blame.
  if (!is_of_row(result) || row < 0)
    throw Error(CM_INVALID, "the statement failed: " + message).at("select").vendor(result);
  RowFault fault;
  std::swap(fault, db_.fault());
  if (fault.column.empty() && !fault.code.empty())
    fault.column = chunk_.column_of(fault.value, row);
  errors.report(row, fault.code.empty() ? "sql_error" : fault.code, message, fault.column);
}

}  // namespace chunkmill::select
