// The statements, positions and ranges of SQL sources.
#include <catch2/catch.hpp>

#include "chunkmill/sql/source_database.hpp"
#include "chunkmill/sql/source_json.hpp"
#include "chunkmill/sql/source_statements.hpp"
#include "chunkmill/utf8.hpp"

namespace chunkmill::sql {
namespace {

class PlainDialect final : public Dialect {
 public:
  std::string_view name() const override { return "Plain"; }
  std::string column_type(const Field&) const override { return "TEXT"; }
  std::string mismatch(const Field&, const ExistingColumn&) const override { return ""; }
};

class PlainSourceDialect : public SourceDialect {
 public:
  std::string literal(const SourceColumn& column, std::string_view text) const override {
    const bool is_number = column.field.type == Type::kInt64;
    return is_number ? std::string(text) : "'" + std::string(text) + "'";
  }
  std::string older_than(const std::string& name, int64_t) const override { return name; }
};

class WithoutRowComparison final : public PlainSourceDialect {
 public:
  bool compares_rows() const override { return false; }
};

SourceColumn column_of(const std::string& name, Type type) {
  SourceColumn column;
  column.field = {name, type};
  return column;
}

// Reads `id`, ordered by the given columns of the types given.
ReadColumns ordered_by(const std::vector<std::pair<std::string, Type>>& key) {
  ReadColumns columns{{column_of("amount", Type::kFloat64)}, 1, {}};
  for (const auto& [name, type] : key) {
    columns.order.push_back(columns.all.size());
    columns.all.push_back(column_of(name, type));
  }
  return columns;
}

const PlainDialect kDialect;
const PlainSourceDialect kSource;
const WithoutRowComparison kExpanding;

SourceStatements over_orders(const SourceDialect& source = kSource) {
  return SourceStatements(kDialect, source, "\"orders\"", "\"orders\"");
}

}  // namespace

TEST_CASE("sql source: one key column is compared as it is", "[sdk]") {
  const ReadColumns columns = ordered_by({{"id", Type::kInt64}});

  const std::string sql = over_orders().select(columns, {over_orders().after(columns, {"7"})}, 0);

  CHECK(sql ==
        "SELECT \"orders\".\"amount\", \"orders\".\"id\" FROM \"orders\" "
        "WHERE \"orders\".\"id\" > 7 ORDER BY \"orders\".\"id\"");
}

TEST_CASE("sql source: several key columns are compared as a row, or expanded", "[sdk]") {
  const ReadColumns columns =
      ordered_by({{"a", Type::kUtf8}, {"b", Type::kInt64}, {"c", Type::kDate32}});
  const KeyText key = {"x", "2", "2024-02-29"};
  SourceStatements bare(kDialect, kSource, "t", "t");
  SourceStatements expanding(kDialect, kExpanding, "t", "t");

  CHECK(bare.after(columns, key) == "(t.\"a\", t.\"b\", t.\"c\") > ('x', 2, '2024-02-29')");
  CHECK(expanding.after(columns, key) ==
        "t.\"a\" >= 'x' AND (t.\"a\" > 'x' OR (t.\"a\" = 'x' AND (t.\"b\" > 2 OR (t.\"b\" = 2 AND "
        "t.\"c\" > '2024-02-29'))))");
}

TEST_CASE("sql source: a page is limited and never begins at an offset", "[sdk]") {
  const ReadColumns columns = ordered_by({{"id", Type::kInt64}});

  const std::string sql = over_orders().select(columns, {}, 500);

  CHECK(sql.ends_with("ORDER BY \"orders\".\"id\" LIMIT 500"));
  CHECK(sql.find("OFFSET") == sql.npos);
}

TEST_CASE("sql source: hostile names stay names", "[sdk]") {
  const std::string name = "a\"; DROP TABLE t; --";
  const ReadColumns columns = ordered_by({{name, Type::kInt64}});

  const std::string sql = over_orders().select(columns, {}, 0);

  CHECK(sql ==
        "SELECT \"orders\".\"amount\", \"orders\".\"a\"\"; DROP TABLE t; --\" FROM \"orders\" "
        "ORDER BY \"orders\".\"a\"\"; DROP TABLE t; --\"");
}

TEST_CASE("sql source: a range is closed at its begin and open at its end", "[sdk]") {
  const SourceColumn id = column_of("id", Type::kInt64);
  const SourceColumn day = column_of("day", Type::kDate32);
  const SourceColumn at = column_of("at", Type::kTimestamp);

  CHECK(over_orders().from(id, {10, 20}) == "\"orders\".\"id\" >= 10");
  CHECK(over_orders().up_to(id, {10, 20}) == std::vector<std::string>{"\"orders\".\"id\" < 20"});
  CHECK(over_orders().up_to(id, {10, std::nullopt}).empty());
  CHECK(over_orders().up_to(day, {0, 31}).at(0) == "\"orders\".\"day\" < '1970-02-01'");
  CHECK(over_orders().from(at, {-1, 1}) == "\"orders\".\"at\" >= '1969-12-31 23:59:59'");
}

TEST_CASE("sql source: pending rows are those without a result under their key", "[sdk]") {
  CHECK(over_orders().without("\"results\"", {"id", "line"}, {"order_id", "line"}) ==
        "NOT EXISTS (SELECT 1 FROM \"results\" AS chunkmill_results WHERE "
        "chunkmill_results.\"order_id\" = \"orders\".\"id\" AND "
        "chunkmill_results.\"line\" = \"orders\".\"line\")");
}

TEST_CASE("sql source: a position gives its key back, whatever is in it", "[sdk]") {
  const std::string bytes("\0\x01\x1f", 3);
  const KeyText key = {"12", "O'Brien \"x\" \\ \n\t\xC3\xA9 \xF0\x9F\x8C\x8D", "", bytes};

  CHECK(read_position(write_position(key), 4) == key);
  CHECK(write_position({"1", "b"}) == "[\"1\",\"b\"]");
}

TEST_CASE("sql source: what is no position is refused", "[sdk]") {
  for (const char* const text : {"", "7", "[]", "[\"1\"]", "[\"1\",\"2\",\"3\"]", "[\"1\",2]",
                                 "[\"1\",\"2\"", "[\"1\",\"2\"] x", "[\"1\",\"\\u12\"]"}) {
    INFO(text);
    CHECK_THROWS_WITH(read_position(text, 2), Catch::Contains("is not a position"));
  }
}

TEST_CASE("sql source: a key too long for a position is refused", "[sdk]") {
  CHECK_NOTHROW(write_position({std::string(4000, 'x')}));
  CHECK_THROWS_WITH(write_position({std::string(5000, 'x')}), Catch::Contains("too long"));
}

TEST_CASE("sql source: timestamps in positions have no zone and no zeros behind", "[sdk]") {
  CHECK(timestamp_text(0) == "1970-01-01 00:00:00");
  CHECK(timestamp_text(1'500'000) == "1970-01-01 00:00:01.5");
  CHECK(timestamp_text(-1) == "1969-12-31 23:59:59.999999");
}

namespace {
std::vector<std::pair<int64_t, int64_t>> bounds(const SplitGrid& grid) {
  std::vector<std::pair<int64_t, int64_t>> out;
  for (const KeyRange& cell : grid.cells()) out.emplace_back(cell.begin, cell.end.value_or(-1));
  return out;
}
}  // namespace

TEST_CASE("sql source: ranges lie on a grid at 0, at most 66 of them", "[sdk]") {
  CHECK(bounds(SplitGrid(Type::kInt64, 1, 40'000, 0)) ==
        std::vector<std::pair<int64_t, int64_t>>{{0, 16384}, {16384, 32768}, {32768, 49152}});
  CHECK(bounds(SplitGrid(Type::kInt64, -5, 5, 0)) ==
        std::vector<std::pair<int64_t, int64_t>>{{-16384, 0}, {0, 16384}});
  for (const int64_t largest :
       {int64_t{1'000}, int64_t{1} << 20, int64_t{10'000'019}, INT64_MAX - 5, INT64_MAX}) {
    const SplitGrid grid(Type::kInt64, -largest, largest, 0);
    INFO(largest);
    CHECK(grid.cells().size() <= 66);
    CHECK((grid.width() & (grid.width() - 1)) == 0);
  }
}

TEST_CASE("sql source: ranges do not move while a table grows", "[sdk]") {
  const auto before = bounds(SplitGrid(Type::kInt64, 1, 600'000, 0));
  const auto after = bounds(SplitGrid(Type::kInt64, 1, 1'000'000, 0));

  REQUIRE(after.size() > before.size());
  CHECK(std::equal(before.begin(), before.end(), after.begin()));
}

TEST_CASE("sql source: neighbouring ranges share a bound, and both ends are covered", "[sdk]") {
  for (const auto& [smallest, largest] : std::vector<std::pair<int64_t, int64_t>>{
           {0, 0}, {-1, 0}, {5, 3'000'000}, {INT64_MIN, INT64_MAX}, {INT64_MAX, INT64_MAX}}) {
    INFO(smallest << " to " << largest);
    const std::vector<KeyRange> cells = SplitGrid(Type::kInt64, smallest, largest, 0).cells();
    REQUIRE(!cells.empty());
    CHECK(cells.front().begin <= smallest);
    CHECK((!cells.back().end || *cells.back().end > largest));
    for (size_t i = 1; i < cells.size(); ++i) CHECK(cells[i - 1].end == cells[i].begin);
  }
}

TEST_CASE("sql source: a width that makes too many ranges is refused", "[sdk]") {
  CHECK(SplitGrid(Type::kInt64, 0, 99, 10).cells().size() == 10);
  CHECK_THROWS_WITH(SplitGrid(Type::kInt64, 0, INT64_MAX, 10), Catch::Contains("10000 ranges"));
  CHECK_THROWS_WITH(SplitGrid(Type::kTimestamp, 0, 10, 100, kSecondsPerDay),
                    Catch::Contains("multiple of 86400"));
}

TEST_CASE("sql source: extremes are whole numbers of the grid", "[sdk]") {
  CHECK(grid_value(Type::kInt64, "-12") == -12);
  CHECK(grid_value(Type::kDate32, "1970-02-01") == 31);
  CHECK(grid_value(Type::kTimestamp, "1970-01-01 00:00:01.9") == 1);
  CHECK(grid_value(Type::kTimestamp, "1969-12-31 23:59:59.9") == -1);
  CHECK(grid_value(Type::kInt64, "1.5") == std::nullopt);
  CHECK(grid_value(Type::kDate32, "n/a") == std::nullopt);
}

TEST_CASE("sql source: a row as JSON is read back as it was", "[sdk]") {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("id", 7).field("name", "a\"b\\\xE2\x82\xAC\x01");
  json.key("raw");
  write_bytes(json, std::string_view("\0\xff", 2));
  json.key("gone").null().field("yes", true).end_object();

  const auto members = FlatJsonReader(text).object();

  REQUIRE(members);
  REQUIRE(members->size() == 5);
  CHECK((*members)[0].second.text == "7");
  CHECK((*members)[1].second.text == "a\"b\\\xE2\x82\xAC\x01");
  CHECK((*members)[2].second.text == std::string("\0\xff", 2));
  CHECK((*members)[2].second.kind == JsonScalar::Kind::kBytes);
  CHECK((*members)[3].second.kind == JsonScalar::Kind::kNull);
  CHECK((*members)[4].second.kind == JsonScalar::Kind::kBool);
  CHECK(FlatJsonReader("{\"a\":\"\\ud83c\\udf0d\"}").object()->front().second.text ==
        "\xF0\x9F\x8C\x8D");
}

TEST_CASE("sql source: JSON of another shape is refused", "[sdk]") {
  for (const char* const text :
       {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":[1]}", "{\"a\":{\"b\":1}}", "{\"a\":1} x",
        "{\"a\":{\"hex\":\"0g\"}}", "{\"a\":\"\\ud83c\"}", "{a:1}", "{\"a\":1,}"}) {
    INFO(text);
    CHECK_FALSE(FlatJsonReader(text).object());
  }
}

TEST_CASE("sql source: text is told from other bytes", "[sdk]") {
  for (const char* const good : {"", "plain text of more than eight bytes", "\xC3\xA9",
                                 "12345678\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xE0\xA0\x80"})
    CHECK(is_utf8(good));
  for (const char* const bad : {"\xFF", "\xC0\x80", "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                "1234567\xE2\x82", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\x80"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("sql source: a fault's place is counted in the job's own text", "[sdk]") {
  CHECK(place_in_text("SELECT a\n FROM b", 10) == "line 2, column 2");
  const std::string mine = "SELECT * FROM t WHERE (" + std::string(kJobText);
  CHECK(place_in_text(mine + "x = y", mine.size() + 4) == "line 1, column 5");
}

}  // namespace chunkmill::sql
