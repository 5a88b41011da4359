#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "chunkmill/testing/rows.hpp"

namespace chunkmill {
namespace {

using testing::Rows;

UniqueArray finished(ColumnBuilder* column) {
  UniqueArray array;
  column->finish(array.get());
  return array;
}

template <typename T>
std::vector<std::optional<T>> values_of(const ArrowArray& array, int64_t parent_offset = 0) {
  const ColumnView<T> view(array, parent_offset);
  std::vector<std::optional<T>> out;
  for (int64_t row = 0; row < array.length - parent_offset; ++row) out.push_back(view.get(row));
  return out;
}

using Integers = std::vector<std::optional<int64_t>>;
using Truths = std::vector<std::optional<bool>>;
using Texts = std::vector<std::optional<std::string_view>>;

}  // namespace

TEST_CASE("builder: without nulls there is no bitmap", "[sdk]") {
  ColumnBuilder column(Type::kInt64);
  column.append(int64_t{1});
  column.append(int64_t{-2});

  const UniqueArray array = finished(&column);

  CHECK(array->null_count == 0);
  CHECK(array->buffers[0] == nullptr);
  CHECK(values_of<int64_t>(*array.get()) == Integers{1, -2});
}

TEST_CASE("builder: a first null late marks what was before as present", "[sdk]") {
  for (const int64_t before : {0, 1, 7, 8, 9, 16, 17}) {
    ColumnBuilder column(Type::kInt64);
    Integers expected;
    for (int64_t i = 0; i < before; ++i) {
      column.append(i);
      expected.emplace_back(i);
    }
    column.append_null();
    column.append(int64_t{99});
    expected.emplace_back(std::nullopt);
    expected.emplace_back(99);

    const UniqueArray array = finished(&column);

    INFO(before);
    CHECK(array->null_count == 1);
    CHECK(values_of<int64_t>(*array.get()) == expected);
  }
}

TEST_CASE("builder: truths and nulls keep their places over byte borders", "[sdk]") {
  std::mt19937 random(6);
  for (int64_t rows = 0; rows < 40; ++rows) {
    ColumnBuilder column(Type::kBool);
    Truths expected;
    for (int64_t row = 0; row < rows; ++row) {
      expected.emplace_back(random() % 2 == 0);
      if (random() % 3 == 0) expected.back() = std::nullopt;
      column.append(expected.back());
    }

    const UniqueArray array = finished(&column);

    REQUIRE(values_of<bool>(*array.get()) == expected);
  }
}

TEST_CASE("builder: cutting back to a row and going on is as if the rest had never been", "[sdk]") {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    ColumnBuilder truths(Type::kBool);
    ColumnBuilder texts(Type::kUtf8);
    ColumnBuilder numbers(Type::kInt64);
    Truths expected_truths;
    std::vector<std::optional<std::string>> expected_texts;
    Integers expected_numbers;
    for (int step = 0; step < 4; ++step) {
      for (size_t count = random() % 20; count > 0; --count) {
        const bool null = random() % 4 == 0;
        const auto value = static_cast<int64_t>(random());
        expected_truths.push_back(null ? std::nullopt : std::optional(value % 2 == 0));
        expected_texts.push_back(null ? std::nullopt : std::optional(std::to_string(value)));
        expected_numbers.push_back(null ? std::nullopt : std::optional(value));
        truths.append(expected_truths.back());
        numbers.append(expected_numbers.back());
        texts.append(null ? std::optional<std::string_view>() : *expected_texts.back());
      }
      const size_t kept = random() % (expected_truths.size() + 1);
      truths.truncate(static_cast<int64_t>(kept));
      texts.truncate(static_cast<int64_t>(kept));
      numbers.truncate(static_cast<int64_t>(kept));
      expected_truths.resize(kept);
      expected_texts.resize(kept);
      expected_numbers.resize(kept);
    }

    const auto nulls = std::count(expected_numbers.begin(), expected_numbers.end(), std::nullopt);
    const UniqueArray truth_array = finished(&truths);
    const UniqueArray text_array = finished(&texts);
    const UniqueArray number_array = finished(&numbers);

    REQUIRE(truth_array->null_count == nulls);
    REQUIRE(text_array->null_count == nulls);
    REQUIRE(number_array->null_count == nulls);
    REQUIRE(values_of<bool>(*truth_array.get()) == expected_truths);
    REQUIRE(values_of<int64_t>(*number_array.get()) == expected_numbers);
    REQUIRE(values_of<std::string_view>(*text_array.get()) ==
            Texts(expected_texts.begin(), expected_texts.end()));
  }
}

