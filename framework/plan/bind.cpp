#include <algorithm>
#include <utility>

#include "chunkmill/nearest.hpp"
#include "framework/data/batch.hpp"
#include "framework/plan/column_needs.hpp"
#include "framework/plan/file_conflicts.hpp"
#include "framework/plan/option_place.hpp"
#include "framework/plan/pipeline.hpp"
#include "framework/plan/projection.hpp"

namespace chunkmill::host {
namespace {

// Builds a pipeline step by step, gathering faults.
class Binder {
 public:
  Binder(Registry& registry, const Surroundings& surroundings, Faults* faults)
      : registry_(registry), surroundings_(surroundings), faults_(faults) {}

  Result<Pipeline> bind(JobSpec spec);

 private:
  // Adds a fault of `plugin` where its option (or its type) stands. Failures that the job file
  // cannot mend are kept as they are.
  void fault(const PluginSpec& plugin, const Status& status);
  const cm_host* services_for(const PluginSpec& plugin);
  template <typename T>
  std::optional<T> create(const PluginSpec& plugin, Kind kind);

  // Every plugin configured once, for the sake of its faults.
  bool check_all_options();
  bool bind_source();
  // Binds all stages to a source with the columns of `needs`, which learns what they need of it.
  bool bind_stages(ColumnNeeds* needs);
  bool bind_calculator(const PluginSpec& plugin, ColumnNeeds* needs, Stage* stage);
  bool bind_route(const RouteSpec& route, ColumnNeeds* needs);
  bool add_side_streams(const PluginSpec& plugin, BoundCalculator* bound);
  bool bind_sinks();
  void warn_of_order(const BoundSink& sink);
  bool wire(const SinkSpec& spec, BoundSink* sink);
  bool bind_hooks();
  // True when the main stream or another is wired to a sink; a job without calculators wires the
  // source's own columns.
  bool main_is_wired() const;

