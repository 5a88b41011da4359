#include "plugins/databases/postgres/copy_rows.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

Field decimal(const char* name, int precision, int scale) {
  Field field{name, Type::kDecimal128};
  field.precision = precision;
  field.scale = scale;
  return field;
}

std::string encoded(CopyRows& to, const Rows& rows, int64_t row, int32_t first = -1) {
  Buffer<char> out;
  to.show(rows.batch());
  to.append(row, first, &out);
  return {out.data(), out.size()};
}

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += two;
  }
  return text;
}

std::unique_ptr<CopyRows> to_columns(const Field& field, const std::string& type) {
  return make_copy_rows({field}, {0}, {type});
}

std::string one(const Field& field, const std::string& type, const testing::Cell& cell) {
  return encoded(*to_columns(field, type), Rows(Schema{{field}}, {{cell}}), 0);
}

}  // namespace

TEST_CASE("postgres: each type has the bytes of the server's binary format", "[postgres]") {
  const auto bytes = [](const Field& field, const std::string& type, const testing::Cell& cell) {
    return hex(one(field, type, cell));
  };

  CHECK(bytes({"c", Type::kBool}, "boolean", true) == "00010000000101");
  CHECK(bytes({"c", Type::kInt32}, "integer", -2) == "000100000004fffffffe");
  CHECK(bytes({"c", Type::kInt32}, "bigint", -2) == "000100000008fffffffffffffffe");
  CHECK(bytes({"c", Type::kInt64}, "bigint", 258) == "0001000000080000000000000102");
  CHECK(bytes({"c", Type::kFloat64}, "double precision", 1.0) == "0001000000083ff0000000000000");
  CHECK(bytes({"c", Type::kUtf8}, "character varying(9)", "a\tb") == "000100000003610962");
  CHECK(bytes({"c", Type::kUtf8}, "text", "") == "000100000000");
  CHECK(bytes({"c", Type::kBinary}, "bytea", std::string_view("\0\xFF", 2)) == "00010000000200ff");
  CHECK(bytes({"c", Type::kDate32}, "date", "2000-01-02") == "00010000000400000001");
  CHECK(bytes({"c", Type::kTimestamp}, "timestamp with time zone", "1999-12-31T23:59:59Z") ==
        "000100000008fffffffffff0bdc0");
  CHECK(bytes(decimal("c", 5, 2), "numeric(5,2)", "-1.50") ==
        "00010000000c00020000400000020001"
        "1388");
  CHECK(bytes({"c", Type::kInt64}, "bigint", nullptr) == "0001ffffffff");
}

TEST_CASE("postgres: text is sent where a column's type is not ours, and the server converts",
          "[postgres]") {
  CHECK(one({"c", Type::kUtf8}, "uuid", "a\\b\tc\nd\re") == "a\\\\b\\tc\\nd\\re\n");
  CHECK(one({"c", Type::kInt64}, "smallint", -7) == "-7\n");
  CHECK(one({"c", Type::kFloat64}, "real", 0.1) == "0.1\n");
  CHECK(one({"c", Type::kFloat64}, "numeric", "nan") == "NaN\n");
  CHECK(one({"c", Type::kFloat64}, "real", "inf") == "Infinity\n");
  CHECK(one({"c", Type::kUtf8}, "jsonb", nullptr) == "\\N\n");
  CHECK(one(decimal("c", 5, 2), "bigint", "-1.50") == "-1.50\n");
  const std::vector<Field> both{{"c", Type::kUtf8}, {"d", Type::kBinary}, {"e", Type::kBool}};
  const Rows rows(Schema{both}, {{"x", std::string_view("\0\xFF", 2), false}});
  CHECK(encoded(*make_copy_rows(both, {0, 1, 2}, {"jsonb", "bytea", "boolean"}), rows, 0) ==
        "x\t\\\\x00ff\tf\n");
}

TEST_CASE("postgres: days before the year 1 have PostgreSQL's names in text", "[postgres]") {
  const std::vector<Field> fields{
      {"s", Type::kUtf8}, {"d", Type::kDate32}, {"t", Type::kTimestamp}};
  const auto text = [&](int32_t days, int64_t micros) {
    BatchBuilder builder(Schema{fields});
    builder[0].append(std::string_view("x"));
    builder[1].append(Date{days});
    builder[2].append(Timestamp{micros});
    UniqueArray array;
    builder.finish(array.get());
    const Rows rows(Schema{fields}, std::move(array));
    return encoded(*make_copy_rows(fields, {0, 1, 2}, {"uuid", "date", "timestamp with time zone"}),
                   rows, 0);
  };

  CHECK(text(0, -1) == "x\t1970-01-01\t1969-12-31T23:59:59.999999Z\n");
  CHECK(text(-719'162, 0) == "x\t0001-01-01\t1970-01-01T00:00:00Z\n");
  CHECK(text(-719'163, 0) == "x\t0001-12-31 BC\t1970-01-01T00:00:00Z\n");
  CHECK(text(-735'235, int64_t{-719'163} * 86'400'000'000) ==
        "x\t0045-12-30 BC\t0001-12-31T00:00:00Z BC\n");
}

TEST_CASE("postgres: an ordinal stands before the columns, in binary and in text", "[postgres]") {
  const Rows rows = people_rows({{1, "Ada"}});

  CHECK(hex(encoded(*make_copy_rows(people().fields, {0, 1}, {"bigint", "text"}), rows, 0, 5)) ==
        "0003"
        "0000000400000005"
        "000000080000000000000001"
        "00000003416461");
  CHECK(encoded(*make_copy_rows(people().fields, {0, 1}, {"bigint", "name"}), rows, 0, 5) ==
        "5\t1\tAda\n");
}

TEST_CASE("postgres: a slice of a batch is encoded from its own rows", "[postgres]") {
  const Rows rows = people_rows({{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}});
  const ArrowArray slice = rows.slice(2, 2);
  const Schema schema = people();
  const std::unique_ptr<CopyRows> copy =
      make_copy_rows(people().fields, {0, 1}, {"bigint", "name"});
  Buffer<char> out;

  copy->show(Batch(&slice, &schema));
  copy->append(0, -1, &out);
  copy->append(1, -1, &out);

  CHECK(std::string(out.data(), out.size()) == "3\tc\n4\td\n");
}

}  // namespace chunkmill::postgres
