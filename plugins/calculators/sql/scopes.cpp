#include "plugins/calculators/sql/scopes.hpp"

#include <algorithm>

#include "chunkmill/error.hpp"

namespace chunkmill::select {
namespace {

[[noreturn]] void refuse_select(const std::string& what) {
  throw Error(CM_INVALID, what).at("select");
}

constexpr std::string_view kAlone =
    "`select` sees one row of chunk at a time, so that results do "
    "not depend on how rows are cut into chunks";

constexpr std::string_view kOptional =
    "chunk on the optional side of a join, where rows of a lookup would stand without a row of "
    "chunk; write chunk LEFT JOIN lookup";

// Of min and max only those of one argument.
bool is_aggregate(const Tokens& tokens, size_t name, size_t end) {
  if (name + 1 >= end || !tokens[name + 1].is_symbol("(")) return false;
  for (const std::string_view known : {"count", "sum", "total", "avg", "group_concat", "string_agg",
                                       "json_group_array", "json_group_object"})
    if (tokens[name].is(known)) return true;
  if (!tokens[name].is("min") && !tokens[name].is("max")) return false;
  return split_at_commas(tokens, name + 2, closing(tokens, name + 1, end)).size() == 1;
}

// Walks the queries of a statement, the inner ones by recursion.
class Walk {
 public:
  explicit Walk(const Tokens& tokens) : tokens_(tokens) {}

  Scopes run() {
    const Query query = read_query(0, tokens_.size(), true);
    scopes_.over_chunk = query.over_chunk;
    scopes_.one_pass = uses_of_chunk_ == 1 && query.in_one_pass() && !outer_join_;
    return std::move(scopes_);
  }

 private:
  struct Query {
    bool over_chunk = false;   // its rows are rows of chunk
    bool chunk_first = false;  // the first table of its FROM is chunk, or can stand for it
    bool compound = false;
    bool ordered = false;

    bool in_one_pass() const { return chunk_first && !compound && !ordered; }
  };
  // A query of WITH whose rows are rows of chunk.
  struct Named {
    std::string name;
    bool in_one_pass;
  };
  // One SELECT of a query.
  struct Core {
    bool outermost = false;
    bool over_chunk = false;
    bool chunk_first = false;
    bool over_itself = false;  // a query of WITH RECURSIVE that names itself
    bool nullable = false;     // the next table of its FROM is the optional side of a join
    size_t tables = 0;
    std::string gathers;  // "GROUP BY", "sum", ...: makes one row of several
    size_t list_begin = 0;
    size_t list_end = 0;
  };
  enum class Clause { kNone, kList, kFrom, kOther, kTail };
  // A query while it is read.
  struct Reading {
    bool outermost;
    Query query{};
    Core core{};
    Clause clause = Clause::kNone;
    bool first_core = true;
    std::string united{};  // "UNION", "EXCEPT", ...: of rows that are compared
  };

  bool begins_query(size_t at, size_t end) const {
    return at < end &&
           (tokens_[at].is("select") || tokens_[at].is("with") || tokens_[at].is("values"));
  }

