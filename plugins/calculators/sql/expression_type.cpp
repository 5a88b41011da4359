#include "plugins/calculators/sql/expression_type.hpp"

#include <algorithm>

#include "chunkmill/error.hpp"

namespace chunkmill::select {
namespace {

bool is_any(const Token& token, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is(word); });
}
bool is_any_symbol(const Token& token, std::initializer_list<std::string_view> symbols) {
  return std::ranges::any_of(symbols, [&](std::string_view one) { return token.is_symbol(one); });
}

bool is_truth(const Token& token) {
  return is_any(token, {"or", "and", "not", "is", "in", "like", "glob", "match", "regexp",
                        "between", "isnull", "notnull", "exists"}) ||
         is_any_symbol(token, {"=", "==", "<>", "!=", "<", "<=", ">", ">="});
}

bool is_numeric(Type type) {
  return type == Type::kInt32 || type == Type::kInt64 || type == Type::kFloat64 ||
         type == Type::kDecimal128 || type == Type::kBool;
}
bool is_whole(Type type) {
  return type == Type::kInt32 || type == Type::kInt64 || type == Type::kBool;
}

}  // namespace

template <typename F>
size_t ExpressionTypes::last(size_t begin, size_t end, F&& is_one) const {
  size_t found = end;
  int cases = 0;
  for (size_t i = begin; i < end; ++i) {
    if (tokens_[i].is("case")) ++cases;
    if (tokens_[i].is("end")) --cases;
    if (tokens_[i].is_symbol("(")) i = std::min(closing(tokens_, i, end), end - 1);
    if (cases == 0 && is_one(i)) found = i;
  }
  return found;
}

std::optional<Field> ExpressionTypes::type_of(size_t begin, size_t end) const {
  const Guess found = guess(begin, end);
  if (found.kind != Guess::Kind::kKnown) return std::nullopt;
  return found.field;
}

size_t ExpressionTypes::without_alias(size_t begin, size_t end) const {
  if (end - begin < 2 || !tokens_[end - 1].is_name()) return end;
  const Token& before = tokens_[end - 2];
  if (before.is("as")) return end - 2;
  // `a b`: two names, or a closed expression and a name.
  if (tokens_[end - 1].is("end")) return end;
  const bool ends_operand = before.is_name() || before.is_symbol(")") ||
                            before.kind == Token::Kind::kNumber ||
                            before.kind == Token::Kind::kText;
  return ends_operand && !is_truth(before) && !before.is("collate") ? end - 1 : end;
}

bool ExpressionTypes::is_column(size_t begin, size_t end) const {
  const auto is_last = [&](size_t i) { return tokens_[i].is_name() || tokens_[i].is_symbol("*"); };
  if (end - begin == 1) return is_last(begin);
  return end - begin == 3 && tokens_[begin].is_name() && tokens_[begin + 1].is_symbol(".") &&
         is_last(begin + 2);
}

ExpressionTypes::Guess ExpressionTypes::unite(const Guess& a, const Guess& b) {
  if (a.kind == Guess::Kind::kNull) return b;
  if (b.kind == Guess::Kind::kNull) return a;
  if (a.kind != Guess::Kind::kKnown || b.kind != Guess::Kind::kKnown) return {};
  if (a.field.same_type(b.field)) return a;
  if (!is_numeric(a.field.type) || !is_numeric(b.field.type)) return {};
  return known(is_whole(a.field.type) && is_whole(b.field.type) ? Type::kInt64 : Type::kFloat64);
}

// Operators from the loosest to the tightest.
ExpressionTypes::Guess ExpressionTypes::guess(size_t begin, size_t end) const {
  if (begin >= end) return {};
  if (last(begin, end, [&](size_t i) { return is_truth(tokens_[i]); }) != end)
    return known(Type::kBool);
  const auto has = [&](std::initializer_list<std::string_view> symbols) {
    return last(begin, end, [&](size_t i) { return is_any_symbol(tokens_[i], symbols); });
  };
  if (has({"&", "|", "<<", ">>", "~"}) != end) return known(Type::kInt64);
  const auto binary = [&](std::initializer_list<std::string_view> symbols) {
    return last(begin, end, [&](size_t i) {
      if (i == begin || !is_any_symbol(tokens_[i], symbols)) return false;
      const Token& before = tokens_[i - 1];  // an operand ends there, so this is no sign
      return before.kind != Token::Kind::kSymbol || before.is_symbol(")");
    });
  };
  for (const auto& symbols : {std::initializer_list<std::string_view>{"+", "-"},
                              std::initializer_list<std::string_view>{"*", "/", "%"}})
    if (const size_t at = binary(symbols); at != end) return arithmetic(begin, at, end);
  if (has({"||"}) != end) return known(Type::kUtf8);
  if (has({"->", "->>"}) != end) return {};
  if (is_any_symbol(tokens_[begin], {"-", "+"})) return as_number(begin + 1, end);
  if (const size_t at = last(begin, end, [&](size_t i) { return tokens_[i].is("collate"); });
      at != end)
    return guess(begin, at);
  return primary(begin, end);
}

