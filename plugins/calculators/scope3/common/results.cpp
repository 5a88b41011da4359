#include "plugins/calculators/scope3/common/results.hpp"

#include <cstdlib>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr PaddedText kMatchNames[] = {PaddedText("exact"), PaddedText("parent"),
                                      PaddedText("supplier")};
constexpr size_t kIdSize = 16;

// The text of every combination of flags.
class FlagTexts {
 public:
  FlagTexts() {
    for (size_t mask = 0; mask < std::size(texts_); ++mask) {
      std::string joined;
      for (size_t i = 0; i < kFlags; ++i) {
        if ((mask >> i & 1) == 0) continue;
        if (!joined.empty()) joined += ',';
        joined += kFlagNames[i];
      }
      texts_[mask] = arena_.add(joined);
    }
  }
  Text operator[](uint16_t mask) const { return texts_[mask]; }

 private:
  TextArena arena_;
  Text texts_[1 << kFlags];
};

// Appends scratch.bytes, cut at scratch.offsets, to a column in one piece. The first block of a
// batch tells how much room its texts will need.
void append_block(ResultScratch& scratch, size_t rows, ColumnBuilder& column) {
  if (column.size() == 0) {
    const auto used = static_cast<size_t>(scratch.offsets[rows]);
    const auto batch = static_cast<size_t>(scratch.batch_rows);
    column.reserve(scratch.batch_rows, used * batch / rows + used / 8);
  }
  const void* buffers[] = {nullptr, scratch.offsets.data(), scratch.bytes.data()};
  ArrowArray array{};
  array.length = static_cast<int64_t>(rows);
  array.n_buffers = 3;
  array.buffers = buffers;
  column.append_column(array, 0, array.length);
}

template <typename T, size_t N>
void append_block(const std::array<T, N>& values, size_t rows, ColumnBuilder& column) {
  const void* buffers[] = {nullptr, values.data()};
  ArrowArray array{};
  array.length = static_cast<int64_t>(rows);
  array.n_buffers = 2;
  array.buffers = buffers;
  column.append_column(array, 0, array.length);
}

template <typename TextOf>
void write_text(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                TextOf text_of) {
  size_t used = 0;
  char* bytes = scratch.bytes.data();
  for (size_t i = 0; i < lines.size(); ++i) {
    const Text text = text_of(lines[i]);
    if (used + text.size + kTextPad > scratch.bytes.size()) {
      scratch.bytes.resize(2 * (used + text.size + kTextPad));
      bytes = scratch.bytes.data();
    }
    // One move of fixed size for nearly all texts.
    std::memcpy(bytes + used, text.data, kTextPad);
    if (text.size > kTextPad) [[unlikely]]
      std::memcpy(bytes + used, text.data, text.size);
    used += text.size;
    scratch.offsets[i + 1] = static_cast<int32_t>(used);
  }
  append_block(scratch, lines.size(), column);
}

template <typename NumberOf>
void write_doubles(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                   NumberOf number_of) {
  for (size_t i = 0; i < lines.size(); ++i) scratch.doubles[i] = number_of(lines[i]);
  append_block(scratch.doubles, lines.size(), column);
}

template <typename NumberOf>
void write_integers(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                    NumberOf number_of) {
  for (size_t i = 0; i < lines.size(); ++i) scratch.integers[i] = number_of(lines[i]);
  append_block(scratch.integers, lines.size(), column);
}

}  // namespace

int32_t time_score(int32_t factor_year, int32_t row_year) {
  if (factor_year == 0 || row_year == 0) return 4;
  const int32_t apart = std::abs(factor_year - row_year);
  return apart < 3 ? 1 : apart < 6 ? 2 : apart < 10 ? 3 : 4;
}

int32_t geography_score(const Factor& factor, uint64_t row_region) {
  if (factor.region == 0 || row_region == 0) return 4;
  if (factor.region == row_region) return 1;
  return is_world(factor.region) ? 2 : 3;
}

void ResultColumns::declare(Columns& columns, int32_t category, Detail detail,
                            uint64_t settings_hash) {
  *this = ResultColumns();
  category_number_ = category;
  settings_hash_ = settings_hash;
  const auto add = [&]<typename T>(std::optional<Out<T>>& out, std::string_view name, Detail from,
                                   std::string_view unit = {}) {
    if (detail >= from) out = columns.out<T>(name, unit);
  };
  add(category_, "category", Detail::kLean);
  add(method_, "method", Detail::kLean);
  add(method_reason_, "method_reason", Detail::kStandard);
  add(activity_amount_, "activity_amount", Detail::kLean);
  add(activity_unit_, "activity_unit", Detail::kLean);
  add(factor_id_, "factor_id", Detail::kLean);
  add(factor_set_, "factor_set", Detail::kStandard);
  add(factor_set_version_, "factor_set_version", Detail::kStandard);
  add(factor_value_, "factor_value", Detail::kLean);
  add(factor_unit_, "factor_unit", Detail::kStandard);
  add(match_level_, "match_level", Detail::kStandard);
  add(factor_year_, "factor_year", Detail::kFull);
  add(factor_region_, "factor_region", Detail::kFull);
  add(price_basis_, "price_basis", Detail::kFull);
  add(boundary_, "boundary", Detail::kFull);
  add(gwp_set_, "gwp_set", Detail::kStandard);
  add(factor_hash_, "factor_hash", Detail::kFull);
  add(time_score_, "time_score", Detail::kFull);
  add(geography_score_, "geography_score", Detail::kFull);
  add(emissions_, "emissions_kgco2e", Detail::kLean, "kgCO2e");
  add(runner_up_method_, "runner_up_method", Detail::kStandard);
  add(runner_up_kg_, "runner_up_kgco2e", Detail::kStandard, "kgCO2e");
  add(flags_, "flags", Detail::kLean);
  add(result_id_, "result_id", Detail::kLean);
}

