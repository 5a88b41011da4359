#include "plugins/calculators/sql/lookup_tables.hpp"

#include <algorithm>
#include <new>

#include "plugins/calculators/sql/chunk_table.hpp"

namespace chunkmill::select {
namespace {

using Probe = LookupProbes::Probe;

// The virtual table through which SQLite tells which columns it would like an index on.
namespace probe {

struct ProbeTable : sqlite3_vtab {
  Probe* probe;
};

int connect(sqlite3* db, void* probe, int, const char* const*, sqlite3_vtab** out, char**) {
  const int result = sqlite3_declare_vtab(db, static_cast<Probe*>(probe)->declaration.c_str());
  if (result != SQLITE_OK) return result;
  auto* table = new (std::nothrow) ProbeTable{};
  if (table == nullptr) return SQLITE_NOMEM;
  table->probe = static_cast<Probe*>(probe);
  *out = table;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<ProbeTable*>(table);
  return SQLITE_OK;
}

// Equal columns first, then one that is compared.
IndexWish wish_of(sqlite3_index_info* plan) {
  IndexWish wish;
  std::vector<std::pair<size_t, std::string>> ranges;
  for (int i = 0; i < plan->nConstraint; ++i) {
    const auto& constraint = plan->aConstraint[i];
    if (constraint.usable == 0 || constraint.iColumn < 0) continue;
    const bool is_range = constraint.op == SQLITE_INDEX_CONSTRAINT_GT ||
                          constraint.op == SQLITE_INDEX_CONSTRAINT_GE ||
                          constraint.op == SQLITE_INDEX_CONSTRAINT_LT ||
                          constraint.op == SQLITE_INDEX_CONSTRAINT_LE;
    const bool is_equal =
        constraint.op == SQLITE_INDEX_CONSTRAINT_EQ || constraint.op == SQLITE_INDEX_CONSTRAINT_IS;
    if (!is_range && !is_equal) continue;
    (is_equal ? wish.columns : ranges)
        .emplace_back(static_cast<size_t>(constraint.iColumn), sqlite3_vtab_collation(plan, i));
  }
  std::ranges::sort(wish.columns);
  wish.columns.erase(std::unique(wish.columns.begin(), wish.columns.end()), wish.columns.end());
  for (const auto& range : ranges) {
    if (std::ranges::find(wish.columns, range) != wish.columns.end()) continue;
    wish.columns.push_back(range);
    break;
  }
  constexpr int kLastBit = 63;  // stands for all columns from there on
  if ((plan->colUsed >> kLastBit) != 0) return wish;
  for (size_t column = 0; column < kLastBit; ++column) {
    const bool is_key =
        std::ranges::any_of(wish.columns, [&](const auto& key) { return key.first == column; });
    if ((plan->colUsed >> column & 1) != 0 && !is_key) wish.read.push_back(column);
  }
  return wish;
}

int best_index(sqlite3_vtab* table, sqlite3_index_info* plan) {
  try {
    const Probe& probe = *static_cast<ProbeTable*>(table)->probe;
    IndexWish wish = wish_of(plan);
    plan->estimatedCost = wish.columns.empty() ? 1e6 : 10;
    plan->estimatedRows = wish.columns.empty() ? 1'000'000 : 10;
    wish.lookup = probe.lookup;
    if (!wish.columns.empty()) probe.all->note(std::move(wish));
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = new (std::nothrow) sqlite3_vtab_cursor{};
  return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete cursor;
  return SQLITE_OK;
}

constexpr sqlite3_module make_module() {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = best_index;
  module.xDisconnect = disconnect;
  module.xOpen = open;
  module.xClose = close;
  // Nothing is ever read.
  module.xFilter = [](sqlite3_vtab_cursor*, int, const char*, int, sqlite3_value**) {
    return SQLITE_OK;
  };
  module.xNext = [](sqlite3_vtab_cursor*) { return SQLITE_OK; };
  module.xEof = [](sqlite3_vtab_cursor*) { return 1; };
  module.xColumn = [](sqlite3_vtab_cursor*, sqlite3_context*, int) { return SQLITE_OK; };
  module.xRowid = [](sqlite3_vtab_cursor*, sqlite3_int64*) { return SQLITE_OK; };
  return module;
}
constexpr sqlite3_module kModule = make_module();

}  // namespace probe

void create_table(MemoryDatabase& db, const Lookup& lookup) {
  const std::string table = quoted_name(lookup.name);
  db.run("CREATE TABLE " + table + " (" + column_definitions(lookup.table.schema()) + ")");
  ChunkTable rows(db, "rows of " + lookup.name, lookup.table.schema());
  {
    const StatementPtr insert = db.prepare("INSERT INTO " + table + " SELECT * FROM " +
                                           quoted_name("rows of " + lookup.name));
    for (size_t i = 0; i < lookup.table.batch_count(); ++i) {
      rows.show(lookup.table.batch(i));
      if (sqlite3_step(insert.get()) != SQLITE_DONE)
        throw Error(CM_INVALID, "lookup \"" + lookup.name + "\", record " +
                                    std::to_string(rows.row() + 1) + ": " +
                                    sqlite3_errmsg(db.get()))
            .at("lookups");
      sqlite3_reset(insert.get());
    }
  }
  // No table may outlive its rows.
  sqlite3_drop_modules(db.get(), nullptr);
}

}  // namespace

LookupProbes::LookupProbes(MemoryDatabase& db, const std::vector<Lookup>& lookups) {
  for (size_t i = 0; i < lookups.size(); ++i) {
    Probe& probe = probes_.emplace_back(Probe{
        this, i, "CREATE TABLE rows (" + column_definitions(lookups[i].table.schema()) + ")"});
    if (sqlite3_create_module_v2(db.get(), lookups[i].name.c_str(), &probe::kModule, &probe,
                                 nullptr) != SQLITE_OK)
      db.fail("making the table of a lookup");
  }
}

void LookupProbes::note(IndexWish wish) {
  constexpr size_t kEnough = 64;
  if (wishes_.size() < kEnough) wishes_.insert(std::move(wish));
}

LookupTables::LookupTables(const std::vector<Lookup>& lookups, const IndexWishes& wishes) {
  MemoryDatabase db;
  db.run("BEGIN");
  for (const Lookup& lookup : lookups) create_table(db, lookup);
  size_t number = 0;
  for (const IndexWish& wish : wishes) {
    const Lookup& lookup = lookups[wish.lookup];
    std::string columns;
    for (const auto& [column, collation] : wish.columns)
      columns += (columns.empty() ? "" : ", ") + quoted_name(lookup.table.schema()[column].name) +
                 " COLLATE " + quoted_name(collation);
    for (const size_t column : wish.read)
      columns += ", " + quoted_name(lookup.table.schema()[column].name);
    db.run("CREATE INDEX " + quoted_name("index " + std::to_string(++number)) + " ON " +
           quoted_name(lookup.name) + " (" + columns + ")");
  }
  db.run("COMMIT");
  image_.reset(sqlite3_serialize(db.get(), "main", &size_, 0));
  if (image_ == nullptr) throw std::bad_alloc();
}

void LookupTables::attach(MemoryDatabase& db) const {
  if (sqlite3_deserialize(db.get(), "main", image_.get(), size_, size_,
                          SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    db.fail("reading the lookups");
  // Pages are read where they lie, not copied into every lane's cache.
  db.run("PRAGMA mmap_size = " + std::to_string(size_));
}

}  // namespace chunkmill::select
