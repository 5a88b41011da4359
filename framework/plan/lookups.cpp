#include "framework/plan/lookups.hpp"

#include <deque>
#include <iterator>
#include <optional>

#include "chunkmill/nearest.hpp"
#include "framework/data/cast.hpp"
#include "framework/data/stream.hpp"
#include "framework/plan/projection.hpp"

namespace chunkmill::host {
namespace {

constexpr uint64_t kRowsPerBatch = 65'536;
// Tables of factors, rates and indexes are far below it; results of a whole year are above.
constexpr size_t kMostKept = size_t{16} << 20;

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

// One table while it is read. Threads: one at a time.
class Lookups::Reading {
 public:
  // The source keeps the services: they stay where they are.
  Reading(const Surroundings& surroundings, const LookupSpec& spec)
      : name_(spec.name), services_(surroundings, "lookup " + spec.name, nullptr) {}

  const Schema& schema() const { return *want_; }
  Source& source() { return *source_; }

  Status open(const Lookups& lookups, const LookupSpec& spec, const Schema* wanted) {
    ASSIGN_OR_RETURN(Source source, lookups.open_source(spec, &services_));
    source_.emplace(std::move(source));
    ASSIGN_OR_RETURN(const Schema all, source_->schema());
    Schema want = wanted == nullptr ? all : *wanted;
    for (Field& field : want.fields) {
      const int index = all.find(field.name);
      if (index < 0) return missing_column(name_, field.name, all);
      const Field& there = all[static_cast<size_t>(index)];
      if (field.unit.empty()) field.unit = there.unit;
    }
    Result<Projection> projection = project(*source_, all, want);
    if (!projection.ok()) return projection.status().with_context("lookup \"" + name_ + "\"");
    projection_ = projection.take();
    want_ = std::make_shared<const Schema>(std::move(want));
    return Status();
  }

  // Nothing: there is no more.
  Result<std::optional<Batch>> next() {
    if (!planned_) {
      ASSIGN_OR_RETURN(splits_, source_->plan(1));
      planned_ = true;
    }
    while (true) {
      if (!lane_) {
        if (split_ == splits_.size()) return std::optional<Batch>();
        ASSIGN_OR_RETURN(SourceLane lane, source_->open(splits_[split_++].id, ""));
        lane_.emplace(std::move(lane));
      }
      ASSIGN_OR_RETURN(std::optional<ReadChunk> chunk,
                       lane_->next(ReadLimits{kRowsPerBatch, 0, 0}, projection_.read));
      if (!chunk) {
        lane_.reset();
        continue;
      }
      if (!chunk->errors.empty()) return bad_row(name_, chunk->errors.front());
      const int64_t before = rows_;
      rows_ += chunk->batch.row_count();
      if (projection_.is_wanted) return std::optional<Batch>(std::move(chunk->batch));
      std::vector<CastFailure> failures;
      ASSIGN_OR_RETURN(Batch cast, project_and_cast(chunk->batch, want_, &failures));
      if (!failures.empty())
        return Status(Code::kJob, "lookup \"" + name_ + "\": row " +
                                      std::to_string(before + failures.front().row + 1) + ": " +
                                      failures.front().message);
      return std::optional<Batch>(std::move(cast));
    }
  }

 private:
  const std::string name_;
  Services services_;
  std::optional<Source> source_;
  Projection projection_;
  std::shared_ptr<const Schema> want_;  // shared: all batches refer to it
  std::vector<Split> splits_;
  size_t split_ = 0;
  std::optional<SourceLane> lane_;
  int64_t rows_ = 0;
  bool planned_ = false;
};

Result<std::shared_ptr<Lookups::Reading>> Lookups::open_table(const LookupSpec& spec,
                                                              const Schema* wanted) {
  // Shared: the function that a stream pulls from must be one that can be copied.
  auto reading = std::make_shared<Reading>(surroundings_, spec);
  RETURN_IF_ERROR(reading->open(*this, spec, wanted));
  RETURN_IF_ERROR(check_same(spec, reading->source()));
  return reading;
}

// A table is opened for each who asks, and once more for the fingerprint: it must be one and the
// same each time. Where the source cannot know that, the fingerprint cannot either.
Status Lookups::check_same(const LookupSpec& spec, Source& source) {
  if (source.rerun() != CM_RERUN_NEVER) return Status();
  ASSIGN_OR_RETURN(std::string identity, source.identity());
  const auto [known, is_new] = identities_.emplace(spec.name, identity);
  if (is_new || known->second == identity) return Status();
  return Status(Code::kUnavailable, "lookup \"" + spec.name +
                                        "\" was replaced or edited while the job was made ready, "
                                        "so that parts of it would be of the old one; nothing was "
                                        "written. Run the same command again");
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
  const Lock lock(mutex_);
  const auto found = tables_.find(key);
  if (found != tables_.end()) {
    export_stream(found->second.schema, found->second.batches).move_to(out);
    return Status();
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<Reading> reading,
                   open_table(*spec, schema ? &*schema : nullptr));
  Table table{reading->schema(), {}};
  for (size_t bytes = 0; bytes < kMostKept;) {
    ASSIGN_OR_RETURN(std::optional<Batch> batch, reading->next());
    if (!batch) {
      const Table& kept = tables_.emplace(key, std::move(table)).first->second;
      export_stream(kept.schema, kept.batches).move_to(out);
      return Status();
    }
    bytes += batch->byte_size();
    table.batches.push_back(std::move(*batch));
  }
  // Too large to keep: what is read already comes first, and goes away as it is used.
  std::deque<Batch> first(std::make_move_iterator(table.batches.begin()),
                          std::make_move_iterator(table.batches.end()));
  export_stream(table.schema,
                [reading, first = std::move(first)]() mutable -> Result<std::optional<Batch>> {
                  if (first.empty()) return reading->next();
                  std::optional<Batch> batch(std::move(first.front()));
                  first.pop_front();
                  return batch;
                })
      .move_to(out);
  return Status();
}

Result<std::vector<std::pair<std::string, std::string>>> Lookups::identities() {
  std::vector<std::pair<std::string, std::string>> out;
  cannot_tell_.clear();
  for (const LookupSpec& spec : specs_) {
    Services services(surroundings_, "lookup " + spec.name, nullptr);
    ASSIGN_OR_RETURN(Source source, open_source(spec, &services));
    ASSIGN_OR_RETURN(std::string identity, source.identity());
    const Lock lock(mutex_);
    RETURN_IF_ERROR(check_same(spec, source));
    if (source.rerun() != CM_RERUN_NEVER) cannot_tell_.push_back(spec.name);
    out.emplace_back(spec.name, std::move(identity));
  }
  return out;
}

}  // namespace chunkmill::host
