// The ground that plugins' tests stand on.
#include "chunkmill/testing.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::testing {
namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("testing: rows are written as text", "[sdk]") {
  const Rows rows(
      "id:int64!, name, price:decimal(9,2)\n 1, 'B, C; D', 2.50\n\n 2, '',\n 3\n null, 'null', "
      "null");

  CHECK(rows.schema()[0] == Field{"id", Type::kInt64, false});
  CHECK(rows.schema()[2].type_text() == "decimal(9,2)");
  CHECK(rows.lines() == Lines{"1|B, C; D|2.50", "2||null", "3|null|null", "null|null|null"});
  CHECK(rows.cell(3, "name") == "null");
  CHECK(rows.cell(3, "price") == std::nullopt);
}

TEST_CASE("testing: rows are written as values", "[sdk]") {
  const Schema schema{{{"i", Type::kInt64}, {"g", Type::kFloat64}, {"u"}, {"b", Type::kBool}}};

  const Rows rows(schema, {{1, 2.5, "x", true}, {nullptr, 0.1, std::string("y"), std::nullopt}});

  CHECK(rows.lines() == Lines{"1|2.5|x|true", "null|0.1|y|null"});
  CHECK(rows.cell(1, "g") == "0.1");
  CHECK(rows.cell(1, "i") == std::nullopt);
}

TEST_CASE("testing: a mistake in a test is told", "[sdk]") {
  CHECK_THROWS_WITH(Rows("n:int64; x"), "\"x\" is no int64 for column \"n\"");
  CHECK_THROWS_WITH(Rows("n:number"), "there is no type \"number\"");
  CHECK_THROWS_WITH(Rows("n; a,b"), "a row of 2 cells for 1 columns");
  CHECK_THROWS_WITH(Rows("n; a").cell(0, "m"), "there is no column \"m\"");
  CHECK_THROWS_WITH(Rows("n; a").cell(1, "n"), "there is no row 1");
}

TEST_CASE("testing: copies are of their own memory", "[sdk]") {
  UniqueArray copy;
  {
    const Rows rows("a,n:int64; x,1; ,2");
    rows.copy_to(copy.get());
  }

  CHECK(Rows(Rows("a,n:int64").schema(), std::move(copy)).lines() == Lines{"x|1", "null|2"});
}

TEST_CASE("testing: braces in braces are a map, also with one entry", "[sdk]") {
  const Value tree{{"one", {{"id", "number"}}}, {"two", {{"a", 1}, {"b", 2}}}, {"list", List{1}}};
  const cm_options options = tree.abi();

  const auto kind = [&](const char* name) {
    return options.kind(options.find(options.root, to_abi(name)));
  };

  CHECK(kind("one") == CM_MAP);
  CHECK(kind("two") == CM_MAP);
  CHECK(kind("list") == CM_LIST);
  CHECK(kind("none") == CM_NULL);
}

TEST_CASE("testing: plain text reads as what it can be, quoted text as text alone", "[sdk]") {
  const Value tree{{"plain", "12"}, {"quoted", Value::quoted("12")}};
  const cm_options options = tree.abi();
  const void* plain = options.find(options.root, to_abi("plain"));
  const void* quoted = options.find(options.root, to_abi("quoted"));
  int64_t number = 0;
  cm_str text{};

  CHECK(options.as_int(plain, &number) == 1);
  CHECK(number == 12);
  CHECK(options.as_int(quoted, &number) == 0);
  CHECK(options.as_string(quoted, &text) == 1);
  CHECK(from_abi(text) == "12");
}

TEST_CASE("testing: lookups are served in the types that are asked for", "[sdk]") {
  MemoryHost memory{{"factors", "code,factor:float; A,1.5; B,"}};
  const Host host(memory.abi());

  const Table whole = host.lookup("factors");
  const Table part =
      host.lookup("factors", Schema{{{"factor", Type::kDecimal128, true, "", 9, 2}}});

  CHECK(whole.row_count() == 2);
  CHECK(line_text(whole.batch(0), 0) == "A|1.5");
  CHECK(line_text(part.batch(0), 0) == "1.50");
  CHECK(line_text(part.batch(0), 1) == "null");
}

TEST_CASE("testing: what the host does not have is not found", "[sdk]") {
  MemoryHost memory{{"factors", "code; A"}};
  memory.secrets["token"] = "s3cret";
  const Host host(memory.abi());

  CHECK(host.secret("token") == "s3cret");
  CHECK_THROWS_WITH(host.secret("other"), "there is no such secret");
  CHECK_THROWS_WITH(host.lookup("other"), "there is no such lookup");
  CHECK_THROWS_WITH(host.lookup("factors", Schema{{{"factor"}}}), "there is no column \"factor\"");
  CHECK_FALSE(host.cancelled());
  memory.cancelled = true;
  CHECK(host.cancelled());
}

}  // namespace chunkmill::testing
