// Writes the batches of one stream into its table with COPY.
//
// Inserts go straight into the table. An upsert goes into a temporary table of the connection's
// first, and from there with INSERT ... SELECT ... ON CONFLICT. Keys that come several times in a
// batch act like rows one after the other: those rows are upserted one by one, on the server.
//
// An attempt is one message to the server and one answer: a savepoint, the COPY, and what follows
// it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chunkmill/sql/table_writer.hpp"
#include "plugins/databases/postgres/connection.hpp"
#include "plugins/databases/postgres/copy_rows.hpp"
#include "plugins/databases/postgres/dialect.hpp"
#include "plugins/databases/postgres/key_order.hpp"

namespace chunkmill::postgres {

class TableWriter final : public sql::TableWriter {
 public:
  // `index` is the stream's. The table must be there.
  TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect, size_t index);

 protected:
  void show(const Batch& batch) override { rows_->show(batch); }
  void reject_unstorable(const Batch& batch, RowErrors& errors) override;
  sql::Inserted insert(const Batch& batch, int64_t begin, int64_t end) override;
  bool sends_savepoint() const override { return true; }
  bool rows_refer_to_rows() const override { return rows_refer_to_rows_; }

 private:
  bool is_upsert() const { return target().mode == sql::Mode::kUpsert; }
  // Texts that the server would store without the spaces at their ends.
  void reject_cut_texts(const Batch& batch, size_t column, RowErrors& errors);
  void refuse(int64_t row, const char* code, const Field& field, const std::string& why,
              RowErrors& errors);
  void make_stages(const sql::ExistingTable& shape, const sql::Dialect& dialect);
  // What is sent for one attempt; `ordered`: with an ordinal for rows that go one by one;
  // `releases`: the savepoint of the attempt before goes first.
  std::string script(bool ordered, bool releases);
  std::variant<Copied, Failure> copy(const std::string& sql, int64_t begin, int64_t end,
                                     bool ordered, bool all_one_by_one);
  int64_t stored_rows(const Copied& copied, bool ordered) const;
  sql::BadRow bad_row(const Failure& failure, std::string_view copied, int64_t begin,
                      int64_t end) const;

  Connection* db_;
  std::vector<DeclaredType> types_;  // of the table's columns, one for each field
  std::unique_ptr<CopyRows> rows_;
  std::optional<KeyOrder> order_;  // of an upsert
  std::map<std::string, std::vector<std::string>> constraints_;
  bool rows_refer_to_rows_ = false;
  bool checks_are_deferred_ = false;
  std::string stage_;  // temporary tables, without and with ordinals
  std::string ordered_stage_;
  std::string copy_into_, merge_, ordered_copy_into_, ordered_merge_;
  int64_t stage_used_in_ = 0;  // the transaction that has rows in a stage
  Buffer<char> buffer_;
};

}  // namespace chunkmill::postgres