void ResultColumns::begin(int64_t rows, ResultScratch& scratch, Outputs& out) const {
  out.stream(0).reserve(rows);
  scratch.batch_rows = rows;
}

void ResultColumns::write(const std::vector<Line>& lines, ResultScratch& scratch,
                          Outputs& out) const {
  static const FlagTexts kFlagTexts;
  const auto text = [&](const TextOut& to, auto of) {
    if (to) write_text(lines, scratch, out[*to], of);
  };
  const auto number = [&](const DoubleOut& to, auto of) {
    if (to) write_doubles(lines, scratch, out[*to], of);
  };
  const auto integer = [&](const IntegerOut& to, auto of) {
    if (to) write_integers(lines, scratch, out[*to], of);
  };
  integer(category_, [this](const Line&) { return category_number_; });
  text(method_, [](const Line& l) { return Text(kMethodNames[static_cast<size_t>(l.method)]); });
  text(method_reason_,
       [](const Line& l) { return Text(kReasonNames[static_cast<size_t>(l.reason)]); });
  number(activity_amount_, [](const Line& l) { return l.amount; });
  text(activity_unit_, [](const Line& l) { return l.factor->denominator; });
  text(factor_id_, [](const Line& l) { return l.factor->id; });
  text(factor_set_, [](const Line& l) { return l.factor->set; });
  text(factor_set_version_, [](const Line& l) { return l.factor->set_version; });
  number(factor_value_, [](const Line& l) { return l.factor->value; });
  text(factor_unit_, [](const Line& l) { return l.factor->unit; });
  text(match_level_, [](const Line& l) { return Text(kMatchNames[static_cast<size_t>(l.match)]); });
  integer(factor_year_, [](const Line& l) { return l.factor->year; });
  text(factor_region_, [](const Line& l) { return l.factor->region_text; });
  text(price_basis_, [](const Line& l) { return l.factor->price_basis; });
  text(boundary_, [](const Line& l) { return l.factor->boundary_text; });
  text(gwp_set_, [](const Line& l) { return l.factor->gwp_set; });
  text(factor_hash_, [](const Line& l) { return l.factor->hash_text; });
  integer(time_score_, [](const Line& l) { return time_score(l.factor->year, l.row.year); });
  integer(geography_score_, [](const Line& l) { return geography_score(*l.factor, l.row.region); });
  number(emissions_, [](const Line& l) { return l.kg_co2e; });
  text(flags_, [](const Line& l) { return kFlagTexts[l.flags]; });
  write_runner_up(lines, out);
  write_ids(lines, scratch, out);
}

// Mostly null: only rows with more than one kind of data have a second method.
void ResultColumns::write_runner_up(const std::vector<Line>& lines, Outputs& out) const {
  if (!runner_up_kg_) return;
  ColumnBuilder& method = out[*runner_up_method_];
  ColumnBuilder& kg = out[*runner_up_kg_];
  for (const Line& line : lines) {
    if (std::isnan(line.runner_up_kg)) {
      method.append_null();
      kg.append_null();
    } else {
      method.append(Text(kMethodNames[static_cast<size_t>(line.runner_up)]).view());
      kg.append(line.runner_up_kg);
    }
  }
}

void ResultColumns::write_ids(const std::vector<Line>& lines, ResultScratch& scratch,
                              Outputs& out) const {
  if (scratch.bytes.size() < lines.size() * kIdSize) scratch.bytes.resize(kBlock * kIdSize);
  for (size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const uint64_t id = Hasher(settings_hash_)
                            .add(line.input_hash)
                            .add(line.amount)
                            .add(line.factor->hash)
                            .add(uint64_t{line.flags} << 8 | static_cast<uint8_t>(line.method))
                            .finish();
    write_hex(id, scratch.bytes.data() + i * kIdSize);
    scratch.offsets[i + 1] = static_cast<int32_t>((i + 1) * kIdSize);
  }
  append_block(scratch, lines.size(), out[*result_id_]);
}

}  // namespace chunkmill::scope3
