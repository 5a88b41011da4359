// The options that every database sink has for its tables, and the tables bound to their streams.
//
//   table: NAME, with mode, key, add, columns, if_table_missing, evolve beside it; or
//   tables: {NAME: {from, mode, key, ...}, ...}; what mode, if_table_missing and evolve say beside
//   it is the default of each.
//
// Failure: Error(CM_INVALID), at the option's path. Threads: [control].
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/nearest.hpp"
#include "chunkmill/options.hpp"
#include "chunkmill/sink.hpp"
#include "chunkmill/sql/dialect.hpp"

namespace chunkmill::sql {

enum class Mode { kInsert, kUpsert, kReplace };
enum class IfMissing { kCreate, kError };
enum class Evolve { kNo, kAddColumns };

inline constexpr std::string_view kStagingSuffix = "__chunkmill_new";

// A table and the stream that goes into it.
struct Target {
  std::string table;
  std::string stream;
  Mode mode = Mode::kInsert;
  IfMissing if_missing = IfMissing::kCreate;
  Evolve evolve = Evolve::kNo;
  bool allow_empty = false;     // `mode: replace`: no rows may take the place of rows
  std::vector<Field> fields;    // the columns that are written, in order
  std::vector<size_t> sources;  // where each lies in the stream
  std::vector<size_t> key;      // indexes of `fields`
  std::vector<size_t> add;      // indexes of `fields`

  std::string staging() const { return table + std::string(kStagingSuffix); }
  // The table that rows are written to while the run lasts.
  std::string written_table() const { return mode == Mode::kReplace ? staging() : table; }
  std::vector<std::string> names(const std::vector<size_t>& indexes) const {
    std::vector<std::string> out;
    out.reserve(indexes.size());
    for (const size_t i : indexes) out.push_back(fields[i].name);
    return out;
  }
  std::vector<std::string> column_names() const {
    std::vector<std::string> out;
    out.reserve(fields.size());
    for (const Field& field : fields) out.push_back(field.name);
    return out;
  }
  // The same rows, written by a new run, leave the same table.
  bool is_repeatable() const {
    return mode == Mode::kReplace || (mode == Mode::kUpsert && add.empty());
  }
  bool is_key(size_t field) const { return std::find(key.begin(), key.end(), field) != key.end(); }
};

class Tables {
 public:
  void configure(Options& opt) {
    opt.optional("table", single_.table, "table to write to; or give `tables`");
    configure_table(opt, single_);
    opt.each("tables", tables_, "tables to write to, by name, in one transaction a chunk",
             [this](Options& inner, TableOptions& table) {
               table.mode = single_.mode;
               table.if_missing = single_.if_missing;
               table.evolve = single_.evolve;
               table.allow_empty = single_.allow_empty;
               inner.optional("from", table.from, "the stream that goes into it");
               inner.optional("required", table.required,
                              "false: a failure of this table alone does not fail the chunk");
               configure_table(inner, table);
             });
    if (!opt.describing()) check_options();
  }

  // The tables with their columns, one for each stream.
  std::vector<Target> bind(const std::vector<SinkStream>& streams, const Dialect& dialect) const {
    if (streams.size() != tables_.size())
      throw Error(CM_INVALID, std::to_string(tables_.size()) + " tables, but " +
                                  std::to_string(streams.size()) + " streams are wired to them");
    std::vector<Target> targets;
    for (size_t i = 0; i < streams.size(); ++i) {
      const auto& [name, options] = tables_[i];
      for (const Target& earlier : targets)
        if (dialect.same_name(earlier.table, name))
          throw Error(CM_INVALID, "tables \"" + earlier.table + "\" and \"" + name +
                                      "\" are one and the same in " + std::string(dialect.name()))
              .at(path(name, ""));
      targets.push_back(bind_table(name, options, streams[i], dialect));
    }
    return targets;
  }

 private:
  struct TableOptions {
    std::string table;
    std::string from = "main";
    Mode mode = Mode::kInsert;
    IfMissing if_missing = IfMissing::kCreate;
    Evolve evolve = Evolve::kNo;
    bool allow_empty = false;
    std::vector<std::string> key;
    std::vector<std::string> add;
    std::vector<std::string> columns;
    bool required = true;
  };

  static void configure_table(Options& opt, TableOptions& table) {
    opt.choice("mode", table.mode,
               {{"insert", Mode::kInsert}, {"upsert", Mode::kUpsert}, {"replace", Mode::kReplace}},
               "insert: new rows; upsert: a row whose key is there is updated; replace: the "
               "finished run's rows take the place of all that was there");
    opt.optional("key", table.key, "columns that tell rows apart; upsert needs them");
    opt.optional("add", table.add,
                 "columns that upsert adds to what is there instead of overwriting it");
    opt.choice("if_table_missing", table.if_missing,
               {{"create", IfMissing::kCreate}, {"error", IfMissing::kError}},
               "what to do where the table is not there");
    opt.choice("evolve", table.evolve, {{"no", Evolve::kNo}, {"add_columns", Evolve::kAddColumns}},
               "what to do where the table lacks a column of the stream. no: say so and stop; "
               "add_columns: add it, empty for the rows that are there");
    opt.optional("allow_empty", table.allow_empty,
                 "with `mode: replace`: a run that gave no rows empties the table; false: the run "
                 "fails, and the table keeps its rows");
    opt.optional("columns", table.columns, "columns of the stream to write, in order; default all");
  }

