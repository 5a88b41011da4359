#include "plugins/databases/postgres/key_order.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

#include "plugins/databases/postgres/wire.hpp"

namespace chunkmill::postgres {
namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

template <typename T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Orders as the signed number does.
uint64_t biased(int64_t value) { return static_cast<uint64_t>(value) ^ kSignBit; }

// The first eight bytes as a number that orders as the text does.
uint64_t first_bytes(std::string_view text) {
  char bytes[8] = {};
  std::memcpy(bytes, text.data(), std::min(text.size(), sizeof bytes));
  return read_big<uint64_t>(bytes);
}

}  // namespace

uint64_t KeyOrder::prefix_of(const Key& key, int64_t row) {
  const auto value = [&]<typename T>(T) { return ColumnView<T>(key.values)[row]; };
  switch (key.type) {
    case Type::kBool:
      return value(false) ? 1 : 0;
    case Type::kInt32:
      return biased(value(int32_t{}));
    case Type::kInt64:
      return biased(value(int64_t{}));
    case Type::kUtf8:
    case Type::kBinary: {
      const std::string_view text = value(std::string_view());
      return text.empty() ? 0 : first_bytes(text);
    }
    case Type::kDate32:
      return biased(value(Date{}).days);
    case Type::kTimestamp:
      return biased(value(Timestamp{}).micros);
    case Type::kFloat64:
    case Type::kDecimal128:
      break;
  }
  return 0;
}

int KeyOrder::compare(const Key& key, int64_t a, int64_t b) {
  const auto by = [&]<typename T>(T, auto&& get) {
    const ColumnView<T> values(key.values);
    return three_way(get(values[a]), get(values[b]));
  };
  const auto itself = [](auto value) { return value; };
  switch (key.type) {
    case Type::kBool:
      return by(false, itself);
    case Type::kInt32:
      return by(int32_t{}, itself);
    case Type::kInt64:
      return by(int64_t{}, itself);
    case Type::kFloat64:
      // The bits, with one zero only: NaN must have a place in the order, too.
      return by(double{}, [](double v) { return std::bit_cast<int64_t>(v == 0 ? 0.0 : v); });
    case Type::kUtf8:
    case Type::kBinary:
      return by(std::string_view(), itself);
    case Type::kDate32:
      return by(Date{}, [](Date v) { return v.days; });
    case Type::kTimestamp:
      return by(Timestamp{}, [](Timestamp v) { return v.micros; });
    case Type::kDecimal128:
      return by(Int128{}, itself);
  }
  return 0;
}

int KeyOrder::compare(int64_t a, int64_t b) const {
  for (const Key& key : shown_)
    if (const int order = compare(key, a, b); order != 0) return order;
  return 0;
}

void KeyOrder::sort(const Batch& batch, int64_t begin, int64_t end) {
  shown_.clear();
  for (const auto& [source, type] : keys_)
    shown_.push_back({type, ColumnRef(*batch.abi()->children[source], batch.abi()->offset)});
  const auto count = static_cast<size_t>(end - begin);
  entries_.clear();
  for (int64_t row = begin; row < end; ++row)
    entries_.push_back({prefix_of(shown_.front(), row), static_cast<uint32_t>(row)});
  const auto is_before = [this](const Entry& a, const Entry& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int order = compare(a.row, b.row);
    return order != 0 ? order < 0 : a.row < b.row;
  };
  if (!std::is_sorted(entries_.begin(), entries_.end(), is_before))
    std::sort(entries_.begin(), entries_.end(), is_before);

  rows_.clear();
  repeated_.assign(count, false);
  has_repeated_ = false;
  for (size_t i = 0; i < count; ++i) {
    rows_.push_back(entries_[i].row);
    if (i == 0 || entries_[i - 1].prefix != entries_[i].prefix ||
        compare(entries_[i - 1].row, entries_[i].row) != 0)
      continue;
    repeated_[i - 1] = repeated_[i] = true;
    has_repeated_ = true;
  }
}

}  // namespace chunkmill::postgres
