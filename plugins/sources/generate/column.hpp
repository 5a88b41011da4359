// One column of made-up values. Every value is a function of the seed, the column's name and the
// row's number, and of nothing else: whoever asks for a row, in whatever order, gets the same one.
//
// Threads: any, once made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::generate {

// An entry of the option `columns`.
struct ColumnSpec {
  std::optional<int64_t> sequence;  // the number of the first row
  std::vector<double> uniform;      // smallest and largest value
  std::optional<int> decimals;      // of uniform; 0 makes whole numbers
  std::vector<std::string> choice;
  std::vector<double> weights;
  std::vector<uint32_t> text;     // length, or shortest and longest
  std::vector<std::string> date;  // first and last day
  std::vector<std::string> timestamp;
  std::string pattern;  // "SUP-{:06}"
  Percent nulls;
  std::string unit;

  void configure(Options& options);
};

class Column {
 public:
  // Throws Error(CM_INVALID) when the spec makes no sense, at the option's path.
  Column(std::string name, const ColumnSpec& spec, uint64_t seed);

  const Field& field() const { return field_; }
  // The same values as `type`, if this column can give them so.
  std::optional<Column> as(const Field& wanted) const;

  bool is_null(uint64_t row) const { return null_below_ != 0 && draw(row, 1) < null_below_; }
  // Appends the values of `count` rows from `first` on.
  void fill(uint64_t first, uint64_t count, ColumnBuilder* out) const;
  // Appends the value, which is not null, as text.
  void append_text(uint64_t row, std::string* out) const;
  // True when that text is JSON as it stands.
  bool is_number() const { return kind_ == Kind::kInteger || kind_ == Kind::kFloat; }
  // Bytes of one value in a batch, roughly.
  size_t width() const;

 private:
  enum class Kind { kInteger, kFloat, kChoice, kText, kDate, kTimestamp };

  // 64 random bits for a row. Draws of different `turn` do not depend on each other.
  uint64_t draw(uint64_t row, uint64_t turn = 0) const {
    uint64_t bits = seed_ + (turn << 56) + row * 0x9e3779b97f4a7c15;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    return bits ^ bits >> 31;
  }
  // Evenly from 0 to `most`.
  uint64_t draw_below_or_at(uint64_t row, uint64_t most, uint64_t turn = 0) const {
    __extension__ typedef unsigned __int128 Wide;
    const Wide wide = Wide(draw(row, turn)) * (Wide(most) + 1);
    return static_cast<uint64_t>(wide >> 64);
  }
  int64_t integer(uint64_t row) const {
    const uint64_t step = is_sequence_ ? row : draw_below_or_at(row, span_);
    return static_cast<int64_t>(static_cast<uint64_t>(low_) + step);
  }
  double number(uint64_t row) const;
  size_t chosen(uint64_t row) const;
  void append_letters(uint64_t row, std::string* out) const;
  void append_pattern(int64_t number, std::string* out) const;

  void use_uniform(const ColumnSpec& spec);
  void use_choice(const ColumnSpec& spec);
  void use_text(const ColumnSpec& spec);
  void use_dates(const ColumnSpec& spec);
  void use_pattern(const std::string& pattern);
  bool parse_choices(const Field& wanted);
  [[noreturn]] void refuse(const char* option, const std::string& why) const;

  template <typename Value>
  void fill_with(uint64_t first, uint64_t count, ColumnBuilder* out, Value value) const;
  void fill_choice(uint64_t first, uint64_t count, ColumnBuilder* out) const;
  void fill_text(uint64_t first, uint64_t count, ColumnBuilder* out) const;

  Field field_;
  Kind kind_ = Kind::kInteger;
  bool as_text_ = false;  // the text of a value that is none
  uint64_t seed_ = 0;
  uint64_t null_below_ = 0;
  bool is_sequence_ = false;
  int64_t low_ = 0;    // of integers, scaled numbers, days, seconds and text lengths
  uint64_t span_ = 0;  // largest - smallest
  double scale_ = 1;   // numbers: 10^decimals; 0: all bits of a double
  double low_number_ = 0;
  double number_span_ = 0;
  std::vector<std::string> choices_;
  std::vector<uint64_t> choice_below_;  // a draw below this is that choice; empty: all alike
  std::vector<int64_t> choice_integers_;
  std::vector<double> choice_numbers_;
  bool has_pattern_ = false;
  std::string before_, after_;
  size_t digits_ = 0;
};

}  // namespace chunkmill::generate
