// What one SQL database says differently from another. Threads: any; a dialect has no state.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "chunkmill/error.hpp"

namespace chunkmill::sql {

// PostgreSQL cuts longer names without a word, so that two may become one; we take the same limit
// for every database, and a job moves from one to the other unchanged.
inline constexpr size_t kMaxIdentifierBytes = 63;

// Throws Error(CM_INVALID) for a name that cannot be quoted safely; `what` is "table" or "column".
inline void check_identifier(std::string_view what, std::string_view name) {
  const auto refuse = [&](const std::string& why) {
    const std::string_view shown = name.substr(0, std::min(name.find('\0'), size_t{100}));
    throw Error(CM_INVALID, std::string(what) + " \"" + std::string(shown) + "\": " + why);
  };
  if (name.empty()) refuse("a name must not be empty");
  if (name.find('\0') != std::string_view::npos) refuse("a name must not hold a NUL character");
  if (name.size() > kMaxIdentifierBytes)
    refuse("the name has " + std::to_string(name.size()) + " bytes; at most " +
           std::to_string(kMaxIdentifierBytes) + " do in every database");
}

// Equal but for the case of ASCII letters.
inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

// A column of a table that is there.
struct ExistingColumn {
  std::string name;
  std::string type;  // as declared
  bool not_null = false;
  bool has_default = false;  // or fills itself in
  bool generated = false;    // computed: cannot be written
};

// A table that is there.
struct ExistingTable {
  std::vector<ExistingColumn> columns;
  std::vector<std::vector<std::string>> unique_keys;  // the primary key among them
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // As messages say it: "SQLite".
  virtual std::string_view name() const = 0;
  // The type of a new column that keeps every value of `field` exactly.
  virtual std::string column_type(const Field& field) const = 0;
  // The same of a new column that is part of a primary key.
  virtual std::string key_column_type(const Field& field) const { return column_type(field); }
  // Why `column` would not keep the values of `field` as they are, and what to do; empty if it
  // does.
  virtual std::string mismatch(const Field& field, const ExistingColumn& column) const = 0;
  // True if two names mean the same column or table.
  virtual bool same_name(std::string_view a, std::string_view b) const { return a == b; }
  // Type of a short text that can be part of a primary key.
  virtual std::string key_text_type() const { return column_type(Field{"", Type::kUtf8}); }
  // Whether `+` keeps the sum of two values of `field` exact enough to be added up.
  virtual bool can_add(const Field& field) const {
    return field.type == Type::kInt32 || field.type == Type::kInt64 ||
           field.type == Type::kFloat64 || field.type == Type::kDecimal128;
  }
  // The sum of two expressions for a column of `field`. A sum that the column's type cannot hold is
  // an error of the database.
  virtual std::string sum(const Field& /*field*/, const std::string& theirs,
                          const std::string& mine) const {
    return theirs + " + " + mine;
  }
  // What a SELECT ends with to lock the rows it reads until the transaction's end; empty where
  // nobody else can write meanwhile.
  virtual std::string row_lock() const { return ""; }
  // An expression for the database's own clock, in milliseconds since 1970.
  virtual std::string now_ms() const { return "0"; }
  // False where a statement that changes a table commits whatever is open.
  virtual bool ddl_is_transactional() const { return true; }
  // The n-th parameter of a statement, from 1.
  virtual std::string parameter(size_t n) const { return "?" + std::to_string(n); }

  virtual std::string quote(std::string_view identifier) const {
    std::string quoted = "\"";
    for (const char c : identifier) {
      if (c == '"') quoted += '"';
      quoted += c;
    }
    return quoted + "\"";
  }
  // "a", "b"
  std::string quote_list(const std::vector<std::string>& identifiers) const {
    std::string list;
    for (const std::string& identifier : identifiers)
      list += (list.empty() ? "" : ", ") + quote(identifier);
    return list;
  }
};

// `statement` with each ? replaced by the dialect's parameter.
inline std::string with_parameters(std::string_view statement, const Dialect& dialect) {
  std::string out;
  size_t count = 0;
  for (const char c : statement) {
    if (c == '?') {
      out += dialect.parameter(++count);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace chunkmill::sql
