#include "framework/job/value.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using chunkmill::host::Value;

TEST_CASE("value: a plain scalar answers to every type that it can be read as", "[job]") {
  const Value one = Value::plain("1");

  CHECK(one.as_int() == 1);
  CHECK(one.as_float() == 1.0);
  CHECK(one.as_string() == "1");
  CHECK_FALSE(one.as_bool());
  CHECK(one.abi_kind() == CM_INT);
}

TEST_CASE("value: a quoted scalar is a text alone", "[job]") {
  const Value one = Value::of("1");

  CHECK_FALSE(one.as_int());
  CHECK_FALSE(one.as_float());
  CHECK(one.as_string() == "1");
  CHECK(one.abi_kind() == CM_STRING);
  CHECK_FALSE(Value::of("true").as_bool());
}

TEST_CASE("value: what YAML 1.1 turns into other types stays text until somebody asks", "[job]") {
  for (const char* text : {"NO", "yes", "010", "-007", "12:30:45", "0x1F", "1_000", "2024-02-29",
                           ".inf", "nan", "1e999"}) {
    CAPTURE(text);
    CHECK(Value::plain(text).abi_kind() == CM_STRING);
    CHECK(Value::plain(text).as_string() == text);
  }
  CHECK(Value::plain("NO").as_bool() == false);
  CHECK(Value::plain("010").as_int() == 10);
}

TEST_CASE("value: numbers keep their kind from code to reader", "[job]") {
  CHECK(Value::of(3).abi_kind() == CM_INT);
  CHECK(Value::of(3.0).abi_kind() == CM_FLOAT);
  CHECK(Value::of(0.1).as_float() == 0.1);
  CHECK(Value::of(std::numeric_limits<std::int64_t>::min()).as_int() ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(Value::of(true).as_bool() == true);
  CHECK(Value::of(std::nan("")).is_null());
}

TEST_CASE("value: a path walks keys and indexes", "[job]") {
  Value root = Value::map();
  Value list = Value::list();
  list.push(Value::map().set("table", Value::of("t")));
  root.set("sinks", list);

  REQUIRE(root.at_path("sinks.0.table") != nullptr);
  CHECK(root.at_path("sinks.0.table")->text() == "t");
  CHECK(root.at_path("sinks.1.table") == nullptr);
  CHECK(root.at_path("sinks.-1") == nullptr);
  CHECK(root.at_path("sinks.0.table.x") == nullptr);
  CHECK(root.at_path("") == &root);
}

TEST_CASE("value: the C accessor reads the tree and survives null nodes", "[job]") {
  Value root = Value::map();
  Value list = Value::list();
  list.push(Value::of("a"));
  root.set("rows", Value::of(7)).set("list", std::move(list)).set("gone", Value());
  const cm_options api = root.options();
  const auto find = [&](std::string_view key) {
    return api.find(api.root, {key.data(), key.size()});
  };

  std::int64_t rows = 0;
  double real = 0;
  std::int32_t truth = 0;
  cm_str text{};
  CHECK(api.size(api.root) == 3);
  CHECK(api.as_int(find("rows"), &rows) == 1);
  CHECK(rows == 7);
  CHECK(api.as_float(find("rows"), &real) == 1);
  CHECK(api.as_bool(find("rows"), &truth) == 0);
  CHECK(api.kind(find("list")) == CM_LIST);
  CHECK(api.as_string(api.at(find("list"), 0), &text) == 1);
  CHECK(std::string_view(text.data, text.size) == "a");
  CHECK(api.at(find("list"), 1) == nullptr);
  CHECK(api.kind(find("gone")) == CM_NULL);
  CHECK(api.as_string(find("gone"), &text) == 0);
  CHECK(api.key(api.root, 1, &text) == 1);
  CHECK(std::string_view(text.data, text.size) == "list");
  CHECK(api.key(api.root, 3, &text) == 0);
  CHECK(find("nothing") == nullptr);
  CHECK(api.kind(nullptr) == CM_NULL);
  CHECK(api.as_int(nullptr, &rows) == 0);
}

TEST_CASE("value: the canonical text sorts keys and leaves secrets out", "[job]") {
  Value root = Value::map();
  Value secret = Value::of("hunter2");
  secret.mark_secret();
  root.set("b", Value::of(1)).set("a", Value::of("x\"y")).set("password", std::move(secret));

  CHECK(root.canonical() == R"({"a":"x\"y","b":"1"})");
}
