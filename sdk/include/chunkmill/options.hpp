// A plugin's options: one list of calls, made in configure(), that both writes the option schema
// and binds the values, so that the two cannot drift. configure() runs on an object of its own
// without values (describing), and on the real one with them.
//
//   void configure(chunkmill::Options& opt) {
//     opt.required("path", path_, "file to read");
//     opt.optional("rows", rows_, "rows to make");            // default: what rows_ holds
//     opt.choice("mode", mode_, {{"insert", kInsert}, {"upsert", kUpsert}}, "how to write");
//
//     opt.group("columns", "our names", [&](Options& o) { o.optional("id", id_, "its id"); });
//   }
//
// Failure: a value of the wrong type or a missing one throws Error(CM_INVALID) at its path.
// Threads: [control].
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/abi/options.h"
#include "chunkmill/error.hpp"
#include "chunkmill/json.hpp"
#include "chunkmill/nearest.hpp"
#include "chunkmill/units.hpp"

namespace chunkmill {

// Values with a meaning that their text alone does not show. Each is an option type of its own.
struct Duration {
  int64_t ms = 0;
};
struct Bytes {
  uint64_t count = 0;
};
struct Percent {
  double value = 0;
};
struct Secret {  // never printed, logged or hashed
  std::string value;
};
struct Path {  // the host makes it absolute, relative to the job file's folder
  std::string value;
};
// One ASCII character but NUL and line ends, as itself or by its name: tab, space. NUL: none was
// given. std::optional<Character> takes "" too, which means that there is none.
struct Character {
  char value = '\0';
};
struct ColumnName {  // of the input; Columns::find() and its like say whether it is there
  std::string value;
  bool empty() const { return value.empty(); }
};
struct LookupName {  // one of the job's `lookups:`
  std::string value;
  bool empty() const { return value.empty(); }
};

namespace detail {

// One value of the tree behind a cm_options.
struct OptionNode {
  const cm_options* api;
  const void* node;

