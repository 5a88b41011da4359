#include "plugins/calculators/sql/tokens.hpp"

#include <algorithm>

#include "chunkmill/error.hpp"

namespace chunkmill::select {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool begins_name(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || (static_cast<unsigned char>(c) >= 128);
}
bool is_of_name(char c) { return begins_name(c) || is_digit(c) || c == '$'; }

// Reads a statement from its first byte to its last.
class Reader {
 public:
  explicit Reader(std::string_view all) : all_(all) {}

  Tokens read() {
    for (skip(); at_ < all_.size(); skip()) {
      begin_ = at_;
      one();
    }
    return std::move(tokens_);
  }

 private:
  using Kind = Token::Kind;

  char peek(size_t ahead = 0) const { return at_ + ahead < all_.size() ? all_[at_ + ahead] : '\0'; }
  void add(Kind kind, std::string text) { tokens_.push_back({kind, std::move(text), begin_, at_}); }
  std::string slice() const { return std::string(all_.substr(begin_, at_ - begin_)); }

  void skip() {
    while (at_ < all_.size()) {
      if (is_space(peek())) {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(all_.find('\n', at_), all_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        const size_t end = all_.find("*/", at_ + 2);
        if (end == all_.npos) throw Error(CM_INVALID, "a comment /* does not end").at("select");
        at_ = end + 2;
      } else {
        return;
      }
    }
  }

  void one() {
    const char c = peek();
    if (c == '\'') return add(Kind::kText, quoted('\''));
    if (c == '"' || c == '`') return add(Kind::kQuotedName, quoted(c));
    if (c == '[') return add(Kind::kQuotedName, quoted(']'));
    if (lower(c) == 'x' && peek(1) == '\'') {
      ++at_;
      return add(Kind::kBlob, quoted('\''));
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (begins_name(c)) {
      while (is_of_name(peek())) ++at_;
      return add(Kind::kWord, slice());
    }
    if (c == '?' || c == ':' || c == '@' || c == '$' || c == '#') {
      ++at_;
      while (is_of_name(peek())) ++at_;
      return add(Kind::kParameter, slice());
    }
    symbol();
  }

  // The text inside, with doubled quotes made single.
  std::string quoted(char close) {
    std::string text;
    for (++at_; at_ < all_.size(); ++at_) {
      if (all_[at_] == close) {
        if (close == ']' || peek(1) != close) {
          ++at_;
          return text;
        }
        ++at_;
      }
      text += all_[at_];
    }
    throw Error(CM_INVALID, "a quote " + std::string(1, all_[begin_]) + " does not end")
        .at("select");
  }

  void number() {
    while (is_of_name(peek()) || peek() == '.' ||
           ((peek() == '+' || peek() == '-') && lower(all_[at_ - 1]) == 'e' &&
            all_.substr(begin_, 2) != "0x"))
      ++at_;
    add(Kind::kNumber, slice());
  }

  void symbol() {
    for (const std::string_view known :
         {"->>", "||", "->", "<<", ">>", "<=", ">=", "<>", "!=", "=="}) {
      if (all_.substr(at_, known.size()) == known) {
        at_ += known.size();
        return add(Kind::kSymbol, slice());
      }
    }
    ++at_;
    add(Kind::kSymbol, slice());
  }

  std::string_view all_;
  size_t at_ = 0;
  size_t begin_ = 0;  // of the token in hand
  Tokens tokens_;
};

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool Token::is(std::string_view word) const { return kind == Kind::kWord && same_name(text, word); }

Tokens tokens_of(std::string_view statement) { return Reader(statement).read(); }

size_t closing(const Tokens& tokens, size_t open, size_t end) {
  int depth = 0;
  for (size_t i = open; i < end; ++i) {
    if (tokens[i].is_symbol("(")) ++depth;
    if (tokens[i].is_symbol(")") && --depth == 0) return i;
  }
  return end;
}

std::vector<std::pair<size_t, size_t>> split_at_commas(const Tokens& tokens, size_t begin,
                                                       size_t end) {
  std::vector<std::pair<size_t, size_t>> parts;
  size_t start = begin;
  for (size_t i = begin; i < end; ++i) {
    if (tokens[i].is_symbol("(")) i = std::min(closing(tokens, i, end), end - 1);
    if (!tokens[i].is_symbol(",")) continue;
    parts.emplace_back(start, i);
    start = i + 1;
  }
  if (start < end) parts.emplace_back(start, end);
  return parts;
}

}  // namespace chunkmill::select
