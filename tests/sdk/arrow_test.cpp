#include "chunkmill/arrow.hpp"

#include <catch2/catch.hpp>
#include <cstring>

namespace chunkmill {
namespace {

Schema all_types() {
  Schema schema;
  schema.fields = {{"b", Type::kBool},
                   {"i", Type::kInt32, false},
                   {"l", Type::kInt64},
                   {"g", Type::kFloat64, true, "kgCO2e/USD"},
                   {"u", Type::kUtf8, false, "USD"},
                   {"z", Type::kBinary},
                   {"d", Type::kDate32},
                   {"t", Type::kTimestamp},
                   {"n", Type::kDecimal128, true, "", 18, 4}};
  return schema;
}

// Exports one column, lets `spoil` change it, and imports it again: the message, or empty.
template <typename F>
std::string refusal(F&& spoil) {
  Schema one;
  one.fields = {{"amount", Type::kFloat64}};
  UniqueSchema arrow = one.to_arrow();
  spoil(*arrow.get());
  Schema back;
  std::string why;
  return Schema::import(*arrow.get(), &back, &why) ? "" : why;
}

}  // namespace

TEST_CASE("schema: names, types, nulls and units survive the way through Arrow", "[sdk]") {
  const Schema schema = all_types();
  const UniqueSchema arrow = schema.to_arrow();
  Schema back;
  std::string why;

  REQUIRE(Schema::import(*arrow.get(), &back, &why));

  CHECK(back == schema);
  CHECK(arrow->children[4]->format == std::string("u"));
  CHECK(arrow->children[7]->format == std::string("tsu:UTC"));
  CHECK(arrow->children[8]->format == std::string("d:18,4"));
  CHECK(arrow->children[1]->flags == 0);
  CHECK(arrow->children[0]->metadata == nullptr);
}

TEST_CASE("schema: no columns is a schema too", "[sdk]") {
  const UniqueSchema arrow = Schema().to_arrow();
  Schema back = all_types();
  std::string why;

  REQUIRE(Schema::import(*arrow.get(), &back, &why));
  CHECK(back.size() == 0);
}

TEST_CASE("schema: metadata of others is passed over", "[sdk]") {
  std::string metadata;
  const int32_t count = 3;
  metadata.append(reinterpret_cast<const char*>(&count), sizeof count);
  detail::append_metadata(&metadata, "theirs", "unit");
  detail::append_metadata(&metadata, "chunkmill.unit", "km");
  detail::append_metadata(&metadata, "", "");
  Schema one;
  one.fields = {{"way", Type::kFloat64}};
  UniqueSchema arrow = one.to_arrow();
  arrow->children[0]->metadata = metadata.c_str();
  Schema back;
  std::string why;

  REQUIRE(Schema::import(*arrow.get(), &back, &why));

  CHECK(back[0].unit == "km");
}

TEST_CASE("schema: a type that is not carried is refused by column and type", "[sdk]") {
  for (const char* format :
       {"f", "s", "U", "tsu:", "tsn:UTC", "ttu", "+l", "d:39,2", "d:4,5", "d:10,2,256", "d:", ""}) {
    const std::string why =
        refusal([&](ArrowSchema& schema) { schema.children[0]->format = format; });
    INFO(format);
    CHECK(why.find("\"amount\"") != std::string::npos);
    CHECK(why.find("\"" + std::string(format) + "\"") != std::string::npos);
  }
}

TEST_CASE("schema: broken structure is refused, not followed", "[sdk]") {
  CHECK(refusal([](ArrowSchema& schema) { schema.format = "g"; }) == "not a struct schema");
  CHECK(refusal([](ArrowSchema& schema) { schema.format = nullptr; }) == "not a struct schema");
  CHECK(refusal([](ArrowSchema& schema) { schema.n_children = -1; }) ==
        "a struct schema without its children");
  CHECK(refusal([](ArrowSchema& schema) { schema.children = nullptr; }) ==
        "a struct schema without its children");
  CHECK(refusal([](ArrowSchema& schema) { schema.children[0] = nullptr; }) ==
        "column 0 has no type");
  CHECK(refusal([](ArrowSchema& schema) { schema.children[0]->format = nullptr; }) ==
        "column 0 has no type");
}

TEST_CASE("schema: a dictionary is refused", "[sdk]") {
  ArrowSchema dictionary{};

  const std::string why =
      refusal([&](ArrowSchema& schema) { schema.children[0]->dictionary = &dictionary; });

  CHECK(why.find("not carried") != std::string::npos);
}

TEST_CASE("schema: types are named as job files name them", "[sdk]") {
  Field field;
  for (const Field& known : all_types().fields) {
    INFO(known.type_text());
    REQUIRE(type_from_name(known.type_text(), &field));
    CHECK(field.same_type(known));
  }
  CHECK(type_from_name("decimal(10)", &field));
  CHECK((field.precision == 10 && field.scale == 0));
  for (const char* name : {"double", "text", "", "decimal", "decimal()", "decimal(0,0)",
                           "decimal(2,3)", "decimal(5,1", "Int64"})
    CHECK_FALSE(type_from_name(name, &field));
}

TEST_CASE("arrow: an owner releases once, whoever holds it last", "[sdk]") {
  static int released = 0;
  released = 0;
  ArrowArray array{};
  array.release = [](ArrowArray* self) {
    ++released;
    self->release = nullptr;
  };

  {
    UniqueArray first(&array);
    CHECK(array.release == nullptr);
    UniqueArray second(std::move(first));
    UniqueArray third;
    third = std::move(second);
    CHECK(third);
    ArrowArray out{};
    third.move_to(&out);
    CHECK_FALSE(third);
    third = UniqueArray(&out);
    CHECK(released == 0);
  }

  CHECK(released == 1);
}

}  // namespace chunkmill
