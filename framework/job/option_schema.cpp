#include "framework/job/option_schema.hpp"

#include <algorithm>

#include "chunkmill/json.hpp"
#include "chunkmill/parse.hpp"
#include "framework/core/json_value.hpp"

namespace chunkmill::host {
namespace {

using Kind = JsonValue::Kind;

std::string text_of(const JsonValue& value) {
  return value.kind == Kind::kBool ? (value.truth ? "true" : "false") : value.text;
}

// JSON with every scalar as a text.
void append_json(std::string* out, const JsonValue& value) {
  if (value.kind != Kind::kArray && value.kind != Kind::kObject)
    return append_json_string(out, text_of(value));
  const bool is_array = value.kind == Kind::kArray;
  const size_t begin = out->size() + 1;
  *out += is_array ? '[' : '{';
  for (const JsonValue& item : value.items) {
    if (out->size() > begin) *out += ',';
    append_json(out, item);
  }
  for (const auto& [name, member] : value.members) {
    if (out->size() > begin) *out += ',';
    append_json_string(out, name);
    *out += ':';
    append_json(out, member);
  }
  *out += is_array ? ']' : '}';
}

// As a person reads it: a scalar as it is, a list or an object as JSON.
std::string default_of(const JsonValue& value) {
  if (value.kind != Kind::kArray && value.kind != Kind::kObject) return text_of(value);
  std::string out;
  append_json(&out, value);
  return out;
}

bool flag(const JsonValue& schema, std::string_view key) {
  const JsonValue* value = schema.find(key);
  return value != nullptr && value->kind == Kind::kBool && value->truth;
}

// A text or a list of texts.
std::vector<std::string> texts(const JsonValue* value) {
  std::vector<std::string> result;
  if (value == nullptr) return result;
  if (value->kind != Kind::kArray) result.push_back(text_of(*value));
  for (const JsonValue& item : value->items) result.push_back(text_of(item));
  return result;
}

std::optional<double> number(const JsonValue* value) {
  double out = 0;
  if (value == nullptr || value->kind != Kind::kNumber) return std::nullopt;
  if (parse_double(value->text, &out) != ParseFault::kNone) return std::nullopt;
  return out;
}

OptionSchema::Format format_of(const JsonValue* value) {
  using Format = OptionSchema::Format;
  if (value == nullptr) return Format::kNone;
  if (value->text == "duration") return Format::kDuration;
  if (value->text == "bytes") return Format::kBytes;
  if (value->text == "percent") return Format::kPercent;
  if (value->text == "character") return Format::kCharacter;
  if (value->text == "character-or-none") return Format::kCharacterOrNone;
  return Format::kNone;
}

OptionSchema read_schema(const JsonValue& json);

std::shared_ptr<const OptionSchema> read_inner(const JsonValue* json) {
  return json == nullptr || json->kind != Kind::kObject
             ? nullptr
             : std::make_shared<const OptionSchema>(read_schema(*json));
}

OptionSchema read_schema(const JsonValue& json) {
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
  if (const JsonValue* text = json.find("description")) schema.description = text->text;
  if (const JsonValue* value = json.find("default")) schema.default_text = default_of(*value);
  const JsonValue* properties = json.find("properties");
  if (properties != nullptr)
    for (const auto& [name, inner] : properties->members) {
      schema.property_names.push_back(name);
      schema.properties.emplace(name, read_schema(inner));
    }
  const JsonValue* additional = json.find("additionalProperties");
  schema.additional = read_inner(additional);
  schema.additional_allowed = additional == nullptr
                                  ? properties == nullptr
                                  : additional->kind == Kind::kObject || additional->truth;
  schema.items = read_inner(json.find("items"));
  return schema;
}

}  // namespace

Result<OptionSchema> OptionSchema::parse(std::string_view json) {
  const Result<JsonValue> tree = parse_json(json);
  if (!tree.ok() || tree->kind != Kind::kObject)
    return Status(Code::kPlugin, "its option schema is not a JSON object" +
                                     (tree.ok() ? "" : ": " + tree.status().message()));
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
