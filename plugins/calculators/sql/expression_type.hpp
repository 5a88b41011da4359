// What type the values of an expression have, as far as its shape tells. SQLite itself knows only
// when it has calculated. Threads: any.
//
//   a column                               its type; of an inner query, that of its expression
//   'text', 12, 1.5, NULL                  string, int64, float, any
//   a || b, upper(a), printf(...), ...     string
//   a = b, a LIKE b, a AND b, NOT a, ...   bool
//   a + b, a - b, a * b, a / b, a % b      int64 of whole numbers, else float
//   number(a), round(a), sqrt(a), avg(a)   float
//   length(a), instr(a, b), count(*)       int64
//   date(a), datetime(a)                   date, timestamp
//   CASE, coalesce, ifnull, iif, min, max  the type of all branches; float of int64 and float
//   CAST(a AS REAL), INTEGER, TEXT, BLOB   float, int64, string, binary
//   (SELECT a FROM ...)                    the type of a
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "plugins/calculators/sql/scopes.hpp"
#include "plugins/calculators/sql/tokens.hpp"

namespace chunkmill::select {

// The tables that columns may be of: chunk and the lookups.
struct NamedSchema {
  std::string name;
  const Schema* schema;
};

class ExpressionTypes {
 public:
  // All outlive it.
  ExpressionTypes(const Tokens& tokens, const Scopes& scopes,
                  const std::vector<NamedSchema>& tables)
      : tokens_(tokens), scopes_(scopes), tables_(tables) {}

  // The type, without name and unit, of the expression in [begin, end), its alias left out; nothing
  // where it cannot be seen. Throws Error(CM_INVALID) where text is calculated with as if it were a
  // number: SQLite takes what is none for 0.
  std::optional<Field> type_of(size_t begin, size_t end) const;

  // Throws Error(CM_INVALID) where text is compared with a number: SQLite compares both as texts
  // then, and '10' is less than '9'.
  void check_comparisons() const;

  // Throws Error(CM_INVALID) where text, wherever it stands, is calculated with as a number or is
  // taken for true or false: SQLite takes text that is not a number for 0, and so for false.
  void check_uses() const;

  // The end of an item of a select list without its alias.
  size_t without_alias(size_t begin, size_t end) const;
  // a, t.a, *, t.*
  bool is_column(size_t begin, size_t end) const;

 private:
  struct Guess {
    enum class Kind : uint8_t { kUnknown, kNull, kKnown } kind = Kind::kUnknown;
    Field field{};
  };
  static Guess known(Type type) { return {Guess::Kind::kKnown, Field{{}, type}}; }
  static Guess unite(const Guess& a, const Guess& b);

  Guess guess(size_t begin, size_t end) const;
  Guess primary(size_t begin, size_t end) const;
  Guess function(size_t begin, size_t end) const;
  Guess cast(size_t begin, size_t end) const;
  Guess branches(size_t begin, size_t end) const;
  Guess column(size_t begin, size_t end) const;
  Guess arithmetic(size_t begin, size_t at, size_t end) const;
  // Where the operand that ends before `at`, or begins behind it, begins or ends.
  size_t operand_begin(size_t at) const;
  size_t operand_end(size_t at) const;
  bool ends_operand(size_t i) const;
  void check_truth(size_t begin, size_t end) const;
  void check_list(size_t in) const;
  void check_case(size_t at) const;
  bool is_of_between(size_t at) const;
  bool is_list(size_t at) const;
  static bool refuses_equality(const Guess& a, const Guess& b);
  [[noreturn]] void refuse_equality(size_t a, size_t a_end, size_t b, size_t b_end) const;
  // Refuses text.
  Guess as_number(size_t begin, size_t end) const;
  std::string shown(size_t begin, size_t end) const;
  // The last token outside of parentheses and CASE that `is_one` takes; `end` if there is none.
  template <typename F>
  size_t last(size_t begin, size_t end, F&& is_one) const;

  const Tokens& tokens_;
  const Scopes& scopes_;
  const std::vector<NamedSchema>& tables_;
  mutable int depth_ = 0;  // of columns that stand for expressions
};

}  // namespace chunkmill::select