TEST_CASE("builder: is empty after finish, and can be used again", "[sdk]") {
  ColumnBuilder column(Type::kUtf8);
  column.append(std::string_view("first"));
  column.append_null();
  const UniqueArray first = finished(&column);

  column.append(std::string_view("second"));
  const UniqueArray second = finished(&column);

  CHECK(values_of<std::string_view>(*first.get()) == Texts{"first", std::nullopt});
  CHECK(second->null_count == 0);
  CHECK(values_of<std::string_view>(*second.get()) == Texts{"second"});
}

TEST_CASE("builder: no rows still have buffers", "[sdk]") {
  for (const Type type : {Type::kBool, Type::kInt64, Type::kUtf8, Type::kDecimal128}) {
    ColumnBuilder column(type);

    const UniqueArray array = finished(&column);

    CHECK(array->length == 0);
    for (int64_t i = 1; i < array->n_buffers; ++i) CHECK(array->buffers[i] != nullptr);
  }
}

TEST_CASE("builder: a value of another type is refused before it does harm", "[sdk]") {
  ColumnBuilder column(Type::kFloat64);

  CHECK_THROWS_WITH(column.append(5), "a int32 was appended to a column of type float");
  CHECK(column.size() == 0);
}

TEST_CASE("builder: a batch of uneven columns is refused and nothing leaks", "[sdk]") {
  BatchBuilder builder(Schema{{{"a", Type::kInt64}, {"b", Type::kInt64}}});
  builder[0].append(int64_t{1});
  UniqueArray array;

  CHECK_THROWS_WITH(builder.finish(array.get()), "column 1 has 0 rows, column 0 has 1");
  builder.fill_to(1);
  builder.finish(array.get());

  CHECK(array->length == 1);
}

TEST_CASE("builder: a batch without columns has the rows it is told", "[sdk]") {
  BatchBuilder builder{Schema()};
  builder.fill_to(3);
  UniqueArray array;
  UniqueArray next;

  builder.finish(array.get());
  builder.finish(next.get());

  CHECK(array->length == 3);
  CHECK(array->n_children == 0);
  CHECK(next->length == 0);
}

TEST_CASE("builder: a column is copied with its nulls from wherever it begins", "[sdk]") {
  const Rows rows(
      "b:bool,i:int32,l:int64,g:float,u,z:binary,d:date,t:timestamp,n:decimal(9,2);"
      "true,1,2,0.5,one,x,2024-01-01,2024-01-01T00:00:01Z,1.25;"
      ",,,,,,,,;"
      "false,-1,-2,-0.5,'',yy,1969-12-31,1969-12-31T23:59:59Z,-0.01;"
      "true,7,8,9,four,zzz,2024-02-29,2024-02-29T12:00:00Z,10.00");
  for (int64_t begin = 0; begin <= 4; ++begin) {
    for (int64_t count = 0; begin + count <= 4; ++count) {
      const ArrowArray slice = rows.slice(begin, count);
      BatchBuilder builder(rows.schema());
      // A row before, so that the copy does not begin at a byte border either.
      for (size_t i = 0; i < rows.schema().size(); ++i) {
        builder[i].append_column(*rows.abi()->children[i], 0, 1);
        builder[i].append_column(*slice.children[i], slice.offset, count);
      }
      UniqueArray array;
      builder.finish(array.get());

      std::vector<std::string> expected = rows.lines();
      expected.erase(expected.begin() + begin + count, expected.end());
      expected.erase(expected.begin(), expected.begin() + begin);
      expected.insert(expected.begin(), rows.lines()[0]);
      INFO(begin << " " << count);
      CHECK(Rows(rows.schema(), std::move(array)).lines() == expected);
    }
  }
}

TEST_CASE("builder: text without nulls is copied as one run of bytes", "[sdk]") {
  const Rows rows("u; zero; one; two; three");
  ColumnBuilder column(Type::kUtf8);

  column.append_column(*rows.abi()->children[0], 1, 2);
  column.append_column(*rows.abi()->children[0], 3, 1);
  const UniqueArray array = finished(&column);

  CHECK(values_of<std::string_view>(*array.get()) == Texts{"one", "two", "three"});
  CHECK(std::string_view(static_cast<const char*>(array->buffers[2]), 11) == "onetwothree");
}

