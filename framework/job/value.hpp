// Value: a tree of null, scalar, list and map that knows where in the job file each part stands.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/abi/options.h"

namespace chunkmill::host {

// A stretch of one line. Line and column count from 1, column and length in characters (code
// points). Line 0: nowhere in a file, the value was made in code. `source` 0 is the job file, n the
// n-th --set of the command line.
struct Place {
  int line = 0;
  int column = 0;
  int length = 0;
  int source = 0;

  bool known() const { return line > 0; }
  bool operator==(const Place&) const = default;
};

// A scalar is its text and whether it was quoted; what type it has is asked when it is read. A
// plain scalar answers to every getter that can read it without loss (`1` is an int, a float and a
// string), a quoted one is a string alone. Value type; children live in its own vectors, so that
// their addresses stay while the tree is neither changed nor copied. Threads: const functions from
// any thread.
class Value {
 public:
  enum class Kind { kNull, kScalar, kList, kMap };

  Value() = default;  // null
  static Value map() { return Value(Kind::kMap); }
  static Value list() { return Value(Kind::kList); }
  static Value plain(std::string text);
  static Value of(bool value);
  static Value of(double value);  // not a number and infinity become null
  static Value of(std::string_view value);
  static Value of(const char* value) { return of(std::string_view(value)); }
  template <std::integral T>
  static Value of(T value) {
    return plain(std::to_string(value));
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_scalar() const { return kind_ == Kind::kScalar; }
  bool is_list() const { return kind_ == Kind::kList; }
  bool is_map() const { return kind_ == Kind::kMap; }

  // Scalars. `text` is empty for all else.
  const std::string& text() const { return text_; }
  bool quoted() const { return quoted_; }
  void set_text(std::string text) { text_ = std::move(text); }
  // A path that was made absolute: `meaning` is what fingerprints take in its place.
  void set_path(std::string text, std::string meaning) {
    text_ = std::move(text);
    meaning_ = std::move(meaning);
  }
  // true and false; also yes, no, on and off in any case, which the option check warns about.
  std::optional<bool> as_bool() const;
  // Decimal digits with an optional sign. 010 is 10, which the option check warns about.
  std::optional<std::int64_t> as_int() const;
  std::optional<double> as_float() const;
  std::optional<std::string_view> as_string() const;
  // CM_NULL ... CM_MAP. Of a plain scalar the narrowest type that loses nothing: `no`, `010` and
  // `12:30:45` are strings.
  std::int32_t abi_kind() const;

  // Lists and maps, in file order. `index` must be below size(), and key() is for maps alone.
  std::size_t size() const { return items_.size(); }
  const Value& at(std::size_t index) const { return items_[index]; }
  Value& at(std::size_t index) { return items_[index]; }
  const std::string& key(std::size_t index) const { return keys_[index].name; }
  const Place& key_place(std::size_t index) const { return keys_[index].place; }
  // Null when there is no such key, or this is no map.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  // The place of `key` in this map; unknown when it is not there.
  Place place_of_key(std::string_view key) const;
  // Walks keys and list indexes parted by dots: "sinks.0.table". Null when a step is not there.
  const Value* at_path(std::string_view path) const;
  Value* at_path(std::string_view path);

  // Replaces a key's value, or adds it at the end. This must be a map. Returns *this, for chains.
  Value& set(std::string_view key, Value value, Place key_place = {});
  // Adds a key that is known not to be there.
  void append(std::string key, Place key_place, Value value);
  void push(Value value) { items_.push_back(std::move(value)); }
  bool erase(std::string_view key);

  const Place& place() const { return place_; }
  void set_place(Place place) { place_ = place; }
  // Of an option marked x-secret: never rendered, logged or fingerprinted.
  bool secret() const { return secret_; }
  void mark_secret();
  // A fault was reported for it already, so that what it says is not checked any further.
  bool faulty() const { return faulty_; }
  void mark_faulty() { faulty_ = true; }

  // One line of JSON for fingerprints: keys sorted, scalars as strings, secrets left out.
  std::string canonical() const;

  // The accessor of the C ABI over this map, which must outlive it and stay unchanged.
  cm_options options() const;

 private:
  struct Key {
    std::string name;
    Place place;
  };

  explicit Value(Kind kind) : kind_(kind) {}

  Kind kind_ = Kind::kNull;
  bool quoted_ = false;
  bool secret_ = false;
  bool faulty_ = false;
  Place place_;
  std::string text_;
  std::string meaning_;    // of a path; empty: the text itself
  std::vector<Key> keys_;  // of a map, beside items_
  std::vector<Value> items_;
};

}  // namespace chunkmill::host
