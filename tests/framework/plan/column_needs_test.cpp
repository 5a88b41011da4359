#include "framework/plan/column_needs.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host {
namespace {

Need needs(const std::string& column, std::optional<Type> type = {}, const std::string& unit = "",
           bool optional = false) {
  Need need;
  need.column = column;
  need.optional = optional;
  if (type) need.type = Field{column, *type};
  need.unit = unit;
  need.option = "columns." + column;
  return need;
}

Schema source() {
  return {{{"id", Type::kUtf8},
           {"spend", Type::kUtf8},
           {"note", Type::kUtf8},
           {"distance", Type::kFloat64, true, "km"}}};
}

Type type_in(const Schema& schema, const std::string& name) {
  return schema.fields[static_cast<size_t>(schema.find(name))].type;
}

TEST_CASE("column needs: only what somebody needs is wanted, in the source's order", "[plan]") {
  ColumnNeeds all(source());

  REQUIRE(all.add({needs("distance"), needs("id")}).ok());

  CHECK(all.wanted().names() == std::vector<std::string>{"id", "distance"});
}

TEST_CASE("column needs: a column that is asked for as a number is read as one", "[plan]") {
  ColumnNeeds all(source());

  REQUIRE(all.add({needs("spend", Type::kFloat64)}).ok());

  CHECK(type_in(all.wanted(), "spend") == Type::kFloat64);
  CHECK(type_in(all.current(), "spend") == Type::kFloat64);
}

TEST_CASE("column needs: the first who asks decides the type, for later ones it is cast",
          "[plan]") {
  ColumnNeeds all(source());
  REQUIRE(all.add({needs("spend", Type::kInt64)}).ok());

  const std::vector<Need> second = {needs("spend", Type::kFloat64)};
  REQUIRE(all.add(second).ok());

  CHECK(type_in(all.wanted(), "spend") == Type::kInt64);
  CHECK(type_in(all.input_for(second), "spend") == Type::kFloat64);
}

TEST_CASE("column needs: a type that is right already is pinned too", "[plan]") {
  ColumnNeeds all(source());
  REQUIRE(all.add({needs("spend", Type::kUtf8)}).ok());

  REQUIRE(all.add({needs("spend", Type::kFloat64)}).ok());

  CHECK(type_in(all.wanted(), "spend") == Type::kUtf8);
}

TEST_CASE("column needs: a missing column is named with the nearest there is, at its option",
          "[plan]") {
  ColumnNeeds all(source());

  const Status status = all.add({needs("spent", Type::kFloat64)});

  CHECK(status.code() == Code::kJob);
  CHECK(status.facts().where == "columns.spent");
  CHECK(status.message().find("did you mean \"spend\"?") != std::string::npos);
  CHECK(all.add({needs("spent", Type::kFloat64, "", true)}).ok());
}

TEST_CASE("column needs: another unit is an error, an unknown one is not", "[plan]") {
  ColumnNeeds all(source());

  const Status status = all.add({needs("distance", Type::kFloat64, "mi")});

  CHECK(status.code() == Code::kJob);
  CHECK(status.message() == "column \"distance\" is in km, where mi is needed");
  CHECK(all.add({needs("distance", Type::kFloat64, "km")}).ok());
  CHECK(all.add({needs("spend", Type::kFloat64, "USD")}).ok());
}

TEST_CASE("column needs: a type that cannot be reached is an error before a row is read",
          "[plan]") {
  ColumnNeeds all(Schema{{{"flag", Type::kBool}}});

  const Status status = all.add({needs("flag", Type::kTimestamp)});

  CHECK(status.code() == Code::kJob);
  CHECK(status.message().find("cannot be read as a timestamp") != std::string::npos);
}

TEST_CASE("column needs: what a stage made needs nothing of the source", "[plan]") {
  ColumnNeeds all(source());
  const std::vector<Need> first = {needs("spend", Type::kFloat64)};
  REQUIRE(all.add(first).ok());
  all.advance(all.input_for(first), Schema{{{"emissions", Type::kFloat64}}}, true);

  REQUIRE(all.add({needs("emissions", Type::kFloat64)}).ok());

  CHECK(all.wanted().names() == std::vector<std::string>{"spend"});
  CHECK(all.current().find("note") >= 0);
}

TEST_CASE("column needs: a column that a stage replaced is no longer the source's", "[plan]") {
  ColumnNeeds all(source());
  all.advance(source(), Schema{{{"note", Type::kInt64}}}, true);

  REQUIRE(all.add({needs("note")}).ok());

  CHECK(all.wanted().find("note") < 0);
}

TEST_CASE("column needs: a stage with rows of its own ends the way of the source's columns",
          "[plan]") {
  ColumnNeeds all(source());
  REQUIRE(all.add({needs("id")}).ok());
  all.advance(source(), Schema{{{"total", Type::kFloat64}}}, false);

  all.need_all();

  CHECK(all.current().names() == std::vector<std::string>{"total"});
  CHECK(all.wanted().names() == std::vector<std::string>{"id"});
}

TEST_CASE("column needs: a sink on the main stream needs all that is left of it", "[plan]") {
  ColumnNeeds all(source());

  all.need_all();

  CHECK(all.wanted() == source());
}

TEST_CASE("column needs: where nothing is needed one column is read, so that rows are counted",
          "[plan]") {
  CHECK(ColumnNeeds(source()).wanted().names() == std::vector<std::string>{"id"});
}

}  // namespace
}  // namespace chunkmill::host
