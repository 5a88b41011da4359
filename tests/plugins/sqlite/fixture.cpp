#include "fixture.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>

namespace chunkmill::sqlite {
namespace {

const cm_sink_api& api() { return chunkmill::detail::SinkAdapter<SqliteSink>::kApi; }

const OptionTree* tree(const void* node) { return static_cast<const OptionTree*>(node); }

void append(void* to, const void* data, size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
}

template <typename F>
Answer ask(F&& call) {
  cm_error error = empty_error();
  Answer answer;
  answer.code = call(&error);
  answer.retryable = error.retryable != 0;
  answer.vendor = error.vendor_code;
  answer.row = error.row;
  answer.where = error.where;
  answer.message = error.message;
  return answer;
}

}  // namespace

cm_options options_of(const OptionTree& root) {
  cm_options options{};
  options.struct_size = sizeof options;
  options.root = &root;
  options.kind = [](const void* node) { return tree(node)->kind; };
  options.size = [](const void* node) { return tree(node)->entries.size(); };
  options.at = [](const void* node, size_t i) -> const void* {
    return &tree(node)->entries[i].second;
  };
  options.key = [](const void* node, size_t i, cm_str* out) {
    *out = to_abi(tree(node)->entries[i].first);
    return 1;
  };
  options.find = [](const void* node, cm_str key) -> const void* {
    for (const auto& [name, value] : tree(node)->entries)
      if (name == from_abi(key)) return &value;
    return nullptr;
  };
  options.as_bool = [](const void* node, int32_t* out) {
    *out = tree(node)->text == "true" ? 1 : 0;
    return *out != 0 || tree(node)->text == "false" ? 1 : 0;
  };
  options.as_int = [](const void*, int64_t*) { return 0; };
  options.as_float = [](const void*, double*) { return 0; };
  options.as_string = [](const void* node, cm_str* out) {
    *out = to_abi(tree(node)->text);
    return tree(node)->kind == CM_STRING ? 1 : 0;
  };
  return options;
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "chunkmill_sqlite_XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Database::Database(const std::string& path) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  db_.reset(db);
}

void Database::run(const std::string& sql) {
  INFO(sql);
  const int result = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  INFO(sqlite3_errmsg(db_.get()));
  REQUIRE(result == SQLITE_OK);
}

std::string Database::rows(const std::string& sql) {
  INFO(sql);
  std::string out;
  const auto add = [](void* to, int count, char** values, char**) {
    auto& text = *static_cast<std::string*>(to);
    for (int i = 0; i < count; ++i) {
      if (i > 0) text += "|";
      text += values[i] == nullptr ? "(null)" : values[i];
    }
    text += "\n";
    return 0;
  };
  const int result = sqlite3_exec(db_.get(), sql.c_str(), add, &out, nullptr);
  INFO(sqlite3_errmsg(db_.get()));
  REQUIRE(result == SQLITE_OK);
  return out;
}

Driver::Driver(OptionTree options) : tree_(std::move(options)) {
  host_.struct_size = sizeof host_;
  host_.log_enabled = [](void*, int32_t) { return 0; };
  host_.log = [](void*, int32_t, cm_str) {};
  host_.metric = [](void*, int32_t, cm_str, double) {};
  host_.cancelled = [](void*) { return 0; };
  const cm_options values = options_of(tree_);
  created = ask([&](cm_error* error) { return api().create(&host_, &values, &sink_, error); });
}

Driver::~Driver() {
  close();
  if (sink_ != nullptr) api().destroy(sink_);
}

Answer Driver::bind(const std::vector<SinkStream>& streams) {
  INFO(created.message);
  REQUIRE(created.code == CM_OK);
  std::vector<UniqueSchema> schemas;
  for (const SinkStream& stream : streams) schemas.push_back(stream.schema.to_arrow());
  std::vector<cm_sink_stream> wired;
  for (size_t i = 0; i < streams.size(); ++i)
    wired.push_back({sizeof(cm_sink_stream), 0, to_abi(streams[i].name), schemas[i].get()});
  cm_sink_abilities abilities{};
  abilities.struct_size = sizeof abilities;
  return ask([&](cm_error* error) {
    return api().bind(sink_, wired.data(), static_cast<uint32_t>(wired.size()), &abilities, error);
  });
}

Answer Driver::check() {
  return ask([&](cm_error* error) { return api().check(sink_, error); });
}

cm_run Driver::run_of(const std::string& run, uint64_t epoch) const {
  return {sizeof(cm_run), 0, to_abi("job"), to_abi(run), to_abi("print"), to_abi("me"), epoch};
}

Answer Driver::attach(const std::string& run, uint64_t epoch) {
  run_ = run;
  epoch_ = epoch;
  const cm_run abi = run_of(run_, epoch_);
  return ask([&](cm_error* error) { return api().attach(sink_, &abi, error); });
}

Answer Driver::ledger(std::string* text) {
  const cm_out out{text, append};
  return ask([&](cm_error* error) { return api().ledger(sink_, to_abi("job"), &out, error); });
}

Answer Driver::committed(const std::string& of, cm_split_state* state, std::string* position) {
  cm_split_state own{};
  own.struct_size = sizeof own;
  std::string ignored;
  const cm_out out{position == nullptr ? &ignored : position, append};
  return ask([&](cm_error* error) {
    return api().committed(sink_, to_abi(of), state == nullptr ? &own : state, &out, error);
  });
}

Answer Driver::open() {
  close();
  return ask([&](cm_error* error) { return api().open(sink_, &lane_, error); });
}

Answer Driver::begin(uint64_t sequence, const std::string& from, const std::string& to, bool last) {
  const cm_chunk chunk{
      sizeof(cm_chunk), 1,          sequence,    epoch_, to_abi("job"), to_abi(run_), to_abi(split),
      to_abi(from),     to_abi(to), last ? 1 : 0};
  return ask([&](cm_error* error) { return api().begin(lane_, &chunk, error); });
}

Answer Driver::write(const ArrowArray* batch, uint32_t stream) {
  bad_rows.clear();
  const cm_row_errors errors{
      &bad_rows, [](void* to, const cm_row_error* error) {
        static_cast<std::vector<BadRow>*>(to)->push_back(
            {error->row, std::string(from_abi(error->code)), std::string(from_abi(error->column)),
             std::string(from_abi(error->message))});
      }};
  return ask([&](cm_error* error) { return api().write(lane_, stream, batch, &errors, error); });
}

Answer Driver::commit(uint64_t rows) {
  const cm_counts counts{sizeof(cm_counts), 0, rows, rows, 0, 0};
  return ask([&](cm_error* error) { return api().commit(lane_, &counts, error); });
}

void Driver::abort() { api().abort(lane_); }

void Driver::close() {
  if (lane_ != nullptr) api().close(lane_);
  lane_ = nullptr;
}

Answer Driver::finish() {
  const cm_run abi = run_of(run_, epoch_);
  return ask([&](cm_error* error) { return api().finish(sink_, &abi, error); });
}

void Driver::interrupt() { api().interrupt(sink_); }

Answer Driver::start(const Schema& schema, const std::string& run, uint64_t epoch) {
  Answer answer = bind({{"main", schema}});
  if (answer.code == CM_OK) answer = attach(run, epoch);
  if (answer.code == CM_OK) answer = open();
  return answer;
}

Answer Driver::chunk(uint64_t sequence, const ArrowArray* batch, bool last) {
  const std::string from = sequence == 0 ? "" : "at " + std::to_string(sequence);
  Answer answer = begin(sequence, from, "at " + std::to_string(sequence + 1), last);
  if (answer.code != CM_OK) return answer;
  answer = write(batch);
  if (answer.code == CM_OK) answer = commit(static_cast<uint64_t>(batch->length));
  if (answer.code != CM_OK) abort();
  return answer;
}

Schema people() {
  return Schema{{Field{"id", Type::kInt64, false}, Field{"name", Type::kUtf8, true}}};
}

UniqueArray people_rows(const std::vector<std::pair<int64_t, const char*>>& rows) {
  return batch_of(people(), [&](BatchBuilder& builder) {
    for (const auto& [id, name] : rows) {
      builder[0].append(id);
      if (name == nullptr) {
        builder[1].append_null();
      } else {
        builder[1].append(std::string_view(name));
      }
    }
  });
}

}  // namespace chunkmill::sqlite