ExpressionTypes::Guess ExpressionTypes::primary(size_t begin, size_t end) const {
  const Token& first = tokens_[begin];
  if (first.is_symbol("(") && closing(tokens_, begin, end) == end - 1) {
    if (!tokens_[begin + 1].is("select")) return guess(begin + 1, end - 1);
    // A query of one value: what stands before its FROM.
    const size_t from = last(begin + 1, end - 1, [&](size_t i) { return tokens_[i].is("from"); });
    const size_t list_end = from == end - 1 ? end - 1 : from;
    return guess(begin + 2, without_alias(begin + 2, list_end));
  }
  if (end - begin == 1) {
    if (first.kind == Token::Kind::kText) return known(Type::kUtf8);
    if (first.kind == Token::Kind::kBlob) return known(Type::kBinary);
    if (first.kind == Token::Kind::kNumber) {
      const bool whole = first.text.find_first_of(".eE") == std::string::npos;
      return known(whole || first.text.starts_with("0x") ? Type::kInt64 : Type::kFloat64);
    }
    if (first.is("null")) return {Guess::Kind::kNull, {}};
    if (first.is("true") || first.is("false")) return known(Type::kBool);
  }
  if (first.is("case") && tokens_[end - 1].is("end")) return branches(begin + 1, end - 1);
  const bool is_call = end - begin >= 3 && first.is_name() && tokens_[begin + 1].is_symbol("(") &&
                       closing(tokens_, begin + 1, end) == end - 1;
  if (is_call) return first.is("cast") ? cast(begin + 2, end - 1) : function(begin, end);
  return column(begin, end);
}

// The THEN and ELSE branches of a CASE.
ExpressionTypes::Guess ExpressionTypes::branches(size_t begin, size_t end) const {
  Guess all{Guess::Kind::kNull, {}};
  size_t branch = end;  // where one began
  int cases = 0;
  for (size_t i = begin; i <= end; ++i) {
    if (i < end && tokens_[i].is_symbol("(")) i = std::min(closing(tokens_, i, end), end - 1);
    if (i < end && tokens_[i].is("case")) ++cases;
    if (i < end && cases > 0) {
      if (tokens_[i].is("end")) --cases;
      continue;
    }
    const bool ends = i == end || tokens_[i].is("when") || tokens_[i].is("else");
    if (ends && branch < end) {
      all = unite(all, guess(branch, i));
      branch = end;
    }
    if (i < end && (tokens_[i].is("then") || tokens_[i].is("else"))) branch = i + 1;
  }
  return all;
}

ExpressionTypes::Guess ExpressionTypes::cast(size_t begin, size_t end) const {
  const size_t as = last(begin, end, [&](size_t i) { return tokens_[i].is("as"); });
  if (as + 1 >= end) return {};
  std::string type;
  for (const char c : tokens_[as + 1].text)
    type += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto has = [&](std::string_view word) { return type.find(word) != type.npos; };
  if (has("INT")) return as_number(begin, as), known(Type::kInt64);
  if (has("CHAR") || has("CLOB") || has("TEXT")) return known(Type::kUtf8);
  if (has("BLOB")) return known(Type::kBinary);
  if (has("REAL") || has("FLOA") || has("DOUB")) return as_number(begin, as), known(Type::kFloat64);
  throw Error(CM_INVALID, "CAST to " + tokens_[as + 1].text +
                              " makes a number of anything: use REAL, INTEGER, TEXT or BLOB, or "
                              "`types`")
      .at("select");
}

