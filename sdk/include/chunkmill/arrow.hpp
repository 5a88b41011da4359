// Arrow schemas as values, and owners for Arrow's C structs.
//
// Ownership: `UniqueSchema` and `UniqueArray` release what they hold. `Schema` is a plain value.
// Failure: importing a schema of a type that this ABI does not carry says so in text; nothing here
// throws but bad_alloc.
#pragma once

#include <charconv>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/abi/arrow.h"
#include "chunkmill/abi/base.h"

namespace chunkmill {

__extension__ typedef __int128 Int128;

inline cm_str to_abi(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view from_abi(cm_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

// The column types of ABI v1.
enum class Type : uint8_t {
  kBool,
  kInt32,
  kInt64,
  kFloat64,
  kUtf8,
  kBinary,
  kDate32,      // days since 1970-01-01
  kTimestamp,   // microseconds since 1970-01-01 UTC
  kDecimal128,  // integer scaled by 10^-scale
};

// A name as job files and messages write it: "string", "int64", "float", "date", ...
inline std::string_view type_name(Type type) {
  constexpr std::string_view kNames[] = {"bool",   "int32", "int64",     "float",  "string",
                                         "binary", "date",  "timestamp", "decimal"};
  return kNames[static_cast<size_t>(type)];
}

// Bytes of one value in the values buffer; 0 for bool (bits) and for the types with offsets.
inline size_t type_width(Type type) {
  constexpr size_t kWidths[] = {0, 4, 8, 8, 0, 0, 4, 8, 16};
  return kWidths[static_cast<size_t>(type)];
}

inline bool has_offsets(Type type) { return type == Type::kUtf8 || type == Type::kBinary; }

// A column: its name, its type and what is known of its meaning.
struct Field {
  std::string name;
  Type type = Type::kUtf8;
  bool nullable = true;
  std::string unit{};  // chunkmill.unit: "kgCO2e", "km"; empty if none is known
  int precision = 38;  // of a decimal
  int scale = 0;       // of a decimal

  bool operator==(const Field&) const = default;

  bool same_type(const Field& other) const {
    return type == other.type &&
           (type != Type::kDecimal128 || (precision == other.precision && scale == other.scale));
  }
  // "decimal(18,4)", "string"
  std::string type_text() const {
    std::string text(type_name(type));
    if (type == Type::kDecimal128)
      text += "(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
    return text;
  }
};

// The Arrow format string of a field's type.
inline std::string format_of(const Field& field) {
  constexpr const char* kFormats[] = {"b", "i", "l", "g", "u", "z", "tdD", "tsu:UTC", "d:"};
  std::string format = kFormats[static_cast<size_t>(field.type)];
  if (field.type == Type::kDecimal128)
    format += std::to_string(field.precision) + "," + std::to_string(field.scale);
  return format;
}

namespace detail {
inline bool read_precision_scale(std::string_view text, Field* field) {
  int precision = 0;
  int scale = 0;
  const char* end = text.data() + text.size();
  auto first = std::from_chars(text.data(), end, precision);
  if (first.ec != std::errc()) return false;
  if (first.ptr != end) {
    if (*first.ptr != ',') return false;
    const char* start = first.ptr + 1;
    while (start != end && *start == ' ') ++start;
    auto second = std::from_chars(start, end, scale);
    if (second.ec != std::errc() || second.ptr != end) return false;
  }
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) return false;
  field->type = Type::kDecimal128;
  field->precision = precision;
  field->scale = scale;
  return true;
}
}  // namespace detail

// Sets `field`'s type from an Arrow format string; false if this ABI does not carry it.
inline bool type_from_format(std::string_view format, Field* field) {
  constexpr std::pair<std::string_view, Type> kFormats[] = {
      {"b", Type::kBool},     {"i", Type::kInt32},          {"l", Type::kInt64},
      {"g", Type::kFloat64},  {"u", Type::kUtf8},           {"z", Type::kBinary},
      {"tdD", Type::kDate32}, {"tsu:UTC", Type::kTimestamp}};
  for (const auto& [text, type] : kFormats) {
    if (format == text) {
      field->type = type;
      return true;
    }
  }
  return format.starts_with("d:") && detail::read_precision_scale(format.substr(2), field);
}

// Sets `field`'s type from a name in a job file: "string", "float", "decimal(18,4)", ...; false if
// there is no such type.
inline bool type_from_name(std::string_view name, Field* field) {
  for (int i = 0; i < static_cast<int>(Type::kDecimal128); ++i) {
    if (name == type_name(static_cast<Type>(i))) {
      field->type = static_cast<Type>(i);
      return true;
    }
  }
  if (name.starts_with("decimal(") && name.ends_with(")"))
    return detail::read_precision_scale(name.substr(8, name.size() - 9), field);
  return false;
}

// Holds an ArrowSchema or an ArrowArray and releases it.
template <typename T>
class UniqueArrow {
 public:
  UniqueArrow() { std::memset(&value_, 0, sizeof value_); }
  explicit UniqueArrow(T* moved) : value_(*moved) { moved->release = nullptr; }
  UniqueArrow(UniqueArrow&& other) noexcept : value_(other.value_) {
    other.value_.release = nullptr;
  }
  UniqueArrow& operator=(UniqueArrow&& other) noexcept {
    if (this != &other) {
      reset();
      value_ = other.value_;
      other.value_.release = nullptr;
    }
    return *this;
  }
  UniqueArrow(const UniqueArrow&) = delete;
  UniqueArrow& operator=(const UniqueArrow&) = delete;
  ~UniqueArrow() { reset(); }

  T* get() { return &value_; }
  const T* get() const { return &value_; }
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }
  explicit operator bool() const { return value_.release != nullptr; }
  void reset() {
    if (value_.release != nullptr) value_.release(&value_);
    value_.release = nullptr;
  }
  // Hands the content over: `*out` owns it afterwards.
  void move_to(T* out) {
    *out = value_;
    value_.release = nullptr;
  }

 private:
  T value_;
};
using UniqueSchema = UniqueArrow<ArrowSchema>;
using UniqueArray = UniqueArrow<ArrowArray>;
using UniqueStream = UniqueArrow<ArrowArrayStream>;

namespace detail {

struct SchemaBody {
  std::string format;
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};

inline void release_schema(ArrowSchema* schema) {
  auto* body = static_cast<SchemaBody*>(schema->private_data);
  for (ArrowSchema& child : body->children)
    if (child.release != nullptr) child.release(&child);
  delete body;
  schema->release = nullptr;
}

inline void append_metadata(std::string* out, std::string_view key, std::string_view value) {
  for (std::string_view text : {key, value}) {
    const auto size = static_cast<int32_t>(text.size());
    out->append(reinterpret_cast<const char*>(&size), sizeof size);
    out->append(text);
  }
}

inline std::string encode_metadata(const Field& field) {
  std::string out;
  if (field.unit.empty()) return out;
  const int32_t count = 1;
  out.append(reinterpret_cast<const char*>(&count), sizeof count);
  append_metadata(&out, "chunkmill.unit", field.unit);
  return out;
}

inline void decode_metadata(const char* metadata, Field* field) {
  if (metadata == nullptr) return;
  const auto number = [&metadata] {
    int32_t value = 0;
    std::memcpy(&value, metadata, sizeof value);
    metadata += sizeof value;
    return value;
  };
  for (int32_t left = number(); left > 0; --left) {
    std::string_view texts[2];
    for (std::string_view& text : texts) {
      const int32_t size = number();
      if (size < 0) return;
      text = {metadata, static_cast<size_t>(size)};
      metadata += size;
    }
    if (texts[0] == "chunkmill.unit") field->unit = texts[1];
  }
}

inline void fill_schema(ArrowSchema* out, std::unique_ptr<SchemaBody> body, int64_t flags) {
  std::memset(out, 0, sizeof *out);
  for (ArrowSchema& child : body->children) body->child_pointers.push_back(&child);
  out->format = body->format.c_str();
  out->name = body->name.c_str();
  out->metadata = body->metadata.empty() ? nullptr : body->metadata.c_str();
  out->flags = flags;
  out->n_children = static_cast<int64_t>(body->children.size());
  out->children = body->children.empty() ? nullptr : body->child_pointers.data();
  out->release = release_schema;
  out->private_data = body.release();
}

}  // namespace detail

// The columns of a batch, in order. A value.
struct Schema {
  std::vector<Field> fields;