TEST_CASE("builder: many rows at once are the rows one by one, wherever they begin", "[sdk]") {
  for (int64_t before = 0; before <= 17; ++before) {
    for (int64_t count : {0, 1, 7, 8, 9, 30}) {
      for (const bool with_nulls : {false, true}) {
        ColumnBuilder at_once(Type::kInt64);
        ColumnBuilder texts(Type::kUtf8);
        Integers expected;
        for (int64_t i = 0; i < before; ++i) {
          // The row before is null in some: there is a bitmap already, or there is none yet.
          const std::optional<int64_t> value = i == 4 ? std::nullopt : std::optional(i);
          expected.push_back(value);
          at_once.append(value);
          texts.append(value ? std::optional(std::string_view("before")) : std::nullopt);
        }
        std::vector<uint8_t> valid(static_cast<size_t>(count + 7) / 8, 0);
        int64_t* const room = at_once.room_for<int64_t>(count);
        int32_t* const ends = texts.room_for_ends(count);
        std::string bytes;
        for (int64_t i = 0; i < count; ++i) {
          const bool null = with_nulls && i % 3 == 1;
          if (!null) {
            valid[static_cast<size_t>(i / 8)] |= static_cast<uint8_t>(1U << (i % 8));
            bytes += std::to_string(i);
          }
          room[i] = i;
          ends[i] = static_cast<int32_t>(texts.text_size() + bytes.size());
          expected.push_back(null ? std::nullopt : std::optional(i));
        }
        at_once.append_room(count, valid.data());
        texts.append_texts(count, bytes.data(), bytes.size(), valid.data());
        // What comes after begins at the right bit.
        at_once.fill_to(before + count + 10);
        texts.fill_to(before + count + 10);
        for (int i = 0; i < 10; ++i) expected.push_back(std::nullopt);
        at_once.append(int64_t{99});
        expected.push_back(99);

        INFO(before << " " << count << " " << with_nulls);
        const UniqueArray numbers = finished(&at_once);
        CHECK(values_of<int64_t>(*numbers.get()) == expected);
        CHECK(numbers->null_count == std::count(expected.begin(), expected.end(), std::nullopt));
        const UniqueArray strings = finished(&texts);
        const auto found = values_of<std::string_view>(*strings.get());
        REQUIRE(found.size() + 1 == expected.size());
        for (size_t i = static_cast<size_t>(before); i < found.size(); ++i) {
          CHECK(found[i].has_value() == expected[i].has_value());
          if (found[i]) CHECK(*found[i] == std::to_string(*expected[i]));
        }
      }
    }
  }
}

TEST_CASE("builder: many rows that are all there need no bitmap", "[sdk]") {
  ColumnBuilder column(Type::kFloat64);
  double* const room = column.room_for<double>(2);
  room[0] = 1;
  room[1] = 2;
  const uint8_t valid = 3;
  column.append_room(2, &valid);

  const UniqueArray array = finished(&column);

  CHECK(array->length == 2);
  CHECK(array->buffers[0] == nullptr);
  CHECK(ColumnView<double>(*array.get(), 0)[1] == 2);
}

TEST_CASE("batch: offsets of the batch and of its columns add up", "[sdk]") {
  const Rows rows("b:bool,l:int64,u; true,0,a; ,,; false,2,c; true,3,d");
  ArrowArray column = *rows.abi()->children[1];
  column.offset = 1;
  column.length = 3;
  ArrowArray batch = rows.slice(1, 2);
  ArrowArray* columns[] = {batch.children[0], &column, batch.children[2]};
  batch.children = columns;

  const Batch view(&batch, &rows.schema());

  CHECK(view.row_count() == 2);
  CHECK(view.column<int64_t>(1).get(0) == 2);
  CHECK(view.column<int64_t>(1).get(1) == 3);
  CHECK(view.column<bool>(0).get(0) == std::nullopt);
  CHECK(view.column<bool>(0).get(1) == false);
  CHECK(view.column<std::string_view>(2).get(1) == "c");
}

TEST_CASE("batch: an unknown number of nulls means that the bitmap counts", "[sdk]") {
  const Rows rows("l:int64; 1; null; 3");
  ArrowArray column = *rows.abi()->children[0];
  column.null_count = -1;

  CHECK(values_of<int64_t>(column) == Integers{1, std::nullopt, 3});
}

}  // namespace chunkmill
