#include "framework/job/job_reader.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "chunkmill/units.hpp"
#include "framework/job/job_schema.hpp"
#include "framework/job/option_schema.hpp"
#include "framework/job/plugin_reader.hpp"

namespace chunkmill::host {
namespace {

OptionSchema built_in(std::string_view json) { return OptionSchema::parse(json).take(); }

// Reads of values that were checked: what does not fit has its fault already and leaves the
// default.
std::string text_or(const Value* map, std::string_view key, const std::string& otherwise) {
  const Value* value = map == nullptr ? nullptr : map->find(key);
  return value != nullptr && value->is_scalar() ? value->text() : otherwise;
}
std::optional<std::int64_t> whole_number(const Value* map, std::string_view key) {
  const Value* value = map == nullptr ? nullptr : map->find(key);
  return value == nullptr ? std::nullopt : value->as_int();
}
std::optional<std::int64_t> duration(const Value* map, std::string_view key) {
  std::int64_t ms = 0;
  const std::string text = text_or(map, key, "");
  return parse_duration(text, &ms) ? std::optional(ms) : std::nullopt;
}
std::optional<std::int64_t> bytes(const Value* map, std::string_view key) {
  std::uint64_t count = 0;
  const std::string text = text_or(map, key, "");
  return parse_bytes(text, &count) ? std::optional(static_cast<std::int64_t>(count)) : std::nullopt;
}

// The value under `key` when it is a map or list of the wanted kind; null otherwise, which was
// reported.
Value* section(Value* map, std::string_view key, Value::Kind kind) {
  Value* value = map->find(key);
  return value != nullptr && value->kind() == kind ? value : nullptr;
}

// Adds what `defaults` has and `map` has not; maps in both are filled up in the same way. A key
// that `map` gives without a value stays so: the default is not wanted there.
void fill_up(const Value& defaults, Value* map) {
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    Value* value = map->find(defaults.key(i));
    if (value == nullptr) {
      map->append(defaults.key(i), defaults.key_place(i), defaults.at(i));
    } else if (value->is_map() && defaults.at(i).is_map()) {
      fill_up(defaults.at(i), value);
    }
  }
}

// Moves the keys that a host schema names out of `map`.
Value take_keys(Value* map, const std::vector<std::string>& names) {
  Value taken = Value::map();
  taken.set_place(map->place());
  for (const std::string& name : names) {
    if (Value* value = map->find(name)) {
      taken.append(name, map->place_of_key(name), std::move(*value));
      map->erase(name);
    }
  }
  return taken;
}

RateSpec read_rate(const Value& map) {
  return {whole_number(map.find("rate"), "rows_per_second").value_or(0)};
}

class JobReader {
 public:
  JobReader(Value root, const std::string& folder, const SchemaOf& schema_of, Faults* faults)
      : root_(std::move(root)),
        faults_(faults),
        plugins_(folder, lookup_names(root_), schema_of, faults) {}

  JobSpec read() {
    OptionContext context;
    context.place = root_.size() > 0 ? root_.key_place(0) : root_.place();
    check_options(built_in(kJobSchema), context, &root_, faults_);

    read_name("job", &job_.name);
    read_name("id", &job_.id);
    read_lookups();
    if (Value* source = section(&root_, "source", Value::Kind::kMap)) {
      job_.source = plugins_.read("source", "source", std::move(*source));
    }
    each("calculators",
         [&](const std::string& path, Value map) { read_calculator(path, std::move(map)); });
    each("sinks", [&](const std::string& path, Value map) { read_sink(path, std::move(map)); });
    each("hooks", [&](const std::string& path, Value map) {
      job_.hooks.push_back(plugins_.read("hook", path, std::move(map)));
    });
    const Value* sinks = root_.find("sinks");
    if (sinks != nullptr && sinks->is_list() && sinks->size() == 0) {
      faults_->error(root_.place_of_key("sinks"), "sinks: a job needs at least one");
    }
    read_chunk();
    read_policies();
    return std::move(job_);
  }

 private:
  static std::set<std::string> lookup_names(const Value& root) {
    std::set<std::string> names;
    const Value* lookups = root.find("lookups");
    for (std::size_t i = 0; lookups != nullptr && lookups->is_map() && i < lookups->size(); ++i) {
      names.insert(lookups->key(i));
    }
    return names;
  }