  Query read_query(size_t at, size_t end, bool outermost) {
    const size_t names_before = named_.size();
    if (at < end && tokens_[at].is("with")) at = read_with(at + 1, end);
    Reading reading{outermost};
    Query& query = reading.query;
    Core& core = reading.core;
    Clause& clause = reading.clause;
    bool expects_table = false;
    for (size_t i = at; i < end; ++i) {
      const Token& token = tokens_[i];
      if (token.is_symbol("(")) {
        const size_t close = closing(tokens_, i, end);
        read_inside(i + 1, close, clause == Clause::kFrom, expects_table, &core);
        expects_table = false;
        i = std::min(close, end - 1);
        continue;
      }
      if (token.is("select")) {
        i = begin_core(i, end, &reading);
      } else if (token.is("from") && clause == Clause::kList) {
        core.list_end = i;
        clause = Clause::kFrom;
        expects_table = true;
      } else if (token.is("where") || token.is("having") || token.is("window") ||
                 token.is("group")) {
        if (clause == Clause::kList) core.list_end = i;
        clause = Clause::kOther;
        if (token.is("group")) core.gathers = "GROUP BY";
      } else if (token.is("union") || token.is("intersect") || token.is("except")) {
        end_core(i, &reading);
        clause = Clause::kNone;
        query.compound = true;
        const bool all = i + 1 < end && tokens_[i + 1].is("all");
        if (!all) reading.united = token.text;
      } else if (token.is("order") || token.is("limit")) {
        if (clause == Clause::kList) core.list_end = i;
        if (clause != Clause::kTail && core.over_chunk && core.tables == 1 && !query.compound)
          refuse_select(token.text + " of rows of chunk: " + std::string(kAlone));
        clause = Clause::kTail;
        query.ordered = true;
      } else if (clause == Clause::kFrom) {
        read_from(i, &expects_table, &core);
      } else if (clause != Clause::kTail) {
        note_gathering(i, end, &core);
      }
    }
    end_core(end, &reading);
    if (query.over_chunk && !reading.united.empty())
      refuse_select(reading.united + " compares rows of chunk with each other: " +
                    std::string(kAlone) + "; use UNION ALL");
    if (names_before < named_.size()) named_.resize(names_before);
    return query;
  }

  // Returns the last token of SELECT DISTINCT.
  size_t begin_core(size_t i, size_t end, Reading* reading) const {
    Core& core = reading->core;
    core = Core();
    core.outermost = reading->outermost;
    reading->clause = Clause::kList;
    core.list_begin = core.list_end = i + 1;
    if (i + 1 < end && (tokens_[i + 1].is("distinct") || tokens_[i + 1].is("all"))) {
      if (tokens_[i + 1].is("distinct")) core.gathers = "DISTINCT";
      core.list_begin = ++i + 1;
    }
    return i;
  }

  void end_core(size_t i, Reading* reading) {
    Core& core = reading->core;
    if (reading->clause == Clause::kList) core.list_end = i;
    if (core.over_chunk && !core.gathers.empty())
      refuse_select(
          core.gathers + " over rows of chunk: " + std::string(kAlone) +
          "; gather rows of a lookup in a query of its own, (SELECT avg(x) FROM lookup WHERE "
          "...)");
    if (!reading->first_core && core.over_chunk != reading->query.over_chunk && !core.over_itself)
      refuse_select(
          "UNION ALL of rows of chunk with rows of something else, which each row of chunk "
          "would repeat; every SELECT of it must have chunk in its FROM");
    reading->query.over_chunk |= core.over_chunk;
    if (reading->first_core) reading->query.chunk_first = core.chunk_first;
    const auto items = split_at_commas(tokens_, core.list_begin, core.list_end);
    scopes_.all_items.insert(scopes_.all_items.end(), items.begin(), items.end());
    if (reading->first_core && reading->outermost) scopes_.items = items;
    reading->first_core = false;
  }

  // `name AS (query), ...`. Returns where the query itself begins.
  size_t read_with(size_t at, size_t end) {
    while (at < end && !tokens_[at].is("select") && !tokens_[at].is("values")) {
      const bool is_body = tokens_[at].is_symbol("(") && begins_query(at + 1, end);
      if (!is_body) {
        if (tokens_[at].is_name() && at + 1 < end && !tokens_[at].is("recursive") &&
            !tokens_[at].is("as") && !tokens_[at].is("not") && !tokens_[at].is("materialized"))
          pending_ = tokens_[at].text;
        at = tokens_[at].is_symbol("(") ? closing(tokens_, at, end) + 1 : at + 1;
        continue;
      }
      const std::string name = pending_;
      const size_t close = closing(tokens_, at, end);
      open_.push_back(name);
      const Query query = read_query(at + 1, close, false);
      open_.pop_back();
      if (query.over_chunk) named_.push_back({name, query.in_one_pass()});
      at = close + 1;
    }
    return at;
  }