ExpressionTypes::Guess ExpressionTypes::function(size_t begin, size_t end) const {
  const Token& name = tokens_[begin];
  const auto arguments = split_at_commas(tokens_, begin + 2, end - 1);
  const auto of = [&](size_t i) { return guess(arguments[i].first, arguments[i].second); };
  const auto number_of = [&](size_t i) {
    return as_number(arguments[i].first, arguments[i].second);
  };
  if (is_any(name, {"upper", "lower", "trim", "ltrim", "rtrim", "substr", "substring", "replace",
                    "printf", "format", "hex", "quote", "char", "group_concat", "string_agg",
                    "typeof", "strftime", "time", "soundex"}))
    return known(Type::kUtf8);
  if (is_any(name, {"length", "instr", "unicode", "count", "unixepoch", "json_array_length"}))
    return known(Type::kInt64);
  if (name.is("date")) return known(Type::kDate32);
  if (name.is("datetime")) return known(Type::kTimestamp);
  if (is_any(name, {"number", "julianday"})) return known(Type::kFloat64);
  if (is_any(name, {"json_valid"})) return known(Type::kBool);
  if (arguments.empty()) return {};
  if (is_any(name, {"round", "avg",  "total", "sqrt",  "exp",     "ln",     "log",
                    "log10", "log2", "pow",   "power", "sin",     "cos",    "tan",
                    "asin",  "acos", "atan",  "atan2", "radians", "degrees"}))
    return number_of(0), known(Type::kFloat64);
  if (is_any(name, {"abs", "sum", "ceil", "ceiling", "floor", "trunc"})) {
    const Guess given = number_of(0);
    if (given.kind != Guess::Kind::kKnown) return given;
    return known(is_whole(given.field.type) ? Type::kInt64 : Type::kFloat64);
  }
  if (name.is("nullif")) return of(0);
  if (is_any(name, {"coalesce", "ifnull", "iif", "min", "max"})) {
    Guess all{Guess::Kind::kNull, {}};
    for (size_t i = name.is("iif") ? 1 : 0; i < arguments.size(); ++i) all = unite(all, of(i));
    return all;
  }
  return {};
}

ExpressionTypes::Guess ExpressionTypes::column(size_t begin, size_t end) const {
  const bool qualified = end - begin == 3;
  if (!is_column(begin, end) || tokens_[end - 1].is_symbol("*")) return {};
  std::string table;
  if (qualified) {
    table = tokens_[begin].text;
    // `chunk AS c`, `chunk c`
    for (size_t i = 0; i + 1 < tokens_.size(); ++i) {
      const size_t alias = tokens_[i + 1].is("as") ? i + 2 : i + 1;
      if (alias >= tokens_.size() || !tokens_[alias].is_name() || !tokens_[i].is_name() ||
          !same_name(tokens_[alias].text, table))
        continue;
      for (const NamedSchema& one : tables_)
        if (same_name(one.name, tokens_[i].text)) table = one.name;
    }
  }
  Guess all{Guess::Kind::kNull, {}};
  for (const NamedSchema& one : tables_) {
    if (qualified && !same_name(one.name, table)) continue;
    for (const Field& field : one.schema->fields) {
      if (!same_name(field.name, tokens_[end - 1].text)) continue;
      Guess this_one = known(field.type);
      this_one.field.precision = field.precision;
      this_one.field.scale = field.scale;
      all = unite(all, this_one);
    }
  }
  // What other select lists give that name to: whichever of them is meant, if they agree.
  constexpr int kDeepest = 16;
  for (const auto& [item, item_end] : scopes_.all_items) {
    const size_t expression_end = without_alias(item, item_end);
    const bool is_named =
        expression_end < item_end && same_name(tokens_[item_end - 1].text, tokens_[end - 1].text);
    const bool is_inside = item <= begin && end <= item_end;
    if (!is_named || is_inside) continue;
    if (depth_ >= kDeepest) return {};
    ++depth_;
    const Guess named = guess(item, expression_end);
    --depth_;
    all = named.kind == Guess::Kind::kUnknown ? named : unite(all, named);
    if (all.kind == Guess::Kind::kUnknown) return {};
  }
  return all.kind == Guess::Kind::kNull ? Guess() : all;
}

ExpressionTypes::Guess ExpressionTypes::arithmetic(size_t begin, size_t at, size_t end) const {
  const Guess left = as_number(begin, at);
  const Guess right = as_number(at + 1, end);
  const auto is = [](const Guess& one, Type type) {
    return one.kind == Guess::Kind::kKnown && one.field.type == type;
  };
  // Whatever the other one is.
  if (is(left, Type::kFloat64) || is(right, Type::kFloat64)) return known(Type::kFloat64);
  Guess both = unite(left, right);
  if (both.kind != Guess::Kind::kKnown) return {};
  return known(is_whole(both.field.type) ? Type::kInt64 : Type::kFloat64);
}

ExpressionTypes::Guess ExpressionTypes::as_number(size_t begin, size_t end) const {
  const Guess found = guess(begin, end);
  if (found.kind != Guess::Kind::kKnown || is_numeric(found.field.type)) return found;
  const std::string text = shown(begin, end);
  const bool is_text = found.field.type == Type::kUtf8;
  throw Error(
      CM_INVALID,
      text + " is a " + found.field.type_text() + " and is calculated with as a number" +
          (is_text ? ": SQL takes text that is none for 0; write number(" + text + ")" : ""))
      .at("select");
}

