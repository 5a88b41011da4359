#include "column.hpp"

#include <algorithm>
#include <cmath>

#include "chunkmill/format.hpp"
#include "chunkmill/hash.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::generate {
namespace {

constexpr double kTwoTo64 = 18446744073709551616.0;

// `share` of all 64-bit values, from 0 to 1.
uint64_t share_of_draws(double share) {
  return share >= 1 ? UINT64_MAX : static_cast<uint64_t>(share * kTwoTo64);
}

}  // namespace

void ColumnSpec::configure(Options& options) {
  options.optional("sequence", sequence, "whole numbers one after the other, from this one");
  options.optional("uniform", uniform, "numbers between [smallest, largest]");
  options.optional("decimals", decimals, "of uniform; 0 makes whole numbers");
  options.optional("choice", choice, "one of these");
  options.optional("weights", weights, "how often each choice comes; if not given, all alike");
  options.optional("text", text, "random letters, this many, or [fewest, most]");
  options.optional("date", date, "a day between [first, last]");
  options.optional("timestamp", timestamp, "a second between [first, last]");
  options.optional("pattern", pattern,
                   "text around a number from `sequence` or `uniform`, in place of {} or {:06}");
  options.optional("nulls", nulls, "share of nulls");
  options.optional("unit", unit, "unit of the values");
}

Column::Column(std::string name, const ColumnSpec& spec, uint64_t seed) {
  field_.name = std::move(name);
  field_.unit = spec.unit;
  // A turn of draw() shows in the highest byte; the rest keeps columns apart.
  seed_ = (seed + 1) * 0x9e3779b97f4a7c15 ^ stable_hash(field_.name);
  null_below_ = share_of_draws(spec.nulls.value / 100);
  field_.nullable = null_below_ != 0;

  const int kinds = (spec.sequence ? 1 : 0) + (spec.uniform.empty() ? 0 : 1) +
                    (spec.choice.empty() ? 0 : 1) + (spec.text.empty() ? 0 : 1) +
                    (spec.date.empty() ? 0 : 1) + (spec.timestamp.empty() ? 0 : 1);
  if (kinds > 1 || (kinds == 0 && spec.pattern.empty()))
    throw Error(CM_INVALID,
                "say one of sequence, uniform, choice, text, date, timestamp and pattern")
        .at("columns." + field_.name);
  if (spec.decimals && spec.uniform.empty()) refuse("decimals", "it belongs to uniform");
  if (!spec.weights.empty() && spec.choice.empty()) refuse("weights", "they belong to choice");
  if (!spec.uniform.empty()) {
    use_uniform(spec);
  } else if (!spec.choice.empty()) {
    use_choice(spec);
  } else if (!spec.text.empty()) {
    use_text(spec);
  } else if (!spec.date.empty() || !spec.timestamp.empty()) {
    use_dates(spec);
  } else {
    is_sequence_ = true;
    low_ = spec.sequence.value_or(1);
    field_.type = Type::kInt64;
  }
  if (!spec.pattern.empty()) use_pattern(spec.pattern);
}

void Column::refuse(const char* option, const std::string& why) const {
  throw Error(CM_INVALID, why).at("columns." + field_.name + "." + option);
}

void Column::use_uniform(const ColumnSpec& spec) {
  constexpr int kMostDecimals = 9;
  constexpr double kMost = 9e15;  // whole numbers up to here are exact
  if (spec.uniform.size() != 2 || !(spec.uniform[0] <= spec.uniform[1]))
    refuse("uniform", "expected [smallest, largest]");
  if (spec.decimals && (*spec.decimals < 0 || *spec.decimals > kMostDecimals))
    refuse("decimals", "it must be between 0 and 9");
  kind_ = spec.decimals == 0 ? Kind::kInteger : Kind::kFloat;
  field_.type = kind_ == Kind::kInteger ? Type::kInt64 : Type::kFloat64;
  if (!spec.decimals) {
    scale_ = 0;
    low_number_ = spec.uniform[0];
    number_span_ = spec.uniform[1] - spec.uniform[0];
    if (!std::isfinite(number_span_)) refuse("uniform", "the bounds are too far apart");
    return;
  }
  scale_ = std::pow(10.0, *spec.decimals);
  const double low = std::ceil(spec.uniform[0] * scale_ - 1e-6);
  const double high = std::floor(spec.uniform[1] * scale_ + 1e-6);
  if (low < -kMost || high > kMost)
    refuse("uniform", "with these decimals the bounds are beyond 9e15 units; use fewer decimals");
  if (low > high) refuse("uniform", "no number with these decimals lies between the bounds");
  low_ = static_cast<int64_t>(low);
  span_ = static_cast<uint64_t>(static_cast<int64_t>(high) - low_);
}