  // What stands in parentheses: a query, a join, a list of arguments.
  void read_inside(size_t begin, size_t end, bool in_from, bool is_table, Core* core) {
    if (begins_query(begin, end)) {
      const Query query = read_query(begin, end, false);
      if (in_from && is_table) {
        add_table(query.over_chunk, query.in_one_pass(), core);
      } else if (query.over_chunk) {
        refuse_select("chunk in a query inside of an expression: " + std::string(kAlone) +
                      "; name its columns without a query");
      }
      return;
    }
    bool expects_table = in_from && is_table;
    for (size_t i = begin; i < end; ++i) {
      if (tokens_[i].is_symbol("(")) {
        const size_t close = closing(tokens_, i, end);
        read_inside(i + 1, close, in_from, expects_table, core);
        expects_table = false;
        i = std::min(close, end - 1);
      } else if (in_from && is_table) {
        read_from(i, &expects_table, core);
      } else {
        note_gathering(i, end, core);
      }
    }
  }

  void read_from(size_t i, bool* expects_table, Core* core) {
    const Token& token = tokens_[i];
    if (token.is_symbol(",") || token.is("join")) {
      *expects_table = true;
    } else if (is_join_word(i, "left")) {
      core->nullable = true;
    } else if (is_join_word(i, "right")) {
      if (core->over_chunk) refuse_select(std::string(kOptional));
      outer_join_ = true;
    } else if (is_join_word(i, "full")) {
      if (core->over_chunk) refuse_select(std::string(kOptional));
      outer_join_ = core->nullable = true;
    } else if (*expects_table && token.is_name()) {
      const bool has_schema = i + 1 < tokens_.size() && tokens_[i + 1].is_symbol(".");
      if (has_schema) return;
      *expects_table = false;
      bool over_chunk = same_name(token.text, kChunk);
      bool in_one_pass = over_chunk;
      if (over_chunk) {
        ++uses_of_chunk_;
        scopes_.direct = core->outermost;
      }
      for (const Named& named : named_) {
        if (!same_name(named.name, token.text)) continue;
        over_chunk = true;
        in_one_pass = named.in_one_pass;
      }
      for (const std::string& name : open_) core->over_itself |= same_name(name, token.text);
      add_table(over_chunk, in_one_pass, core);
    }
  }
  bool is_join_word(size_t i, std::string_view word) const {
    if (!tokens_[i].is(word) || i + 1 >= tokens_.size()) return false;
    return tokens_[i + 1].is("join") || tokens_[i + 1].is("outer");
  }
  static void add_table(bool over_chunk, bool in_one_pass, Core* core) {
    if (over_chunk && core->nullable) refuse_select(std::string(kOptional));
    if (over_chunk && core->over_chunk)
      refuse_select("chunk stands twice in one FROM: " + std::string(kAlone) +
                    "; it would meet itself alone");
    core->over_chunk |= over_chunk;
    core->chunk_first |= over_chunk && in_one_pass && core->tables == 0;
    core->nullable = false;
    ++core->tables;
  }

  void note_gathering(size_t i, size_t end, Core* core) const {
    if (is_aggregate(tokens_, i, end)) core->gathers = tokens_[i].text + "()";
    if (tokens_[i].is("over") && i + 1 < end &&
        (tokens_[i + 1].is_symbol("(") || tokens_[i + 1].is_name()))
      core->gathers = "OVER";
  }

  const Tokens& tokens_;
  Scopes scopes_;
  std::vector<Named> named_;
  std::vector<std::string> open_;  // those that are being read
  std::string pending_;
  int uses_of_chunk_ = 0;
  bool outer_join_ = false;
};

}  // namespace

Scopes scopes_of(const Tokens& tokens) { return Walk(tokens).run(); }

}  // namespace chunkmill::select