  Registry& registry_;
  const Surroundings surroundings_;
  Faults* faults_;
  Pipeline pipeline_;
  bool trial_ = false;  // what is created now is thrown away again
  Status failure_;      // the first one that is not the job file's fault
};

void Binder::fault(const PluginSpec& plugin, const Status& status) {
  if (status.code() != Code::kJob && status.code() != Code::kNotFound) {
    if (failure_.ok()) failure_ = at_place(*pipeline_.spec, plugin, status);
    return;
  }
  const Place place = place_of(plugin, status);
  const std::string& where = status.facts().where;
  std::string message = status.message();
  if (message.find('"' + plugin.type + '"') == std::string::npos)
    message = plugin.kind + " \"" + plugin.type + "\": " + message;
  if (!where.empty() && place == plugin.place && message.find(where) == std::string::npos)
    message += " (option \"" + where + "\")";
  faults_->error(place, message);
}

const cm_host* Binder::services_for(const PluginSpec& plugin) {
  pipeline_.services.push_back(std::make_unique<Services>(
      surroundings_, plugin.kind + " " + plugin.type, pipeline_.lookups.get()));
  pipeline_.services.back()->mute(trial_);
  return pipeline_.services.back()->abi();
}

template <typename T>
std::optional<T> Binder::create(const PluginSpec& plugin, Kind kind) {
  Result<const Module*> module = registry_.load(kind, plugin.type);
  if (!module.ok()) {
    fault(plugin, module.status());
    return std::nullopt;
  }
  Result<T> made = T::create(**module, services_for(plugin), plugin.options.options());
  if (!made.ok()) {
    fault(plugin, made.status());
    return std::nullopt;
  }
  return made.take();
}

bool Binder::check_all_options() {
  const JobSpec& spec = *pipeline_.spec;
  bool good = create<Source>(spec.source, Kind::kSource).has_value();
  for (const LookupSpec& lookup : spec.lookups)
    good &= create<Source>(lookup.plugin, Kind::kSource).has_value();
  const auto check_calculator = [&](const PluginSpec& plugin) {
    good &= create<Calculator>(plugin, Kind::kCalculator).has_value();
  };
  for (const CalculatorSpec& calculator : spec.calculators) {
    if (const auto* plugin = std::get_if<PluginSpec>(&calculator)) check_calculator(*plugin);
    if (const auto* route = std::get_if<RouteSpec>(&calculator))
      for (const RouteSpec::Case& one : route->cases) check_calculator(one.plugin);
  }
  for (const SinkSpec& sink : spec.sinks)
    good &= create<Sink>(sink.plugin, Kind::kSink).has_value();
  return good;
}

bool Binder::bind_source() {
  const PluginSpec& spec = pipeline_.spec->source;
  std::optional<Source> source = create<Source>(spec, Kind::kSource);
  if (!source) return false;
  pipeline_.source = std::make_unique<Source>(std::move(*source));
  Result<Schema> schema = pipeline_.source->schema();
  if (!schema.ok()) {
    fault(spec, schema.status());
    return false;
  }
  if (schema->fields.empty()) {
    fault(spec, Status(Code::kJob, pipeline_.source->module().label() +
                                       ": its input has no columns; a file that is empty has no "
                                       "header to take them from"));
    return false;
  }
  pipeline_.source_schema = std::make_shared<const Schema>(*schema);
  // The first pass learns which columns are needed, the second binds to just those.
  ColumnNeeds needs(*schema);
  trial_ = true;
  const bool learned = bind_stages(&needs);
  trial_ = false;
  if (!learned) return false;
  const Schema wanted = needs.wanted();
  ColumnNeeds narrowed(wanted);
  if (!bind_stages(&narrowed)) return false;

  pipeline_.input = std::make_shared<const Schema>(wanted);
  Result<Projection> projection = project(*pipeline_.source, *pipeline_.source_schema, wanted,
                                          pipeline_.spec->chunk.keep_together);
  if (!projection.ok()) {
    fault(spec, projection.status());
    return false;
  }
  pipeline_.pushed_down = projection->is_wanted;
  pipeline_.read_schema = projection->is_wanted ? pipeline_.input : projection->read;
  return true;
}

bool Binder::bind_stages(ColumnNeeds* needs) {
  pipeline_.stages.clear();
  pipeline_.streams.clear();
  pipeline_.streams.push_back({"main", nullptr});
  pipeline_.ordered = pipeline_.spec->order == Order::kSource;
  pipeline_.ordered_calculation = false;
  pipeline_.row_for_row = true;
  for (const CalculatorSpec& spec : pipeline_.spec->calculators) {
    if (const auto* route = std::get_if<RouteSpec>(&spec)) {
      if (!bind_route(*route, needs)) return false;
      continue;
    }
    const PluginSpec& plugin = std::get<PluginSpec>(spec);
    Stage stage;
    if (!bind_calculator(plugin, needs, &stage)) return false;
    const BoundCalculator& bound = stage.calculators.back();
    needs->advance(*bound.input, *bound.streams[0].schema, bound.streams[0].append());
    stage.calculators.back().output = std::make_shared<const Schema>(needs->current());
    pipeline_.stages.push_back(std::move(stage));
  }
  if (main_is_wired()) needs->need_all();
  pipeline_.streams[0].schema = std::make_shared<const Schema>(needs->current());
  return true;
}

bool Binder::bind_calculator(const PluginSpec& plugin, ColumnNeeds* needs, Stage* stage) {
  std::optional<Calculator> calculator = create<Calculator>(plugin, Kind::kCalculator);
  if (!calculator) return false;
  Result<std::vector<Need>> asked = calculator->needs(needs->current());
  Status status = asked.ok() ? needs->add(*asked) : asked.status();
  if (!status.ok()) {
    fault(plugin, status);
    return false;
  }
  auto input = std::make_shared<const Schema>(needs->input_for(*asked));
  Result<std::vector<StreamDecl>> streams = calculator->bind(*input);
  if (!streams.ok()) {
    fault(plugin, streams.status());
    return false;
  }
  pipeline_.ordered |= calculator->ordered();
  pipeline_.ordered_calculation |= calculator->ordered();
  BoundCalculator bound{std::move(*calculator), streams.take(), std::move(input), nullptr, {}, {}};
  bound.reads.assign(bound.input->size(), std::ranges::any_of(bound.streams, &StreamDecl::append));
  for (const Need& need : *asked)
    if (const int at = bound.input->find(need.column); at >= 0)
      bound.reads[static_cast<size_t>(at)] = true;
  pipeline_.row_for_row &= bound.streams.size() == 1 && bound.streams[0].row_for_row();
  if (!add_side_streams(plugin, &bound)) return false;
  stage->calculators.push_back(std::move(bound));
  return true;
}

bool Binder::bind_route(const RouteSpec& route, ColumnNeeds* needs) {
  Stage stage;
  stage.is_route = true;
  stage.otherwise = route.otherwise;
  Need column{route.column, false, Field{route.column, Type::kUtf8}, "", ""};
  const Status there = needs->add({column});
  if (!there.ok()) {
    faults_->error(route.place, there.message());
    return false;
  }
  for (const RouteSpec::Case& one : route.cases) {
    if (!bind_calculator(one.plugin, needs, &stage)) return false;
    stage.route_values.push_back(one.value);
    const StreamDecl& first = stage.calculators.front().streams[0];
    const StreamDecl& main = stage.calculators.back().streams[0];
    if (!(*main.schema == *first.schema) || main.append() != first.append()) {
      faults_->error(one.plugin.place, "the cases of a route must put out the same columns: \"" +
                                           one.plugin.type + "\" differs from \"" +
                                           route.cases.front().plugin.type + "\"");
      return false;
    }
  }
  const StreamDecl& main = stage.calculators.front().streams[0];
  if (route.otherwise == Otherwise::kPass && !main.append()) {
    faults_->error(route.place,
                   "`otherwise: pass` needs calculators that add columns to their input; these put "
                   "out rows of their own: use `otherwise: reject`");
    return false;
  }
  const Schema input = needs->current();
  stage.route_column = static_cast<size_t>(input.find(route.column));
  needs->advance(input, *main.schema, main.append());
  for (BoundCalculator& bound : stage.calculators)
    bound.output = std::make_shared<const Schema>(needs->current());
  pipeline_.stages.push_back(std::move(stage));
  return true;
}

bool Binder::add_side_streams(const PluginSpec& plugin, BoundCalculator* bound) {
  bound->stream_index.push_back(0);
  for (size_t i = 1; i < bound->streams.size(); ++i) {
    const StreamDecl& stream = bound->streams[i];
    size_t index = 0;
    for (size_t j = 1; j < pipeline_.streams.size(); ++j)
      if (pipeline_.streams[j].name == stream.name) index = j;
    if (index != 0 && !(*pipeline_.streams[index].schema == *stream.schema)) {
      faults_->error(plugin.place, "two calculators put out a stream \"" + stream.name +
                                       "\" with different columns");
      return false;
    }
    if (index == 0) {
      index = pipeline_.streams.size();
      pipeline_.streams.push_back({stream.name, stream.schema});
    }
    bound->stream_index.push_back(index);
  }
  return true;
}

bool Binder::main_is_wired() const {
  for (const SinkSpec& sink : pipeline_.spec->sinks) {
    if (sink.tables.empty() && sink.from == "main") return true;
    for (const TableSpec& table : sink.tables)
      if (table.from == "main") return true;
  }
  return false;
}

bool Binder::wire(const SinkSpec& spec, BoundSink* sink) {
  std::vector<std::string> names;
  for (const PipelineStream& stream : pipeline_.streams) names.push_back(stream.name);
  const auto add = [&](const std::string& from, bool required, Place place) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] != from) continue;
      sink->streams.push_back(i);
      sink->required.push_back(required);
      return true;
    }
    std::string message = spec.plugin.kind + " \"" + spec.plugin.type +
                          "\": no calculator puts out a stream \"" + from + "\"";
    if (const std::string near = nearest(from, names); !near.empty())
      message += "; did you mean \"" + near + "\"?";
    std::string there;
    for (const std::string& name : names) there += (there.empty() ? "" : ", ") + name;
    faults_->error(place, message, "", "streams: " + there);
    return false;
  };
  if (spec.tables.empty()) return add(spec.from, true, spec.plugin.place);
  bool good = true;
  for (const TableSpec& table : spec.tables) good &= add(table.from, table.required, table.place);
  return good;
}

