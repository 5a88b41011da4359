#include "framework/plan/lookups.hpp"

#include <optional>

#include "chunkmill/nearest.hpp"
#include "framework/data/cast.hpp"
#include "framework/data/stream.hpp"
#include "framework/plan/projection.hpp"

namespace chunkmill::host {
namespace {

constexpr uint64_t kRowsPerBatch = 65'536;

Status missing_column(const std::string& lookup, const std::string& column, const Schema& there) {
  const std::string near = nearest(column, there.names());
  std::string message = "lookup \"" + lookup + "\" has no column \"" + column + "\"";
  if (!near.empty()) message += "; did you mean \"" + near + "\"?";
  return Status(Code::kJob, message);
}

Status bad_row(const std::string& lookup, const RowError& error) {
  std::string place = error.where;
  if (error.line > 0) place += ":" + std::to_string(error.line);
  return Status(Code::kJob, "lookup \"" + lookup + "\": " + place + ": " + error.message + " (" +
                                error.code + "); a reference table must be without fault");
}

}  // namespace

Result<const LookupSpec*> Lookups::find(std::string_view name) const {
  std::vector<std::string> names;
  for (const LookupSpec& spec : specs_) {
    if (spec.name == name) return &spec;
    names.push_back(spec.name);
  }
  std::string message = "the job has no lookup \"" + std::string(name) + "\"";
  if (const std::string near = nearest(name, names); !near.empty())
    message += "; did you mean \"" + near + "\"?";
  return Status(Code::kJob, message);
}

Result<Source> Lookups::open_source(const LookupSpec& spec, Services* services) const {
  ASSIGN_OR_RETURN(const Module* module, registry_.load(Kind::kSource, spec.plugin.type));
  return Source::create(*module, services->abi(), spec.plugin.options.options());
}

Result<Lookups::Table> Lookups::read_table(const LookupSpec& spec, const Schema* wanted) const {
  Services services(surroundings_, "lookup " + spec.name, nullptr);
  ASSIGN_OR_RETURN(Source source, open_source(spec, &services));
  ASSIGN_OR_RETURN(const Schema all, source.schema());
  Table table;
  table.schema = wanted == nullptr ? all : *wanted;
  for (Field& field : table.schema.fields) {
    const int index = all.find(field.name);
    if (index < 0) return missing_column(spec.name, field.name, all);
    const Field& there = all[static_cast<size_t>(index)];
    if (field.unit.empty()) field.unit = there.unit;
  }
  Result<Projection> projection = project(source, all, table.schema);
  if (!projection.ok()) return projection.status().with_context("lookup \"" + spec.name + "\"");
  const auto want = std::make_shared<const Schema>(table.schema);
  ASSIGN_OR_RETURN(const std::vector<Split> splits, source.plan(1));
  for (const Split& split : splits) {
    ASSIGN_OR_RETURN(SourceLane lane, source.open(split.id, ""));
    while (true) {
      ASSIGN_OR_RETURN(std::optional<ReadChunk> chunk,
                       lane.next(ReadLimits{kRowsPerBatch, 0, 0}, projection->read));
      if (!chunk) break;
      if (!chunk->errors.empty()) return bad_row(spec.name, chunk->errors.front());
      if (projection->is_wanted) {
        table.batches.push_back(std::move(chunk->batch));
        continue;
      }
      std::vector<CastFailure> failures;
      ASSIGN_OR_RETURN(Batch cast, project_and_cast(chunk->batch, want, &failures));
      if (!failures.empty())
        return Status(Code::kJob, "lookup \"" + spec.name + "\": row " +
                                      std::to_string(failures.front().row + 1) + ": " +
                                      failures.front().message);
      table.batches.push_back(std::move(cast));
    }
  }
  return table;
}

Status Lookups::read(std::string_view name, const ArrowSchema* wanted, ArrowArrayStream* out) {
  ASSIGN_OR_RETURN(const LookupSpec* spec, find(name));
  std::optional<Schema> schema;
  std::string key = spec->name;
  if (wanted != nullptr) {
    std::string why;
    if (!Schema::import(*wanted, &schema.emplace(), &why)) return Status(Code::kPlugin, why);
    for (const Field& field : schema->fields) key += "\n" + field.name + "\t" + format_of(field);
  }
  const std::lock_guard lock(mutex_);
  auto found = tables_.find(key);
  if (found == tables_.end()) {
    ASSIGN_OR_RETURN(Table table, read_table(*spec, schema ? &*schema : nullptr));
    found = tables_.emplace(key, std::move(table)).first;
  }
  export_stream(found->second.schema, found->second.batches).move_to(out);
  return Status();
}

Result<std::vector<std::pair<std::string, std::string>>> Lookups::identities() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const LookupSpec& spec : specs_) {
    Services services(surroundings_, "lookup " + spec.name, nullptr);
    ASSIGN_OR_RETURN(Source source, open_source(spec, &services));
    ASSIGN_OR_RETURN(std::string identity, source.identity());
    out.emplace_back(spec.name, std::move(identity));
  }
  return out;
}

}  // namespace chunkmill::host