bool ExpressionTypes::ends_operand(size_t i) const {
  const Token& token = tokens_[i];
  return is_truth(token) || token.is_symbol(",") || token.is_symbol("(") || token.is_symbol(")") ||
         is_any(token,
                {"select",  "distinct", "all",    "from",  "where",  "on",    "having", "when",
                 "then",    "else",     "case",   "end",   "join",   "inner", "left",   "cross",
                 "natural", "right",    "full",   "group", "order",  "by",    "limit",  "union",
                 "as",      "using",    "escape", "set",   "window", "over",  "filter"});
}

size_t ExpressionTypes::operand_begin(size_t at) const {
  while (at > 0) {
    if (tokens_[at - 1].is_symbol(")")) {
      int depth = 0;
      size_t open = at;
      while (open > 0) {
        --open;
        if (tokens_[open].is_symbol(")")) ++depth;
        if (tokens_[open].is_symbol("(") && --depth == 0) break;
      }
      at = open;
    } else if (ends_operand(at - 1)) {
      return at;
    } else {
      --at;
    }
  }
  return at;
}

size_t ExpressionTypes::operand_end(size_t at) const {
  const size_t end = tokens_.size();
  while (at < end) {
    if (tokens_[at].is_symbol("(")) {
      at = std::min(closing(tokens_, at, end) + 1, end);
    } else if (ends_operand(at)) {
      return at;
    } else {
      ++at;
    }
  }
  return at;
}

void ExpressionTypes::check_comparisons() const {
  for (size_t i = 1; i + 1 < tokens_.size(); ++i) {
    const bool equals = is_any_symbol(tokens_[i], {"=", "==", "<>", "!="});
    const bool orders =
        is_any_symbol(tokens_[i], {"<", "<=", ">", ">="}) || tokens_[i].is("between");
    if (!equals && !orders) continue;
    const std::pair<size_t, size_t> sides[] = {{operand_begin(i), i}, {i + 1, operand_end(i + 1)}};
    const Guess left = guess(sides[0].first, sides[0].second);
    const Guess right = guess(sides[1].first, sides[1].second);
    if (left.kind != Guess::Kind::kKnown || right.kind != Guess::Kind::kKnown) continue;
    const bool left_is_text = left.field.type == Type::kUtf8;
    const Guess& other = left_is_text ? right : left;
    const auto& [text_begin, text_end] = sides[left_is_text ? 0 : 1];
    const auto& [other_begin, other_end] = sides[left_is_text ? 1 : 0];
    if (left_is_text == (right.field.type == Type::kUtf8) || !is_numeric(other.field.type))
      continue;
    // Equal to a column of numbers: SQLite makes a number of the text, if it is one.
    if (equals && is_column(other_begin, other_end)) continue;
    const std::string text = shown(text_begin, text_end);
    throw Error(CM_INVALID, text + " is a string and is compared with " +
                                shown(other_begin, other_end) +
                                ", a number: SQL compares both as texts, where '10' is less than "
                                "'9'; write number(" +
                                text + ")")
        .at("select");
  }
}

void ExpressionTypes::check_uses() const {
  for (size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    const size_t end = operand_end(i);
    if (end > i && (i == 0 || ends_operand(i - 1)) && !is_list(i)) guess(i, end);
    if (is_any(token, {"where", "having", "on", "not", "and", "or"}) && i + 1 < tokens_.size() &&
        !is_of_between(i) && (i == 0 || !tokens_[i - 1].is("is")))
      check_truth(i + 1, operand_end(i + 1));
    if (is_any(token, {"and", "or"}) && i > 0 && !is_of_between(i))
      check_truth(operand_begin(i), i);
    if (token.is("case")) check_case(i);
    if (token.is("in")) check_list(i);
    if (token.is("iif") && i + 1 < tokens_.size() && tokens_[i + 1].is_symbol("("))
      check_truth(i + 2, operand_end(i + 2));
  }
}

// A query, or several values, in parentheses: not one expression.
bool ExpressionTypes::is_list(size_t at) const {
  if (!tokens_[at].is_symbol("(") || at + 1 == tokens_.size()) return false;
  return is_any(tokens_[at + 1], {"select", "with", "values"}) ||
         split_at_commas(tokens_, at + 1, closing(tokens_, at, tokens_.size())).size() > 1;
}