  bool operator==(const Schema&) const = default;
  size_t size() const { return fields.size(); }
  const Field& operator[](size_t i) const { return fields[i]; }

  // Index of the column of that name, -1 if there is none.
  int find(std::string_view name) const {
    for (size_t i = 0; i < fields.size(); ++i)
      if (fields[i].name == name) return static_cast<int>(i);
    return -1;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const Field& field : fields) out.push_back(field.name);
    return out;
  }

  // As an Arrow struct schema; the receiver releases it.
  void export_to(ArrowSchema* out) const {
    auto body = std::make_unique<detail::SchemaBody>();
    body->format = "+s";
    body->children.resize(fields.size());
    for (size_t i = 0; i < fields.size(); ++i) {
      auto child = std::make_unique<detail::SchemaBody>();
      child->format = format_of(fields[i]);
      child->name = fields[i].name;
      child->metadata = detail::encode_metadata(fields[i]);
      detail::fill_schema(&body->children[i], std::move(child),
                          fields[i].nullable ? ARROW_FLAG_NULLABLE : 0);
    }
    detail::fill_schema(out, std::move(body), 0);
  }

  UniqueSchema to_arrow() const {
    UniqueSchema schema;
    export_to(schema.get());
    return schema;
  }

  // Reads an Arrow struct schema. On failure returns false and says in `why` which column and type
  // it was.
  static bool import(const ArrowSchema& schema, Schema* out, std::string* why) {
    if (schema.format == nullptr || std::string_view(schema.format) != "+s") {
      *why = "not a struct schema";
      return false;
    }
    if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
      *why = "a struct schema without its children";
      return false;
    }
    out->fields.clear();
    for (int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema* child = schema.children[i];
      if (child == nullptr || child->format == nullptr) {
        *why = "column " + std::to_string(i) + " has no type";
        return false;
      }
      Field field;
      field.name = child->name == nullptr ? "" : child->name;
      field.nullable = (child->flags & ARROW_FLAG_NULLABLE) != 0;
      if (child->dictionary != nullptr || !type_from_format(child->format, &field)) {
        *why = "column \"" + field.name + "\" has the Arrow type \"" + child->format +
               "\", which is not carried; use bool, int32, int64, float64, utf8, binary, date32, "
               "timestamp(us, UTC) or decimal128";
        return false;
      }
      detail::decode_metadata(child->metadata, &field);
      out->fields.push_back(std::move(field));
    }
    return true;
  }
};

}  // namespace chunkmill
