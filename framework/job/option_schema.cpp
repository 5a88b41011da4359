#include "framework/job/option_schema.hpp"

#include <algorithm>

#include "framework/job/yaml_tree.hpp"

namespace chunkmill::host {
namespace {

bool flag(const Value& schema, std::string_view key) {
  const Value* value = schema.find(key);
  return value != nullptr && value->as_bool().value_or(false);
}

std::vector<std::string> texts(const Value* value) {
  std::vector<std::string> result;
  if (value == nullptr) return result;
  if (value->is_scalar()) result.push_back(value->text());
  for (std::size_t i = 0; i < value->size(); ++i) result.push_back(value->at(i).text());
  return result;
}

std::optional<double> number(const Value* value) {
  return value == nullptr ? std::nullopt : value->as_float();
}

OptionSchema::Format format_of(const Value* value) {
  using Format = OptionSchema::Format;
  if (value == nullptr) return Format::kNone;
  if (value->text() == "duration") return Format::kDuration;
  if (value->text() == "bytes") return Format::kBytes;
  if (value->text() == "percent") return Format::kPercent;
  if (value->text() == "character") return Format::kCharacter;
  if (value->text() == "character-or-none") return Format::kCharacterOrNone;
  return Format::kNone;
}

OptionSchema read_schema(const Value& json);

std::shared_ptr<const OptionSchema> read_inner(const Value* json) {
  return json == nullptr || !json->is_map()
             ? nullptr
             : std::make_shared<const OptionSchema>(read_schema(*json));
}

OptionSchema read_schema(const Value& json) {
  OptionSchema schema;
  schema.types = texts(json.find("type"));
  schema.choices = texts(json.find("enum"));
  schema.required = texts(json.find("required"));
  schema.minimum = number(json.find("minimum"));
  schema.maximum = number(json.find("maximum"));
  schema.format = format_of(json.find("x-format"));
  schema.secret = flag(json, "x-secret");
  schema.column = flag(json, "x-column");
  schema.lookup = flag(json, "x-lookup");
  schema.path = flag(json, "x-path");
  schema.single = flag(json, "x-single");
  if (const Value* text = json.find("description")) schema.description = text->text();
  if (const Value* text = json.find("default")) {
    schema.default_text = text->is_scalar() ? text->text() : text->canonical();
  }
  const Value* properties = json.find("properties");
  for (std::size_t i = 0; properties != nullptr && i < properties->size(); ++i) {
    schema.property_names.push_back(properties->key(i));
    schema.properties.emplace(properties->key(i), read_schema(properties->at(i)));
  }
  const Value* additional = json.find("additionalProperties");
  schema.additional = read_inner(additional);
  schema.additional_allowed = additional == nullptr
                                  ? properties == nullptr
                                  : additional->is_map() || additional->as_bool().value_or(false);
  schema.items = read_inner(json.find("items"));
  return schema;
}

}  // namespace

Result<OptionSchema> OptionSchema::parse(std::string_view json) {
  Faults faults;
  const SourceText source(json);
  const std::optional<Value> tree = read_yaml(source, 0, &faults);
  if (faults.has_errors() || !tree || !tree->is_map()) {
    return Status(Code::kPlugin,
                  "its option schema is not a JSON object" +
                      (faults.has_errors() ? ": " + faults.all().front().message : ""));
  }
  return read_schema(*tree);
}

std::string option_names(const OptionSchema& schema) {
  constexpr std::size_t kLongest = 70;
  std::vector<std::string> names;
  const auto is_required = [&](const std::string& name) {
    return std::find(schema.required.begin(), schema.required.end(), name) != schema.required.end();
  };
  for (const std::string& name : schema.property_names) {
    if (is_required(name)) names.push_back(name + " (required)");
  }
  for (const std::string& name : schema.property_names) {
    if (!is_required(name)) names.push_back(name);
  }
  std::string text;
  for (const std::string& name : names) {
    if (text.size() + name.size() > kLongest) return text + ", ...";
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

}  // namespace chunkmill::host
