// The SQLite sink against a bare loop that binds ready-made rows to a prepared INSERT of 100 rows:
// the same rows, the same table and settings, 10,000 rows a transaction, in turns. Prints the
// medians of rows a second by the clock and by processor time, and their ratio.
//
// usage: bench_sqlite_write [ROUNDS [ROWS]]
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/format.hpp"
#include "chunkmill/testing/sink_run.hpp"
#include "plugins/databases/sqlite/sink.hpp"

namespace {

using namespace chunkmill;
using namespace chunkmill::sqlite;

constexpr int64_t kChunkRows = 10'000;
constexpr int64_t kStatementRows = 100;
constexpr const char* kFile = "bench_sqlite_write.db";

struct Setting {
  const char* name;
  const char* synchronous;
  std::vector<std::string> key;
};

Schema result_schema() {
  return Schema{{Field{"id", Type::kInt64, false}, Field{"supplier_id"}, Field{"naics_code"},
                 Field{"spend", Type::kFloat64}, Field{"kgco2e", Type::kFloat64}, Field{"method"},
                 Field{"category", Type::kInt32}, Field{"spend_date", Type::kDate32}}};
}

UniqueArray make_chunk(const Schema& schema, int64_t first) {
  BatchBuilder out(schema);
  for (int64_t i = first; i < first + kChunkRows; ++i) {
    out[0].append(i);
    out[1].append(std::string_view("S" + std::to_string(1'000'000 + i)));
    out[2].append(std::string_view(std::to_string(111'110 + i % 1016 * 866)));
    out[3].append(static_cast<double>(i % 50'000) * 0.37);
    out[4].append(static_cast<double>(i % 50'000) * 0.0011);
    out[5].append(std::string_view(i % 3 == 0 ? "average_data" : "spend_based"));
    out[6].append(static_cast<int32_t>(i % 15 + 1));
    out[7].append(Date{static_cast<int32_t>(19'000 + i % 700)});
  }
  UniqueArray array;
  out.finish(array.get());
  return array;
}

void must(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "bench_sqlite_write: %s failed\n", what);
  std::exit(70);
}

void remove_files() {
  for (const char* suffix : {"", "-wal", "-shm"}) unlink((std::string(kFile) + suffix).c_str());
}

struct Times {
  double clock = 0;
  double processor = 0;
};

template <typename F>
Times timed(F&& work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t used = std::clock();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC};
}

std::string create_sql(const Setting& setting) {
  std::string key;
  for (const std::string& column : setting.key) key += (key.empty() ? "" : ", ") + column;
  return "CREATE TABLE results (id INTEGER NOT NULL, supplier_id TEXT, naics_code TEXT, spend "
         "REAL, kgco2e REAL, method TEXT, category INTEGER, spend_date TEXT" +
         (key.empty() ? "" : ", PRIMARY KEY (" + key + ")") + ")";
}

Times run_sink(const Setting& setting, const Schema& schema,
               const std::vector<UniqueArray>& chunks) {
  remove_files();
  testing::SinkRun run(
      testing::sink_api<SqliteSink>(),
      {{"path", kFile}, {"synchronous", setting.synchronous}, {"table", "results"}});
  {
    sqlite3* db = nullptr;
    must(sqlite3_open(kFile, &db) == SQLITE_OK, "open");
    must(sqlite3_exec(db, create_sql(setting).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
         "create");
    sqlite3_close(db);
  }
  must(run.start(schema).ok(), "start");
  return timed([&] {
    for (size_t i = 0; i < chunks.size(); ++i) {
      testing::TestChunk chunk;
      chunk.sequence = i;
      chunk.begin = i == 0 ? "" : std::to_string(i - 1);
      chunk.end = std::to_string(i);
      must(run.begin(chunk).ok(), "begin");
      must(run.write(chunks[i].get()).ok(), "write");
      must(run.commit().ok(), "commit");
    }
  });
}

sqlite3_stmt* prepare_insert(sqlite3* db) {
  std::string sql = "INSERT INTO results VALUES ";
  for (int64_t row = 0; row < kStatementRows; ++row)
    sql += row == 0 ? "(?,?,?,?,?,?,?,?)" : ",(?,?,?,?,?,?,?,?)";
  sqlite3_stmt* statement = nullptr;
  must(sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) ==
           SQLITE_OK,
       "prepare");
  return statement;
}

// Dates are text here before the clock starts: rows are ready-made.
Times run_bare(const Setting& setting, const std::vector<UniqueArray>& chunks) {
  remove_files();
  std::vector<std::string> dates(700);
  for (int32_t i = 0; i < 700; ++i) append_date32(&dates[static_cast<size_t>(i)], 19'000 + i);
  sqlite3* db = nullptr;
  must(sqlite3_open(kFile, &db) == SQLITE_OK, "open");
  const auto run = [&](const std::string& sql) {
    must(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, sql.c_str());
  };
  run("PRAGMA journal_mode = wal");
  run(std::string("PRAGMA synchronous = ") + setting.synchronous);
  run(create_sql(setting));
  sqlite3_stmt* const insert = prepare_insert(db);
  const Times times = timed([&] {
    for (const UniqueArray& chunk : chunks) {
      run("BEGIN");
      const auto** children = const_cast<const ArrowArray**>(chunk->children);
      const ColumnView<int64_t> id(*children[0], 0);
      const ColumnView<std::string_view> supplier(*children[1], 0), naics(*children[2], 0),
          method(*children[5], 0);
      const ColumnView<double> spend(*children[3], 0), kgco2e(*children[4], 0);
      const ColumnView<int32_t> category(*children[6], 0);
      const ColumnView<Date> date(*children[7], 0);
      int parameter = 1;
      const auto bind_text = [&](std::string_view text) {
        sqlite3_bind_text(insert, parameter++, text.data(), static_cast<int>(text.size()),
                          SQLITE_STATIC);
      };
      for (int64_t row = 0; row < kChunkRows; ++row) {
        sqlite3_bind_int64(insert, parameter++, id[row]);
        bind_text(supplier[row]);
        bind_text(naics[row]);
        sqlite3_bind_double(insert, parameter++, spend[row]);
        sqlite3_bind_double(insert, parameter++, kgco2e[row]);
        bind_text(method[row]);
        sqlite3_bind_int(insert, parameter++, category[row]);
        bind_text(dates[static_cast<size_t>(date[row].days - 19'000)]);
        if ((row + 1) % kStatementRows != 0) continue;
        must(sqlite3_step(insert) == SQLITE_DONE, "insert");
        sqlite3_reset(insert);
        parameter = 1;
      }
      run("COMMIT");
    }
  });
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return times;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  const int64_t rows = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
  const Schema schema = result_schema();
  std::vector<UniqueArray> chunks;
  for (int64_t row = 0; row + kChunkRows <= rows; row += kChunkRows)
    chunks.push_back(make_chunk(schema, row));
  const auto total = static_cast<double>(chunks.size()) * static_cast<double>(kChunkRows);

  const Setting settings[] = {{"no key, normal", "normal", {}},
                              {"no key, full", "full", {}},
                              {"integer key, normal", "normal", {"id"}},
                              {"text keys, normal", "normal", {"supplier_id", "category"}}};
  std::printf("%-22s %12s %12s %7s %14s %14s %7s\n", "k rows/s", "bare", "sink", "ratio",
              "bare, CPU", "sink, CPU", "ratio");
  for (const Setting& setting : settings) {
    std::vector<double> bare, bare_cpu, sink, sink_cpu;
    for (int round = 0; round < rounds; ++round) {
      const Times a = run_bare(setting, chunks);
      const Times b = run_sink(setting, schema, chunks);
      bare.push_back(total / a.clock / 1000);
      bare_cpu.push_back(total / a.processor / 1000);
      sink.push_back(total / b.clock / 1000);
      sink_cpu.push_back(total / b.processor / 1000);
    }
    std::printf("%-22s %12.0f %12.0f %7.2f %14.0f %14.0f %7.2f\n", setting.name, median(bare),
                median(sink), median(sink) / median(bare), median(bare_cpu), median(sink_cpu),
                median(sink_cpu) / median(bare_cpu));
  }
  remove_files();
  return 0;
}
