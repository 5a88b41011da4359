// The option `columns` of sources whose files hold no types: a map from column names to types, or
// to {type, ...}, in the order of the job file. Failure: Error(CM_INVALID). Threads: any.
//
//   struct ColumnSpec {
//     std::string type = "string";
//     std::string unit;
//     static constexpr std::string_view kExpected = "a map from column names to types, or ...";
//     static constexpr files::ColumnKey<ColumnSpec> kKeys[] = {{"type", &ColumnSpec::type}, ...};
//   };
//   files::ColumnSpecs<ColumnSpec> columns;
//   options.optional("columns", columns, "types by name: ...");
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "chunkmill/error.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::files {

// A key of the map that says more of a column than its type.
template <typename Spec>
struct ColumnKey {
  std::string_view name;
  std::string Spec::*value;
  std::string_view doc = {};
};

template <typename Spec>
using ColumnSpecs = std::vector<std::pair<std::string, Spec>>;

// The field of the given name that an entry asks for.
template <typename Spec>
Field field_of(const std::string& name, const Spec& spec) {
  Field field;
  field.name = name;
  field.unit = spec.unit;
  if (!type_from_name(spec.type, &field) || field.type == Type::kBinary)
    throw Error(CM_INVALID, "\"" + spec.type +
                                "\" is not a type; there are string, int32, int64, float, bool, "
                                "date, timestamp and decimal(precision,scale)")
        .at("columns." + name);
  return field;
}

}  // namespace chunkmill::files

namespace chunkmill::detail {

template <typename Spec>
requires requires { Spec::kKeys; }
struct OptionType<std::vector<std::pair<std::string, Spec>>> {
  static constexpr std::string_view kExpected = Spec::kExpected;

  static void describe(JsonWriter* json) {
    json->field("type", "object").key("additionalProperties").begin_object();
    json->key("type").begin_array().value("string").value("object").end_array();
    json->key("properties").begin_object();
    for (const auto& key : Spec::kKeys) {
      json->key(key.name).begin_object().field("type", "string");
      if (!key.doc.empty()) json->field("description", key.doc);
      json->end_object();
    }
    json->end_object().field("additionalProperties", false).end_object();
  }

  static bool read(const OptionNode& node, files::ColumnSpecs<Spec>* out) {
    if (node.kind() != CM_MAP) return false;
    out->clear();
    for (size_t i = 0; i < node.size(); ++i) {
      Spec& spec = out->emplace_back(node.key(i), Spec{}).second;
      const OptionNode value = node.at(i);
      if (!(value.kind() == CM_MAP ? read_keys(value, &spec) : value.text(&spec.type)))
        return false;
    }
    return true;
  }

  static void write_default(JsonWriter* json, const files::ColumnSpecs<Spec>&) {
    json->begin_object().end_object();
  }

 private:
  static bool read_keys(const OptionNode& map, Spec* spec) {
    for (size_t i = 0; i < map.size(); ++i) {
      const std::string name = map.key(i);
      const auto key = std::find_if(std::begin(Spec::kKeys), std::end(Spec::kKeys),
                                    [&](const auto& candidate) { return candidate.name == name; });
      if (key == std::end(Spec::kKeys) || !map.at(i).text(&(spec->*(key->value)))) return false;
    }
    return true;
  }
};

}  // namespace chunkmill::detail