  void check_options() {
    is_single_ = !single_.table.empty();
    if (is_single_ && !tables_.empty())
      throw Error(CM_INVALID, "`table` and `tables` exclude each other").at("tables");
    if (!is_single_ && tables_.empty())
      throw Error(CM_INVALID, "it is missing: give `table: NAME`, or `tables` for several")
          .at("table");
    if (is_single_) {
      tables_.emplace_back(single_.table, single_);
    } else {
      for (const auto& [option, value] :
           {std::pair{"key", &single_.key}, {"add", &single_.add}, {"columns", &single_.columns}})
        if (!value->empty())
          throw Error(CM_INVALID, "it belongs to one table: put it under `tables`").at(option);
    }
    for (const auto& [name, table] : tables_) {
      if (table.mode == Mode::kUpsert && table.key.empty())
        throw Error(CM_INVALID, "upsert needs `key`: the columns that tell rows apart")
            .at(path(name, "key"));
      if (table.mode != Mode::kUpsert && !table.add.empty())
        throw Error(CM_INVALID, "`add` does something with `mode: upsert` alone")
            .at(path(name, "add"));
    }
  }

  // Where an option of a table stands in the job file.
  std::string path(const std::string& table, const std::string& option) const {
    if (is_single_) return option.empty() ? "table" : option;
    return "tables." + table + (option.empty() ? "" : "." + option);
  }

  void check_table_name(const std::string& name, const TableOptions& options) const {
    check_identifier("table", name);
    if (name.starts_with("chunkmill_"))
      throw Error(CM_INVALID, "table \"" + name + "\": names that begin with chunkmill_ are ours");
    if (options.mode == Mode::kReplace && name.size() + kStagingSuffix.size() > kMaxIdentifierBytes)
      throw Error(CM_INVALID, "table \"" + name + "\": `mode: replace` fills a table \"" + name +
                                  std::string(kStagingSuffix) + "\", whose name would exceed " +
                                  std::to_string(kMaxIdentifierBytes) + " bytes");
  }

  Target bind_table(const std::string& name, const TableOptions& options, const SinkStream& stream,
                    const Dialect& dialect) const {
    Target target{name,
                  stream.name,
                  options.mode,
                  options.if_missing,
                  options.evolve,
                  options.allow_empty,
                  {},
                  {},
                  {},
                  {}};
    try {
      check_table_name(name, options);
      choose_columns(options, stream, dialect, &target);
    } catch (Error& error) {
      throw error.at(path(name, ""));
    }
    target.key = find_all(options.key, target, path(name, "key"));
    target.add = find_all(options.add, target, path(name, "add"));
    for (const size_t i : target.add) {
      const Field& field = target.fields[i];
      if (target.is_key(i))
        throw Error(CM_INVALID, "column \"" + field.name + "\" is part of the key")
            .at(path(name, "add"));
      if (!dialect.can_add(field))
        throw Error(CM_INVALID, std::string(dialect.name()) + " cannot add up column \"" +
                                    field.name + "\" (" + field.type_text() + ") exactly")
            .at(path(name, "add"));
    }
    return target;
  }

  static void choose_columns(const TableOptions& options, const SinkStream& stream,
                             const Dialect& dialect, Target* target) {
    const Schema& schema = stream.schema;
    if (options.columns.empty())
      for (size_t i = 0; i < schema.size(); ++i) target->sources.push_back(i);
    for (const std::string& name : options.columns) {
      const int found = schema.find(name);
      if (found < 0) throw no_such_column(name, schema.names(), "stream \"" + stream.name + "\"");
      target->sources.push_back(static_cast<size_t>(found));
    }
    for (const size_t i : target->sources) {
      check_identifier("column", schema[i].name);
      for (const Field& earlier : target->fields)
        if (dialect.same_name(earlier.name, schema[i].name))
          throw Error(CM_INVALID, "columns \"" + earlier.name + "\" and \"" + schema[i].name +
                                      "\" are one and the same in " + std::string(dialect.name()));
      target->fields.push_back(schema[i]);
    }
    if (target->fields.empty())
      throw Error(CM_INVALID, "stream \"" + stream.name + "\" has no columns to write");
  }

  static std::vector<size_t> find_all(const std::vector<std::string>& names, const Target& target,
                                      const std::string& path) {
    std::vector<size_t> found;
    for (const std::string& name : names) {
      size_t i = 0;
      while (i < target.fields.size() && target.fields[i].name != name) ++i;
      if (i == target.fields.size())
        throw no_such_column(name, target.column_names(),
                             "what is written to \"" + target.table + "\"")
            .at(path);
      if (std::find(found.begin(), found.end(), i) != found.end())
        throw Error(CM_INVALID, "column \"" + name + "\" is named twice").at(path);
      found.push_back(i);
    }
    return found;
  }

  static Error no_such_column(const std::string& name, const std::vector<std::string>& names,
                              const std::string& where) {
    std::string message = "there is no column \"" + name + "\" in " + where;
    const std::string near = nearest(name, names);
    if (!near.empty()) return Error(CM_INVALID, message + "; did you mean \"" + near + "\"?");
    message += "; it has ";
    for (const std::string& candidate : names)
      message += (&candidate == &names.front() ? "" : ", ") + candidate;
    return Error(CM_INVALID, message);
  }

  TableOptions single_;
  std::vector<std::pair<std::string, TableOptions>> tables_;
  bool is_single_ = true;
};

}  // namespace chunkmill::sql