bool Binder::bind_sinks() {
  bool good = true;
  for (const SinkSpec& spec : pipeline_.spec->sinks) {
    std::optional<Sink> made = create<Sink>(spec.plugin, Kind::kSink);
    if (!made) {
      good = false;
      continue;
    }
    BoundSink bound{&spec, std::move(*made), {}, {}, {}};
    if (!wire(spec, &bound)) {
      good = false;
      continue;
    }
    std::vector<SinkStream> streams;
    for (const size_t i : bound.streams)
      streams.push_back({pipeline_.streams[i].name, pipeline_.streams[i].schema});
    Result<Abilities> abilities = bound.sink.bind(streams);
    if (!abilities.ok()) {
      fault(spec.plugin, abilities.status());
      good = false;
      continue;
    }
    bound.abilities = abilities.take();
    if (pipeline_.source->rerun() == CM_RERUN_CONTINUE && bound.abilities.keeps_position() &&
        !bound.abilities.appends()) {
      fault(spec.plugin,
            Status(Code::kJob,
                   "the source is incremental, and this sink cannot add to what an earlier run has "
                   "left: each run would take the rows of the one before away; use `mode: insert` "
                   "or `upsert`, or a sink that appends"));
      good = false;
    }
    pipeline_.joins_routes |= bound.abilities.upsert();
    pipeline_.ordered |= bound.abilities.shows_order() && pipeline_.spec->order != Order::kAny;
    warn_of_order(bound);
    pipeline_.sinks.push_back(std::move(bound));
  }
  return good;
}