void Column::use_choice(const ColumnSpec& spec) {
  kind_ = Kind::kChoice;
  field_.type = Type::kUtf8;
  choices_ = spec.choice;
  if (spec.weights.empty()) return;
  double sum = 0;
  for (const double weight : spec.weights) {
    if (!(weight >= 0)) refuse("weights", "a weight cannot be below 0");
    sum += weight;
  }
  if (spec.weights.size() != choices_.size())
    refuse("weights", "there are " + std::to_string(spec.weights.size()) + " weights for " +
                          std::to_string(choices_.size()) + " choices");
  if (!(sum > 0) || !std::isfinite(sum)) refuse("weights", "one of them must be above 0");
  double below = 0;
  for (const double weight : spec.weights)
    choice_below_.push_back(share_of_draws((below += weight) / sum));
  // Sums of fractions may end just short of all draws; the rest goes to the last that has a share.
  for (size_t i = choice_below_.size(); i-- > 0;) {
    choice_below_[i] = UINT64_MAX;
    if (spec.weights[i] > 0) break;
  }
}

void Column::use_text(const ColumnSpec& spec) {
  constexpr uint32_t kMost = 1 << 20;
  if (spec.text.size() > 2 || spec.text.front() > spec.text.back() || spec.text.back() > kMost)
    refuse("text", "expected a length, or [fewest, most], up to 1048576");
  kind_ = Kind::kText;
  field_.type = Type::kUtf8;
  low_ = spec.text.front();
  span_ = spec.text.back() - spec.text.front();
}

void Column::use_dates(const ColumnSpec& spec) {
  const bool is_date = !spec.date.empty();
  const char* const option = is_date ? "date" : "timestamp";
  const std::vector<std::string>& texts = is_date ? spec.date : spec.timestamp;
  if (texts.size() != 2) refuse(option, "expected [first, last]");
  int64_t bounds[2] = {};
  for (size_t i = 0; i < 2; ++i) {
    int32_t days = 0;
    int64_t micros = 0;
    const ParseFault fault =
        is_date ? parse_date32(texts[i], &days) : parse_timestamp(texts[i], &micros);
    if (fault != ParseFault::kNone)
      refuse(option, "\"" + texts[i] + "\" is not one; write it like " +
                         (is_date ? "2024-02-29" : "2024-02-29T12:30:00Z"));
    bounds[i] = is_date ? days : micros / 1'000'000;
  }
  if (bounds[0] > bounds[1]) refuse(option, "the first comes after the last");
  kind_ = is_date ? Kind::kDate : Kind::kTimestamp;
  field_.type = is_date ? Type::kDate32 : Type::kTimestamp;
  low_ = bounds[0];
  span_ = static_cast<uint64_t>(bounds[1] - bounds[0]);
}

void Column::use_pattern(const std::string& pattern) {
  if (kind_ != Kind::kInteger)
    refuse("pattern", "it takes whole numbers, from sequence or from uniform with decimals: 0");
  const size_t open = pattern.find('{');
  const size_t close = pattern.find('}', open);
  const std::string inside = open == pattern.npos || close == pattern.npos
                                 ? "none"
                                 : pattern.substr(open + 1, close - open - 1);
  const bool padded = inside.size() >= 3 && inside.starts_with(":0") && inside.size() <= 4 &&
                      std::all_of(inside.begin() + 2, inside.end(), chunkmill::detail::is_digit);
  if (!inside.empty() && !padded)
    refuse("pattern", "it needs one {} or, padded with zeros to six digits, {:06}");
  if (padded) digits_ = static_cast<size_t>(std::stoi(inside.substr(2)));
  has_pattern_ = true;
  before_ = pattern.substr(0, open);
  after_ = pattern.substr(close + 1);
  field_.type = Type::kUtf8;
}

std::optional<Column> Column::as(const Field& wanted) const {
  Column column = *this;
  if (wanted.same_type(field_)) return column;
  column.field_.type = wanted.type;
  if (wanted.type == Type::kUtf8) {
    column.as_text_ = true;
    return column;
  }
  if (kind_ == Kind::kChoice && column.parse_choices(wanted)) return column;
  return std::nullopt;
}

// Choices are text until somebody wants numbers.
bool Column::parse_choices(const Field& wanted) {
  const bool is_integer = wanted.type == Type::kInt64;
  if (!is_integer && wanted.type != Type::kFloat64) return false;
  for (const std::string& choice : choices_) {
    int64_t integer = 0;
    double value = 0;
    const ParseFault fault =
        is_integer ? parse_int64(choice, &integer) : parse_double(choice, &value);
    if (fault != ParseFault::kNone) return false;
    choice_integers_.push_back(integer);
    choice_numbers_.push_back(value);
  }
  return true;
}