  int32_t kind() const { return node == nullptr ? CM_NULL : api->kind(node); }
  size_t size() const { return api->size(node); }
  OptionNode at(size_t i) const { return {api, api->at(node, i)}; }
  std::string key(size_t i) const {
    cm_str text{};
    return api->key(node, i, &text) != 0 ? std::string(from_abi(text)) : std::string();
  }
  OptionNode find(std::string_view name) const {
    return {api, node == nullptr ? nullptr : api->find(node, to_abi(name))};
  }
  bool text(std::string* out) const {
    cm_str view{};
    if (api->as_string(node, &view) == 0) return false;
    out->assign(from_abi(view));
    return true;
  }
};

// How a C++ type is described and read. read() says false when the value is of another type.
template <typename T>
struct OptionType;

template <typename T>
void describe_option(JsonWriter* json, const T&) {
  OptionType<T>::describe(json);
}

template <>
struct OptionType<std::string> {
  static constexpr std::string_view kExpected = "text";
  static void describe(JsonWriter* json) { json->field("type", "string"); }
  static bool read(const OptionNode& node, std::string* out) { return node.text(out); }
  static void write_default(JsonWriter* json, const std::string& value) { json->value(value); }
};
template <>
struct OptionType<bool> {
  static constexpr std::string_view kExpected = "true or false";
  static void describe(JsonWriter* json) { json->field("type", "boolean"); }
  static bool read(const OptionNode& node, bool* out) {
    int32_t value = 0;
    if (node.api->as_bool(node.node, &value) == 0) return false;
    *out = value != 0;
    return true;
  }
  static void write_default(JsonWriter* json, bool value) { json->value(value); }
};
template <typename Int>
requires std::is_integral_v<Int>
struct OptionType<Int> {
  static constexpr std::string_view kExpected = "a whole number";
  static void describe(JsonWriter* json) {
    json->field("type", "integer");
    if constexpr (std::is_unsigned_v<Int>) json->field("minimum", 0);
  }
  static bool read(const OptionNode& node, Int* out) {
    int64_t value = 0;
    if (node.api->as_int(node.node, &value) == 0 || !std::in_range<Int>(value)) return false;
    *out = static_cast<Int>(value);
    return true;
  }
  static void write_default(JsonWriter* json, Int value) { json->value(value); }
};
template <>
struct OptionType<double> {
  static constexpr std::string_view kExpected = "a number";
  static void describe(JsonWriter* json) { json->field("type", "number"); }
  static bool read(const OptionNode& node, double* out) {
    return node.api->as_float(node.node, out) != 0;
  }
  static void write_default(JsonWriter* json, double value) { json->value(value); }
};
template <>
struct OptionType<Duration> {
  static constexpr std::string_view kExpected = "a duration like 200ms, 1.5s or 10m";
  static void describe(JsonWriter* json) {
    json->field("type", "string").field("x-format", "duration");
  }
  static bool read(const OptionNode& node, Duration* out) {
    std::string text;
    return node.text(&text) && parse_duration(text, &out->ms);
  }
  static void write_default(JsonWriter* json, Duration value) {
    json->value(std::to_string(value.ms) + "ms");
  }
};
template <>
struct OptionType<Bytes> {
  static constexpr std::string_view kExpected = "a size like 64KiB or 8MiB";
  static void describe(JsonWriter* json) {
    json->field("type", "string").field("x-format", "bytes");
  }
  static bool read(const OptionNode& node, Bytes* out) {
    std::string text;
    return node.text(&text) && parse_bytes(text, &out->count);
  }
  static void write_default(JsonWriter* json, Bytes value) {
    constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB"};
    size_t unit = 0;
    while (unit < 3 && value.count != 0 && value.count % 1024 == 0) {
      value.count /= 1024;
      ++unit;
    }
    json->value(std::to_string(value.count) + std::string(kUnits[unit]));
  }
};
template <>
struct OptionType<Percent> {
  static constexpr std::string_view kExpected = "a percentage between 0% and 100%";
  static void describe(JsonWriter* json) {
    json->field("type", "string").field("x-format", "percent");
  }
  static bool read(const OptionNode& node, Percent* out) {
    std::string text;
    return node.text(&text) && parse_percent(text, &out->value);
  }
  static void write_default(JsonWriter* json, Percent percent) {
    std::string text;
    append_double(&text, percent.value);
    json->value(text + "%");
  }
};
template <>
struct OptionType<Character> {
  static constexpr std::string_view kExpected = "one ASCII character, or its name: tab, space";
  static void describe(JsonWriter* json) {
    json->field("type", "string").field("x-format", "character");
  }
  static bool read(const OptionNode& node, Character* out) {
    std::string text;
    if (!node.text(&text)) return false;
    if (text == "tab" || text == "\\t") text = "\t";
    if (text == "space") text = " ";
    const bool fits = text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80 &&
                      text.find_first_of(std::string_view("\n\r\0", 3)) == text.npos;
    if (fits) out->value = text[0];
    return fits;
  }
  static void write_default(JsonWriter* json, Character value) {
    json->value(std::string_view(&value.value, value.value == '\0' ? 0 : 1));
  }
};
template <>
struct OptionType<std::optional<Character>> {
  static constexpr std::string_view kExpected =
      "one ASCII character, its name: tab, space, or \"\" for none";
  static void describe(JsonWriter* json) {
    json->field("type", "string").field("x-format", "character-or-none");
  }
  static bool read(const OptionNode& node, std::optional<Character>* out) {
    std::string text;
    if (node.text(&text) && text.empty()) {
      out->reset();
      return true;
    }
    return OptionType<Character>::read(node, &out->emplace());
  }
  static void write_default(JsonWriter* json, const std::optional<Character>& value) {
    OptionType<Character>::write_default(json, value.value_or(Character()));
  }
};
// The types that are text with a mark in the schema.
template <typename T>
struct MarkedText {
  static constexpr std::string_view kExpected = "text";
  static bool read(const OptionNode& node, T* out) { return node.text(&out->value); }
  static void write_default(JsonWriter* json, const T& value) { json->value(value.value); }
};
template <>
struct OptionType<Secret> : MarkedText<Secret> {
  static void describe(JsonWriter* json) { json->field("type", "string").field("x-secret", true); }
};
template <>
struct OptionType<Path> : MarkedText<Path> {
  static void describe(JsonWriter* json) { json->field("type", "string").field("x-path", true); }
};
template <>
struct OptionType<ColumnName> : MarkedText<ColumnName> {
  static void describe(JsonWriter* json) { json->field("type", "string").field("x-column", true); }
};
template <>
struct OptionType<LookupName> : MarkedText<LookupName> {
  static void describe(JsonWriter* json) { json->field("type", "string").field("x-lookup", true); }
};
// A list; a single value stands for a list of one.
template <typename T>
struct OptionType<std::vector<T>> {
  static constexpr std::string_view kExpected = "a list";
  static void describe(JsonWriter* json) {
    json->field("type", "array").field("x-single", true).key("items").begin_object();
    OptionType<T>::describe(json);
    json->end_object();
  }
  static bool read(const OptionNode& node, std::vector<T>* out) {
    out->clear();
    const bool is_list = node.kind() == CM_LIST;
    const size_t count = is_list ? node.size() : 1;
    for (size_t i = 0; i < count; ++i) {
      T item{};
      if (!OptionType<T>::read(is_list ? node.at(i) : node, &item)) return false;
      out->push_back(std::move(item));
    }
    return true;
  }
  static void write_default(JsonWriter* json, const std::vector<T>& value) {
    json->begin_array();
    for (const T& item : value) OptionType<T>::write_default(json, item);
    json->end_array();
  }
};
template <typename T, typename Compare>
struct OptionType<std::map<std::string, T, Compare>> {
  static constexpr std::string_view kExpected = "a map";
  static void describe(JsonWriter* json) {
    json->field("type", "object").key("additionalProperties").begin_object();
    OptionType<T>::describe(json);
    json->end_object();
  }
  static bool read(const OptionNode& node, std::map<std::string, T, Compare>* out) {
    if (node.kind() != CM_MAP) return false;
    out->clear();
    for (size_t i = 0; i < node.size(); ++i)
      if (!OptionType<T>::read(node.at(i), &(*out)[node.key(i)])) return false;
    return true;
  }
  static void write_default(JsonWriter* json, const std::map<std::string, T, Compare>& value) {
    json->begin_object();
    for (const auto& [key, item] : value) {
      json->key(key);
      OptionType<T>::write_default(json, item);
    }
    json->end_object();
  }
};
template <typename T>
struct OptionType<std::optional<T>> {
  static constexpr std::string_view kExpected = OptionType<T>::kExpected;
  static void describe(JsonWriter* json) { OptionType<T>::describe(json); }
  static bool read(const OptionNode& node, std::optional<T>* out) {
    return OptionType<T>::read(node, &out->emplace());
  }
  static void write_default(JsonWriter* json, const std::optional<T>& value) {
    if (value) {
      OptionType<T>::write_default(json, *value);
    } else {
      json->null();
    }
  }
};

}  // namespace detail

template <typename T>
concept OptionValue = requires {
  detail::OptionType<T>::kExpected;
};

class Options {
 public:
  // Binds values.
  explicit Options(const cm_options* values) : here_{values, values->root} {}
  // Writes the schema, the parts of a JSON Schema object, to `schema`.
  explicit Options(std::string* schema) : here_{nullptr, nullptr}, json_(JsonWriter(schema)) {
    json_->begin_object().field("type", "object").field("additionalProperties", false);
    json_->key("properties").begin_object();
  }