// Of the rows of one key the last one is to stand.
void Binder::warn_of_order(const BoundSink& sink) {
  if (!sink.abilities.upsert() || !sink.abilities.shows_order()) return;
  const PluginSpec& plugin = sink.spec->plugin;
  const std::string what = plugin.kind + " \"" + plugin.type + "\" updates rows by their key, and ";
  if (pipeline_.spec->order == Order::kAny && !pipeline_.ordered_calculation)
    faults_->warning(plugin.place,
                     what +
                         "`order: any` lets a row overwrite a later one of the same key; leave "
                         "`order:` out, unless each key comes once");
  if (pipeline_.spec->shard)
    faults_->warning(plugin.place, what +
                                       "shards keep no order among each other; see that all rows "
                                       "of a key are in one shard");
}

bool Binder::bind_hooks() {
  bool good = true;
  for (const PluginSpec& spec : pipeline_.spec->hooks) {
    if (std::optional<Hook> hook = create<Hook>(spec, Kind::kHook)) {
      pipeline_.hooks.push_back(std::move(*hook));
    } else {
      good = false;
    }
  }
  return good;
}

Result<Pipeline> Binder::bind(JobSpec spec) {
  pipeline_.spec = std::make_unique<const JobSpec>(std::move(spec));
  pipeline_.lookups = std::make_unique<Lookups>(pipeline_.spec->lookups, registry_, surroundings_);
  check_files(*pipeline_.spec, registry_, faults_);
  bool good = bind_source();
  if (good) good = bind_sinks();
  // What stands behind the first fault was not reached: at least its options are looked at.
  if (!good) {
    trial_ = true;
    check_all_options();
    trial_ = false;
  }
  good &= bind_hooks();
  if (faults_->has_errors())
    return Status(Code::kJob, std::to_string(faults_->errors()) + " fault(s) in the job");
  if (!failure_.ok()) return failure_;
  if (!good) return Status(Code::kInternal, "binding failed without saying why");
  return std::move(pipeline_);
}

}  // namespace

Result<Pipeline> bind(JobSpec spec, Registry& registry, const Surroundings& surroundings,
                      Faults* faults) {
  return Binder(registry, surroundings, faults).bind(std::move(spec));
}

}  // namespace chunkmill::host