// `a BETWEEN b AND c`
bool ExpressionTypes::is_of_between(size_t at) const {
  if (!tokens_[at].is("and")) return false;
  const size_t begin = operand_begin(at);
  return begin > 0 && tokens_[begin - 1].is("between");
}

// [begin, end) is one operand: what stands beside it decides whether it is a truth value itself.
void ExpressionTypes::check_truth(size_t begin, size_t end) const {
  if (begin >= end) return;
  const auto is_end_of_truth = [&](size_t i) {
    return is_any(tokens_[i], {"and", "or", "then", "else", "end", "group", "order", "limit",
                               "union", "join", "inner", "left", "cross", "where", "having",
                               "right", "full", "natural", "window"}) ||
           tokens_[i].is_symbol(")") || tokens_[i].is_symbol(",");
  };
  const auto is_begin_of_truth = [&](size_t i) {
    return is_any(tokens_[i], {"where", "having", "on", "not", "and", "or", "when"}) ||
           tokens_[i].is_symbol("(") || tokens_[i].is_symbol(",");
  };
  if (end < tokens_.size() && !is_end_of_truth(end)) return;  // a = b, a LIKE b, ...
  if (begin > 0 && (!is_begin_of_truth(begin - 1) || is_of_between(begin - 1))) return;
  const Guess found = guess(begin, end);
  if (found.kind != Guess::Kind::kKnown || is_numeric(found.field.type)) return;
  throw Error(CM_INVALID, shown(begin, end) + " is a " + found.field.type_text() +
                              " and stands where true or false is meant: SQL takes text that is "
                              "not a number for 0, which is false; compare it with a value")
      .at("select");
}

// `CASE WHEN a`, and `CASE a WHEN b`, which compares.
void ExpressionTypes::check_case(size_t at) const {
  const bool compares = at + 1 < tokens_.size() && !tokens_[at + 1].is("when");
  const Guess base = compares ? guess(at + 1, operand_end(at + 1)) : Guess();
  int depth = 0;
  for (size_t i = at + 1; i < tokens_.size(); ++i) {
    if (tokens_[i].is_symbol("(")) {
      i = closing(tokens_, i, tokens_.size());
      continue;
    }
    if (tokens_[i].is("case")) ++depth;
    if (tokens_[i].is("end") && depth-- == 0) return;
    if (depth > 0 || !tokens_[i].is("when")) continue;
    const size_t end = operand_end(i + 1);
    if (!compares) {
      check_truth(i + 1, end);
    } else if (refuses_equality(base, guess(i + 1, end))) {
      refuse_equality(at + 1, operand_end(at + 1), i + 1, end);
    }
  }
}

// `a IN (1, 2)`
void ExpressionTypes::check_list(size_t in) const {
  if (in + 2 >= tokens_.size() || !tokens_[in + 1].is_symbol("(") || tokens_[in + 2].is("select"))
    return;
  size_t left_end = in;
  if (left_end > 0 && tokens_[left_end - 1].is("not")) --left_end;
  const size_t left = operand_begin(left_end);
  const Guess what = guess(left, left_end);
  const size_t close = closing(tokens_, in + 1, tokens_.size());
  for (const auto& [begin, end] : split_at_commas(tokens_, in + 2, close))
    if (refuses_equality(what, guess(begin, end))) refuse_equality(left, left_end, begin, end);
}

// Text is never equal to a number there.
bool ExpressionTypes::refuses_equality(const Guess& a, const Guess& b) {
  if (a.kind != Guess::Kind::kKnown || b.kind != Guess::Kind::kKnown) return false;
  return (a.field.type == Type::kUtf8 && is_numeric(b.field.type)) ||
         (b.field.type == Type::kUtf8 && is_numeric(a.field.type));
}

void ExpressionTypes::refuse_equality(size_t a, size_t a_end, size_t b, size_t b_end) const {
  throw Error(CM_INVALID, "of " + shown(a, a_end) + " and " + shown(b, b_end) +
                              " one is a string and one a number: to SQL they are never equal; "
                              "write number(...) for the string, or quote the number")
      .at("select");
}

std::string ExpressionTypes::shown(size_t begin, size_t end) const {
  std::string out;
  for (size_t i = begin; i < end; ++i) {
    const Token& token = tokens_[i];
    if (i > begin && token.begin != tokens_[i - 1].end) out += ' ';
    const bool quoted = token.kind == Token::Kind::kQuotedName;
    out += token.kind == Token::Kind::kText ? "'" + token.text + "'"
           : quoted                         ? "\"" + token.text + "\""
                                            : token.text;
  }
  return out;
}

}  // namespace chunkmill::select