double Column::number(uint64_t row) const {
  if (scale_ == 0) {
    const double share = static_cast<double>(draw(row) >> 11) * 0x1p-53;
    return low_number_ + share * number_span_;
  }
  return static_cast<double>(integer(row)) / scale_;
}

size_t Column::chosen(uint64_t row) const {
  if (choice_below_.empty()) return static_cast<size_t>(draw_below_or_at(row, choices_.size() - 1));
  // The last bound is above every draw but one, which is as good as any other.
  const auto found = std::upper_bound(choice_below_.begin(), choice_below_.end() - 1, draw(row));
  return static_cast<size_t>(found - choice_below_.begin());
}

void Column::append_letters(uint64_t row, std::string* out) const {
  auto left = static_cast<uint64_t>(low_) + draw_below_or_at(row, span_, 2);
  // Five bits a letter; 'a' to 'z' and some twice.
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzaeinrt";
  for (uint64_t turn = 3; left > 0; ++turn) {
    uint64_t bits = draw(row ^ turn << 40, 3);
    for (int i = 0; i < 12 && left > 0; ++i, --left, bits >>= 5)
      out->push_back(kLetters[bits & 31]);
  }
}

void Column::append_pattern(int64_t number, std::string* out) const {
  out->append(before_);
  char text[kNumberChars];
  const char* const end = std::to_chars(text, text + sizeof text, number).ptr;
  const char* begin = text;
  if (*begin == '-') out->push_back(*begin++);
  const auto size = static_cast<size_t>(end - begin);
  if (size < digits_) out->append(digits_ - size, '0');
  out->append(begin, end);
  out->append(after_);
}

void Column::append_text(uint64_t row, std::string* out) const {
  switch (kind_) {
    case Kind::kInteger:
      return has_pattern_ ? append_pattern(integer(row), out) : append_integer(out, integer(row));
    case Kind::kFloat:
      return append_double(out, number(row));
    case Kind::kChoice:
      out->append(choices_[chosen(row)]);
      return;
    case Kind::kText:
      return append_letters(row, out);
    case Kind::kDate:
      return append_date32(out, static_cast<int32_t>(integer(row)));
    case Kind::kTimestamp:
      return append_timestamp(out, integer(row) * 1'000'000);
  }
}

template <typename Value>
void Column::fill_with(uint64_t first, uint64_t count, ColumnBuilder* out, Value value) const {
  if (null_below_ == 0) {
    for (uint64_t row = first; row < first + count; ++row) out->append(value(row));
    return;
  }
  for (uint64_t row = first; row < first + count; ++row) {
    if (is_null(row)) {
      out->append_null();
    } else {
      out->append(value(row));
    }
  }
}

void Column::fill_choice(uint64_t first, uint64_t count, ColumnBuilder* out) const {
  if (field_.type == Type::kInt64)
    return fill_with(first, count, out,
                     [this](uint64_t row) { return choice_integers_[chosen(row)]; });
  if (field_.type == Type::kFloat64)
    return fill_with(first, count, out,
                     [this](uint64_t row) { return choice_numbers_[chosen(row)]; });
  fill_with(first, count, out,
            [this](uint64_t row) { return std::string_view(choices_[chosen(row)]); });
}

void Column::fill_text(uint64_t first, uint64_t count, ColumnBuilder* out) const {
  std::string text;
  fill_with(first, count, out, [&](uint64_t row) {
    text.clear();
    append_text(row, &text);
    return std::string_view(text);
  });
}

void Column::fill(uint64_t first, uint64_t count, ColumnBuilder* out) const {
  out->reserve(static_cast<int64_t>(count), static_cast<size_t>(count) * width());
  if (kind_ == Kind::kChoice) return fill_choice(first, count, out);
  if (as_text_ || has_pattern_ || kind_ == Kind::kText) return fill_text(first, count, out);
  switch (kind_) {
    case Kind::kFloat:
      return fill_with(first, count, out, [this](uint64_t row) { return number(row); });
    case Kind::kDate:
      return fill_with(first, count, out,
                       [this](uint64_t row) { return Date{static_cast<int32_t>(integer(row))}; });
    case Kind::kTimestamp:
      return fill_with(first, count, out,
                       [this](uint64_t row) { return Timestamp{integer(row) * 1'000'000}; });
    default:
      return fill_with(first, count, out, [this](uint64_t row) { return integer(row); });
  }
}

size_t Column::width() const {
  if (!has_offsets(field_.type)) return type_width(field_.type);
  switch (kind_) {
    case Kind::kText:
      return static_cast<size_t>(low_) + span_ / 2;
    case Kind::kChoice: {
      size_t bytes = 0;
      for (const std::string& choice : choices_) bytes += choice.size();
      return bytes / choices_.size() + 1;
    }
    default:
      return before_.size() + after_.size() + std::max<size_t>(digits_, 10);
  }
}

}  // namespace chunkmill::generate