  // True while the schema is written and no values are there.
  bool describing() const { return json_.has_value(); }

  template <OptionValue T>
  void required(std::string_view name, T& out, std::string_view doc) {
    option(name, doc, true, out, [](JsonWriter*) {});
  }
  // The default is what `out` holds.
  template <OptionValue T>
  void optional(std::string_view name, T& out, std::string_view doc) {
    option(name, doc, false, out, [](JsonWriter*) {});
  }
  // One of a few words.
  template <typename Enum>
  void choice(std::string_view name, Enum& out,
              std::initializer_list<std::pair<std::string_view, Enum>> choices,
              std::string_view doc) {
    std::string word;
    for (const auto& [text, value] : choices)
      if (value == out) word = text;
    option(name, doc, false, word, [&](JsonWriter* json) {
      json->key("enum").begin_array();
      for (const auto& [text, value] : choices) json->value(text);
      json->end_array();
    });
    if (describing()) return;
    std::vector<std::string> words;
    for (const auto& [text, value] : choices) {
      if (word == text) {
        out = value;
        return;
      }
      words.emplace_back(text);
    }
    const std::string near = nearest(word, words);
    throw Error(CM_INVALID, "\"" + word + "\" is not one of its values" +
                                (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
        .at(path(name));
  }
  // A map of options of its own; `body` takes the Options of the inside.
  template <typename F>
  void group(std::string_view name, std::string_view doc, F&& body) {
    if (describing()) {
      std::string inside;
      Options inner(&inside);
      body(inner);
      inner.close_schema();
      begin_property(name, doc);
      splice(inside);
      json_->end_object();
      return;
    }
    Options inner(here_.api, map_or_nothing(here_.find(name), path(name)), path(name));
    body(inner);
  }
  // A map from a name of the user's to options: `tables: {a: {...}, b: {...}}`. `body` takes the
  // Options of the inside and the element that was appended to `out`.
  template <typename T, typename F>
  void each(std::string_view name, std::vector<std::pair<std::string, T>>& out,
            std::string_view doc, F&& body) {
    if (describing()) {
      std::string inside;
      Options inner(&inside);
      T element{};
      body(inner, element);
      inner.close_schema();
      begin_property(name, doc);
      json_->field("type", "object").key("additionalProperties").begin_object();
      splice(inside);
      json_->end_object().end_object();
      return;
    }
    const detail::OptionNode map = map_or_nothing(here_.find(name), path(name));
    if (map.kind() == CM_NULL) return;
    for (size_t i = 0; i < map.size(); ++i) {
      auto& [key, element] = out.emplace_back(map.key(i), T{});
      const std::string inside = path(name) + "." + key;
      Options inner(here_.api, map_or_nothing(map.at(i), inside), inside);
      body(inner, element);
    }
  }

  // Ends the schema that was begun by the constructor; once, after configure().
  void close_schema() {
    json_->end_object().key("required").begin_array();
    for (const std::string& name : required_) json_->value(name);
    json_->end_array().end_object();
  }

 private:
  Options(const cm_options* api, detail::OptionNode node, std::string path)
      : here_{api, node.node}, path_(std::move(path)) {}

  static detail::OptionNode map_or_nothing(detail::OptionNode node, const std::string& path) {
    if (node.kind() != CM_NULL && node.kind() != CM_MAP)
      throw Error(CM_INVALID, "expected a map").at(path);
    return node;
  }
  std::string path(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }
  void begin_property(std::string_view name, std::string_view doc) {
    json_->key(name).begin_object().field("description", doc);
  }
  // Puts the members of the JSON object `inside` into the object that is being written.
  void splice(const std::string& inside) {
    json_->raw(std::string_view(inside).substr(1, inside.size() - 2));
  }

  template <typename T, typename F>
  void option(std::string_view name, std::string_view doc, bool is_required, T& out, F&& extras) {
    if (describing()) {
      begin_property(name, doc);
      detail::OptionType<T>::describe(&*json_);
      extras(&*json_);
      if (is_required) {
        required_.emplace_back(name);
      } else {
        json_->key("default");
        detail::OptionType<T>::write_default(&*json_, out);
      }
      json_->end_object();
      return;
    }
    const detail::OptionNode node = here_.find(name);
    if (node.kind() == CM_NULL) {
      if (is_required) throw Error(CM_INVALID, "it is missing, and must be given").at(path(name));
      return;
    }
    if (!detail::OptionType<T>::read(node, &out))
      throw Error(CM_INVALID, "expected " + std::string(detail::OptionType<T>::kExpected))
          .at(path(name));
  }

  detail::OptionNode here_;
  std::string path_;
  std::optional<JsonWriter> json_;
  std::vector<std::string> required_;
};

}  // namespace chunkmill
