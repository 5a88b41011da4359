// The rows of a batch as PostgreSQL's COPY wants them: in its binary format, or as text where a
// column of the table is of another type than ours and the server is to convert.
//
// Ownership: what show() was given must live until the last append(). Threads: one at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/batch.hpp"
#include "chunkmill/builder.hpp"

namespace chunkmill::postgres {

class CopyRows {
 public:
  explicit CopyRows(std::vector<Field> fields, std::vector<size_t> sources);
  virtual ~CopyRows() = default;

  // "binary" or "text", as COPY's FORMAT.
  virtual std::string_view format() const = 0;
  // What a COPY of any number of rows begins and ends with.
  virtual std::string_view header() const = 0;
  virtual std::string_view trailer() const = 0;
  // Appends a row. `first` is the value of a column of type integer before all others; -1: there is
  // none.
  virtual void append(int64_t row, int32_t first, Buffer<char>* out) const = 0;

  // The batch whose rows come next.
  void show(const Batch& batch);

 protected:
  struct Column {
    Field field;
    size_t source;
    ColumnRef values{};
    bool is_wide = false;  // an int32 for a bigint
  };
  std::vector<Column>& columns() { return columns_; }
  const std::vector<Column>& columns() const { return columns_; }
  template <ColumnType T>
  static T value(const Column& column, int64_t row) {
    return ColumnView<T>(column.values)[row];
  }

 private:
  std::vector<Column> columns_;
};

// `types` are those of the table's columns, as format_type() writes them, one for each field.
// Binary where each of them has the bytes of ours, else text.
std::unique_ptr<CopyRows> make_copy_rows(std::vector<Field> fields, std::vector<size_t> sources,
                                         const std::vector<std::string>& types);

}  // namespace chunkmill::postgres
