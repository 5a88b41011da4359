#include "plugins/calculators/scope3/common/carried.hpp"

#include "chunkmill/format.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

uint64_t word(bool value) { return value ? 1 : 0; }
uint64_t word(int32_t value) { return static_cast<uint64_t>(value); }
uint64_t word(int64_t value) { return static_cast<uint64_t>(value); }
uint64_t word(double value) { return std::bit_cast<uint64_t>(value); }
uint64_t word(Date value) { return static_cast<uint64_t>(value.days); }
uint64_t word(Timestamp value) { return static_cast<uint64_t>(value.micros); }

// Calls `call` with a value of the C++ type that `type` holds; false for types that are not
// carried.
template <typename F>
bool with_type(Type type, F&& call) {
  switch (type) {
    case Type::kBool:
      return call(bool()), true;
    case Type::kInt32:
      return call(int32_t()), true;
    case Type::kInt64:
      return call(int64_t()), true;
    case Type::kFloat64:
      return call(double()), true;
    case Type::kUtf8:
      return call(std::string_view()), true;
    case Type::kDate32:
      return call(Date()), true;
    case Type::kTimestamp:
      return call(Timestamp()), true;
    case Type::kBinary:
    case Type::kDecimal128:
      break;
  }
  return false;
}

}  // namespace

void CarriedColumns::add(Columns& columns, const std::string& name, const std::string& option) {
  const int at = columns.available().find(name);
  // A missing column is the host's to report, with the option that named it.
  Type type = at < 0 ? Type::kUtf8 : columns.available()[static_cast<size_t>(at)].type;
  for (const Columns::Need& need : columns.needs())
    if (need.field.name == name) type = need.field.type;
  const bool carried = with_type(type, [&]<typename T>(T) {
    columns.in<std::optional<T>>(name, {}, option);
    Field field{name, type};
    if (at >= 0) field.unit = columns.available()[static_cast<size_t>(at)].unit;
    const Out<T> out = columns.main().add<T>(std::move(field));
    columns_.push_back({name, type, static_cast<size_t>(std::max(at, 0)), out.column()});
  });
  if (!carried)
    throw Error(CM_UNSUPPORTED, "column \"" + name + "\" is a " +
                                    columns.available()[static_cast<size_t>(at)].type_text() +
                                    ", which a result cannot carry; read it as string")
        .at(option);
}

bool CarriedColumns::is_null(const Batch& batch, size_t i, int64_t row) const {
  const ArrowArray& array = *batch.abi()->children[columns_[i].input];
  return ColumnRef(array, batch.abi()->offset).is_null(row);
}

void CarriedColumns::write(const Batch& batch, Outputs& out) const {
  for (const Carried& carried : columns_)
    out.stream(0)[carried.output].append_column(*batch.abi()->children[carried.input],
                                                batch.abi()->offset, batch.row_count());
}

void CarriedColumns::write_row(const Batch& batch, int64_t row, Outputs& out, int sum_of,
                               double sum) const {
  for (const Carried& carried : columns_)
    with_type(carried.type, [&]<typename T>(T) {
      if constexpr (std::is_same_v<T, double>) {
        if (static_cast<int>(carried.input) == sum_of) {
          ColumnBuilder& column = out.stream(0)[carried.output];
          return sum == sum ? column.append(sum) : column.append_null();
        }
      }
      out.stream(0)[carried.output].append(batch.column<T>(carried.input).get(row));
    });
}

void CarriedColumns::append_text(const Batch& batch, size_t i, int64_t row,
                                 std::string* out) const {
  with_type(columns_[i].type, [&]<typename T>(T) {
    const auto view = batch.column<T>(columns_[i].input);
    if (view.is_null(row)) return;
    if constexpr (std::is_same_v<T, std::string_view>) {
      out->append(view[row]);
    } else if constexpr (std::is_same_v<T, bool>) {
      out->append(view[row] ? "true" : "false");
    } else if constexpr (std::is_same_v<T, double>) {
      append_double(out, view[row]);
    } else if constexpr (std::is_same_v<T, Date>) {
      append_date32(out, view[row].days);
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      append_timestamp(out, view[row].micros);
    } else {
      append_integer(out, view[row]);
    }
  });
}

void CarriedColumns::hash(const Batch& batch, int64_t begin, size_t rows, uint64_t* hashes) const {
  std::fill_n(hashes, rows, RowHasher::kSeed);
  for (const Carried& carried : columns_) {
    with_type(carried.type, [&]<typename T>(T) {
      const auto view = batch.column<T>(carried.input);
      for (size_t i = 0; i < rows; ++i) {
        const int64_t row = begin + static_cast<int64_t>(i);
        if (view.is_null(row)) {
          hashes[i] = RowHasher::add_null(hashes[i]);
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          hashes[i] = RowHasher::add(hashes[i], view[row]);
        } else {
          hashes[i] = RowHasher::add(hashes[i], word(view[row]));
        }
      }
    });
  }
}

}  // namespace chunkmill::scope3
