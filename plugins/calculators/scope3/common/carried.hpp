// Columns of the input that a result repeats: the row's id and what the user wants beside it.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/calculator.hpp"

namespace chunkmill::scope3 {

class CarriedColumns {
 public:
  void clear() { columns_.clear(); }
  // Declares column `name` as needed, and as an output under its own name and type. One that is
  // needed already, as the spend for example, is carried in the type it is needed in.
  void add(Columns& columns, const std::string& name, const std::string& option);

  // Columns are counted in the order in which they were added.
  size_t size() const { return columns_.size(); }
  const std::string& name(size_t i) const { return columns_[i].name; }
  bool is_null(const Batch& batch, size_t i, int64_t row) const;

  // Appends all rows of all columns.
  void write(const Batch& batch, Outputs& out) const;
  // Appends one row; of the column `sum_of` of the batch, where it is carried, `sum` (NaN: null).
  void write_row(const Batch& batch, int64_t row, Outputs& out, int sum_of, double sum) const;
  // Appends the value of column `i` as text; nothing for null.
  void append_text(const Batch& batch, size_t i, int64_t row, std::string* out) const;
  // Over the values of a row, to tell rows apart: one hash each, mixed into what `hashes` holds.
  void hash(const Batch& batch, int64_t begin, size_t rows, uint64_t* hashes) const;

 private:
  struct Carried {
    std::string name;
    Type type;
    size_t input;
    size_t output;
  };
  std::vector<Carried> columns_;
};

}  // namespace chunkmill::scope3