  template <typename F>
  void each(const std::string& key, const F& read_one) {
    Value* list = section(&root_, key, Value::Kind::kList);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (list->at(i).is_map()) {
        read_one(key + "." + std::to_string(i), std::move(list->at(i)));
      } else if (list->at(i).is_null()) {
        faults_->error(list->at(i).place(), key + "." + std::to_string(i) + ": an empty item",
                       "remove it");
      }
    }
  }

  void read_name(const std::string& key, std::string* out) {
    const Value* name = root_.find(key);
    if (name == nullptr || !name->is_scalar() || name->faulty()) return;
    const auto fine = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_' || c == '.';
    };
    const std::string& text = name->text();
    if (text.empty() || text.size() > 100 || !std::all_of(text.begin(), text.end(), fine)) {
      faults_->error(name->place(), key + ": " + in_quotes(text) + " is no name of a job",
                     "at most 100 of letters, digits, '-', '_' and '.'");
    }
    *out = text;
  }

  void read_lookups() {
    Value* lookups = section(&root_, "lookups", Value::Kind::kMap);
    for (std::size_t i = 0; lookups != nullptr && i < lookups->size(); ++i) {
      const std::string& name = lookups->key(i);
      if (lookups->at(i).is_null()) {
        faults_->error(lookups->key_place(i), "lookups." + name + ": it is empty",
                       "give it a type:");
      } else if (lookups->at(i).is_map()) {
        job_.lookups.push_back(
            {name, plugins_.read("source", "lookups." + name, std::move(lookups->at(i)))});
      }
    }
  }

  void read_calculator(const std::string& path, Value map) {
    const Value* route = map.find("route");
    if (route == nullptr || map.find("type") != nullptr) {
      job_.calculators.emplace_back(plugins_.read("calculator", path, std::move(map)));
    } else {
      job_.calculators.emplace_back(read_route(path, std::move(map)));
    }
  }

  RouteSpec read_route(const std::string& path, Value map) {
    OptionContext context;
    context.subject = "route";
    context.place = map.place_of_key("route");
    check_options(route_schema_, context, &map, faults_);
    RouteSpec route;
    route.path = path;
    route.place = map.find("route")->place();
    route.column = text_or(&map, "route", "");
    if (text_or(&map, "otherwise", "reject") == "pass") route.otherwise = Otherwise::kPass;
    const Value* defaults = section(&map, "defaults", Value::Kind::kMap);
    Value* cases = section(&map, "cases", Value::Kind::kMap);
    for (std::size_t i = 0; cases != nullptr && i < cases->size(); ++i) {
      const std::string inner = path + ".cases." + cases->key(i);
      if (cases->at(i).is_map()) {
        if (defaults != nullptr) fill_up(*defaults, &cases->at(i));
        route.cases.push_back(
            {cases->key(i), plugins_.read("calculator", inner, std::move(cases->at(i)))});
      } else if (cases->at(i).is_null()) {
        faults_->error(cases->key_place(i), inner + ": it is empty", "give it a type:");
      }
    }
    if (cases != nullptr && cases->size() == 0) {
      faults_->error(map.place_of_key("cases"), "route: a route needs at least one case");
    }
    return route;
  }

  void read_sink(const std::string& path, Value map) {
    OptionContext context;
    context.subject = subject_of("sink", text_or(&map, "type", ""));
    SinkSpec sink;
    Value host = take_keys(&map, sink_schema_.property_names);
    check_options(sink_schema_, context, &host, faults_);
    const std::string fallback = text_or(&host, "fallback", "bisect");
    if (fallback == "sequential") sink.fallback = Fallback::kSequential;
    if (fallback == "none") sink.fallback = Fallback::kNone;
    sink.from = text_or(&host, "from", sink.from);
    sink.rate = read_rate(host);
    if (Value* tables = section(&map, "tables", Value::Kind::kMap)) {
      if (host.find("from") != nullptr) {
        faults_->error(host.place_of_key("from"),
                       context.subject + ": \"from\" belongs into each of the tables",
                       "move it below tables:");
      }
      read_tables(context.subject, tables, &sink);
    }
    sink.plugin = plugins_.read("sink", path, std::move(map), sink_schema_.property_names);
    job_.sinks.push_back(std::move(sink));
  }

  // Leaves in `tables` what is the plugin's.
  void read_tables(const std::string& subject, Value* tables, SinkSpec* sink) {
    for (std::size_t i = 0; i < tables->size(); ++i) {
      Value* table = &tables->at(i);
      TableSpec spec;
      spec.table = tables->key(i);
      spec.place = tables->key_place(i);
      if (table->is_null()) {
        const Place place = table->place();
        *table = Value::map();
        table->set_place(place);
      }
      if (table->is_map()) {
        OptionContext context;
        context.subject = subject + ": tables." + spec.table;
        Value host = take_keys(table, table_schema_.property_names);
        check_options(table_schema_, context, &host, faults_);
        spec.from = text_or(&host, "from", spec.from);
        const Value* required = host.find("required");
        if (required != nullptr) spec.required = required->as_bool().value_or(true);
      }
      sink->tables.push_back(std::move(spec));
    }
  }

  // The number under `key`, 0 for "auto"; any other text is a fault.
  std::int64_t number_or_auto(const Value* map, std::string_view key, const std::string& name) {
    const Value* value = map == nullptr ? nullptr : map->find(key);
    if (value == nullptr || !value->is_scalar() || value->faulty()) return 0;
    if (const std::optional<std::int64_t> number = value->as_int()) return *number;
    if (value->text() != "auto") {
      faults_->error(value->place(), name + ": expected a whole number or auto, found the text " +
                                         in_quotes(value->text()));
    }
    return 0;
  }

  void read_chunk() {
    const Value* chunk = root_.find("chunk");
    job_.chunk.rows = number_or_auto(chunk, "rows", "chunk.rows");
    job_.chunk.bytes = bytes(chunk, "bytes").value_or(0);
    job_.chunk.keep_together = text_or(chunk, "keep_together", "");
    job_.chunk.linger_ms = duration(chunk, "linger").value_or(0);
  }

  void read_policies() {
    const Value* retry = root_.find("retry");
    const RetrySpec retries;
    job_.retry.attempts = static_cast<int>(std::clamp<std::int64_t>(
        whole_number(retry, "attempts").value_or(retries.attempts), 1, 1000));
    job_.retry.max_delay_ms = duration(retry, "max_delay").value_or(retries.max_delay_ms);
    job_.retry.initial_delay_ms =
        duration(retry, "initial_delay")
            .value_or(std::min(retries.initial_delay_ms, job_.retry.max_delay_ms));
    if (job_.retry.initial_delay_ms > job_.retry.max_delay_ms) {
      faults_->error(retry->find("initial_delay")->place(),
                     "retry.initial_delay: longer than max_delay (" +
                         std::to_string(job_.retry.max_delay_ms) + "ms)");
    }
    const Value* errors = root_.find("errors");
    double percent = 0;
    if (parse_percent(text_or(errors, "max_failed_percent", ""), &percent)) {
      job_.errors.max_failed_percent = percent;
    }
    if (text_or(errors, "per", "chunk") == "run") job_.errors.per = Per::kRun;
    job_.errors.max_rejects = whole_number(errors, "max_rejects");
    job_.errors.min_rows = whole_number(errors, "min_rows").value_or(0);

    job_.workers = static_cast<int>(
        std::clamp<std::int64_t>(number_or_auto(&root_, "workers", "workers"), 0, 1024));
    job_.memory = bytes(&root_, "memory").value_or(job_.memory);
    job_.rate = read_rate(root_);
    job_.grace_ms = duration(&root_, "grace").value_or(job_.grace_ms);
    const std::string order = text_or(&root_, "order", "auto");
    if (order != "auto") job_.order = order == "source" ? Order::kSource : Order::kAny;
    job_.budget.time_ms = duration(root_.find("budget"), "time");
    job_.budget.rows = whole_number(root_.find("budget"), "rows");
  }

  Value root_;
  Faults* const faults_;
  PluginReader plugins_;
  const OptionSchema sink_schema_ = built_in(kSinkSchema);
  const OptionSchema table_schema_ = built_in(kTableSchema);
  const OptionSchema route_schema_ = built_in(kRouteSchema);
  JobSpec job_;
};

}  // namespace

JobSpec read_job_tree(Value root, const std::string& folder, const SchemaOf& schema_of,
                      Faults* faults) {
  return JobReader(std::move(root), folder, schema_of, faults).read();
}

}  // namespace chunkmill::host
