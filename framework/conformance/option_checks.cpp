// Conformance: the file, the option schema, and create() with no and with strange options.
#include <algorithm>
#include <set>

#include "chunkmill/arrow.hpp"
#include "framework/conformance/checks.hpp"
#include "framework/core/json_value.hpp"
#include "framework/plugin/call.hpp"
#include "framework/plugin/folders.hpp"

namespace chunkmill::host {
namespace {

bool is_type(const JsonValue& word) {
  static const std::set<std::string_view> kTypes{"string", "boolean", "integer",
                                                 "number", "array",   "object"};
  return word.kind == JsonValue::Kind::kString && kTypes.contains(word.text);
}

// One word, a list of them, or an enum in place of both.
bool has_type(const JsonValue& schema) {
  const JsonValue* type = schema.find("type");
  if (type == nullptr) return schema.find("enum") != nullptr;
  return is_type(*type) || (!type->items.empty() && std::ranges::all_of(type->items, is_type));
}

// What is wrong with an option schema, or the part of one at `path`; empty if nothing is.
std::string fault_of_schema(const JsonValue& schema, const std::string& path) {
  static const std::set<std::string_view> kKeywords{
      "type",  "description", "default",  "enum",    "minimum",
      "items", "properties",  "required", "maximum", "additionalProperties"};
  if (schema.kind != JsonValue::Kind::kObject) return path + " is no object";
  for (const auto& [name, value] : schema.members) {
    const bool ours = name.starts_with("x-") || kKeywords.contains(name);
    if (!ours) return path + " has the keyword \"" + name + "\", which is not in the subset";
  }
  if (!has_type(schema)) return path + " has no type of the subset";
  const JsonValue* properties = schema.find("properties");
  if (properties != nullptr) {
    for (const auto& [name, inner] : properties->members) {
      std::string fault = fault_of_schema(inner, path + "." + name);
      if (!fault.empty()) return fault;
    }
  }
  if (const JsonValue* required = schema.find("required")) {
    for (const JsonValue& name : required->items) {
      if (properties == nullptr || properties->find(name.text) == nullptr) {
        return path + " requires \"" + name.text + "\", which it does not describe";
      }
    }
  }
  for (const char* inside : {"items", "additionalProperties"}) {
    const JsonValue* inner = schema.find(inside);
    if (inner == nullptr || inner->kind != JsonValue::Kind::kObject) continue;
    std::string fault = fault_of_schema(*inner, path + "." + inside);
    if (!fault.empty()) return fault;
  }
  return {};
}

// A plugin's own options are what `plugins describe` shows, so each says what it is for.
std::string undescribed_option(const JsonValue& schema) {
  const JsonValue* properties = schema.find("properties");
  if (properties == nullptr) return {};
  for (const auto& [name, option] : properties->members) {
    const JsonValue* description = option.find("description");
    if (description == nullptr || description->text.empty()) return name;
  }
  return {};
}

Status check_schema_text(const std::string& text, JsonValue* out) {
  ASSIGN_OR_RETURN(*out, parse_json(text));
  const std::string fault = fault_of_schema(*out, "the schema");
  if (!fault.empty()) return finding(fault);
  const JsonValue* type = out->find("type");
  if (type == nullptr || type->text != "object") return finding("the schema is not of an object");
  const std::string undescribed = undescribed_option(*out);
  if (!undescribed.empty()) return finding("option \"" + undescribed + "\" has no description");
  return Status();
}

template <typename Api, typename Self>
Status create_and_destroy(const Module& module, const Api& api, const cm_host* host,
                          const cm_options& options) {
  return make_owned(
             module, api, api.destroy, "create",
             [&](Self** self, cm_error* error) { return api.create(host, &options, self, error); })
      .status();
}

Status create(const Subject& subject, const cm_options& options) {
  const Module& module = subject.module;
  switch (module.kind()) {
    case Kind::kSource:
      return create_and_destroy<cm_source_api, cm_source>(module, *module.source_api(),
                                                          subject.host, options);
    case Kind::kCalculator:
      return create_and_destroy<cm_calculator_api, cm_calculator>(module, *module.calculator_api(),
                                                                  subject.host, options);
    case Kind::kSink:
      return create_and_destroy<cm_sink_api, cm_sink>(module, *module.sink_api(), subject.host,
                                                      options);
    case Kind::kHook:
      return create_and_destroy<cm_hook_api, cm_hook>(module, *module.hook_api(), subject.host,
                                                      options);
  }
  return Status();
}

bool names_an_option(const Status& status, const JsonValue& schema) {
  const JsonValue* properties = schema.find("properties");
  return properties != nullptr && std::ranges::any_of(properties->members, [&](const auto& member) {
           return status.message().find(member.first) != std::string::npos ||
                  status.facts().where.find(member.first) != std::string::npos;
         });
}

// The strange values: one node each, that every key of the options leads to.
struct Strange {
  int32_t kind;
  int64_t whole;
  double number;
  std::string_view text;
};
constexpr char kNotTextBytes[] = "\0\xff\xfe\x80 \n${X}../../etc";
constexpr std::string_view kNotText(kNotTextBytes, sizeof kNotTextBytes - 1);
const Strange kStrange[] = {
    {CM_NULL, 0, 0, {}},
    {CM_BOOL, 1, 0, {}},
    {CM_INT, INT64_MIN, -9.3e18, "-9223372036854775808"},
    {CM_FLOAT, 0, 1e308, "1e308"},
    {CM_STRING, 0, 0, {}},
    {CM_STRING, 0, 0, kNotText},
    {CM_LIST, 0, 0, {}},
    {CM_MAP, 0, 0, {}},
};
constexpr int kRoot = 0;  // its address stands for the root of every one of them

const Strange& strange(const void* node) { return *static_cast<const Strange*>(node); }
bool is_scalar(const void* node) { return node != nullptr && node != &kRoot; }

int32_t strange_kind(const void* node) {
  if (node == nullptr) return CM_NULL;
  return node == &kRoot ? CM_MAP : strange(node).kind;
}
size_t no_size(const void*) { return 0; }
const void* nothing_at(const void*, size_t) { return nullptr; }
int32_t no_key(const void*, size_t, cm_str*) { return 0; }
template <size_t kWhich>
const void* find_strange(const void* node, cm_str) {
  return node == &kRoot ? &kStrange[kWhich] : nullptr;
}
const void* find_nothing(const void*, cm_str) { return nullptr; }
int32_t strange_bool(const void* node, int32_t* out) {
  if (strange_kind(node) != CM_BOOL) return 0;
  *out = 1;
  return 1;
}
int32_t strange_int(const void* node, int64_t* out) {
  if (strange_kind(node) != CM_INT) return 0;
  *out = strange(node).whole;
  return 1;
}
int32_t strange_float(const void* node, double* out) {
  const int32_t kind = strange_kind(node);
  if (kind != CM_INT && kind != CM_FLOAT) return 0;
  *out = strange(node).number;
  return 1;
}
int32_t strange_string(const void* node, cm_str* out) {
  const int32_t kind = strange_kind(node);
  if (!is_scalar(node) || (kind != CM_INT && kind != CM_FLOAT && kind != CM_STRING)) return 0;
  *out = to_abi(strange(node).text);
  return 1;
}

using Find = const void* (*)(const void*, cm_str);
cm_options options_with(Find find) {
  return {sizeof(cm_options),
          0,
          &kRoot,
          strange_kind,
          no_size,
          nothing_at,
          no_key,
          find,
          strange_bool,
          strange_int,
          strange_float,
          strange_string};
}

template <size_t... kWhich>
const cm_options* strange_of(size_t which, std::index_sequence<kWhich...>) {
  static const cm_options all[] = {options_with(find_strange<kWhich>)...};
  return which < sizeof...(kWhich) ? &all[which] : nullptr;
}

}  // namespace

const cm_options& empty_options() {
  static const cm_options kEmpty = options_with(find_nothing);
  return kEmpty;
}

const cm_options* strange_options(size_t which) {
  return strange_of(which, std::make_index_sequence<std::size(kStrange)>());
}

void check_file(Checklist& checks, const std::filesystem::path& file, Kind kind,
                const std::string& name) {
  checks.check("the file is named KIND.NAME.so after itself", [&]() -> Status {
    const std::string wanted = plugin_file_name(kind, name);
    if (file.filename() == wanted) return Status();
    return finding("it is named " + file.filename().string() + ", but is " + wanted);
  });
  checks.check("it exports exactly one symbol", [&]() -> Status {
    ASSIGN_OR_RETURN(const ElfFile elf, ElfFile::open(file));
    ASSIGN_OR_RETURN(const std::vector<std::string> symbols, elf.exported_symbols());
    if (symbols == std::vector<std::string>{"chunkmill_module_v1"}) return Status();
    std::string text = "it exports " + std::to_string(symbols.size()) + " symbols:";
    for (size_t i = 0; i < std::min<size_t>(symbols.size(), 10); ++i) text += " " + symbols[i];
    return finding(text + "; link it with the version script that chunkmill_add_plugin uses");
  });
}

void check_options(Checklist& checks, const Subject& subject) {
  JsonValue schema;
  checks.check("its option schema is JSON of the subset, the same each time", [&]() -> Status {
    ASSIGN_OR_RETURN(const std::string first, subject.module.option_schema());
    ASSIGN_OR_RETURN(const std::string second, subject.module.option_schema());
    if (first != second) return finding("two calls of describe() wrote two schemas");
    return check_schema_text(first, &schema);
  });
  checks.check("without options it is made, or names the option it lacks", [&]() -> Status {
    const Status status = create(subject, empty_options());
    if (status.ok() || (status.facts().code == CM_INVALID && names_an_option(status, schema))) {
      return Status();
    }
    return finding("create() with no options should give CM_INVALID and name an option, not: " +
                   status.message());
  });
  checks.check("strange options are refused or taken, without harm", [&]() -> Status {
    for (size_t i = 0; const cm_options* options = strange_options(i); ++i) {
      const Status status = create(subject, *options);
      if (status.code() == Code::kPlugin) return status;
    }
    return Status();
  });
  if (subject.options != nullptr) {
    checks.check("it is made with the options given",
                 [&]() -> Status { return create(subject, *subject.options); });
  }
}

}  // namespace chunkmill::host
