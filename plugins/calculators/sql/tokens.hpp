// A statement of SQL cut into words, so that what SQLite does not tell of it can be seen: where
// `chunk` stands, what is grouped, what shape an expression has. Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chunkmill::select {

struct Token {
  enum class Kind : uint8_t { kWord, kQuotedName, kText, kNumber, kBlob, kParameter, kSymbol };

  Kind kind;
  std::string text;  // names and texts without their quotes, symbols as they stand
  size_t begin;      // where it stands in the statement
  size_t end;

  bool is_symbol(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  // A word of SQL or a name that is not quoted, in any case.
  bool is(std::string_view word) const;
  bool is_name() const { return kind == Kind::kWord || kind == Kind::kQuotedName; }
};
using Tokens = std::vector<Token>;

// ASCII letters alone, as SQLite compares names.
bool same_name(std::string_view a, std::string_view b);

// Comments and spaces are left out. Throws Error where a quote or a comment does not end.
Tokens tokens_of(std::string_view statement);

// The index of the parenthesis that closes the one at `open`; `end` where none does.
size_t closing(const Tokens& tokens, size_t open, size_t end);

// The parts of [begin, end) between commas outside of parentheses.
std::vector<std::pair<size_t, size_t>> split_at_commas(const Tokens& tokens, size_t begin,
                                                       size_t end);

}  // namespace chunkmill::select
