// How fast the csv source reads: rows of about 60 bytes with seven columns, one of them a number,
// into Arrow batches, on one core; CPU time, so that other work on the machine does not count.
// Usage: csv_parse [rows] [runs] [plain|quoted|accented]
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "plugins/sources/csv/split_lane.hpp"
#include "plugins/sources/csv/split_plan.hpp"

namespace {

using namespace chunkmill;
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void write_rows(const std::string& path, size_t rows, const std::string& kind) {
  std::mt19937 random(1);
  const char* countries[] = {"DE", "US", "FR", "CN", "BR"};
  const char* currencies[] = {"EUR", "USD", "CNY", "BRL"};
  const std::string quote = kind == "quoted" ? "\"" : "";
  const std::string name = kind == "accented" ? "Zuliéférer" : "Supplier";
  std::string text = "supplier_id,name,country,category,spend,currency,date\n";
  std::ofstream file(path, std::ios::binary);
  char line[256];
  for (size_t i = 0; i < rows; ++i) {
    const int size = std::snprintf(
        line, sizeof line, "S%07zu,%s%s %u%s,%s,%u,%u.%02u,%s,2024-%02u-%02u\n", i, quote.c_str(),
        name.c_str(), static_cast<unsigned>(random() % 100000), quote.c_str(),
        countries[random() % 5], static_cast<unsigned>(311111 + random() % 400000),
        static_cast<unsigned>(random() % 100000), static_cast<unsigned>(random() % 100),
        currencies[random() % 4], static_cast<unsigned>(1 + random() % 12),
        static_cast<unsigned>(1 + random() % 28));
    text.append(line, static_cast<size_t>(size));
    if (text.size() > (1U << 20)) {
      file << text;
      text.clear();
    }
  }
  file << text;
}

class NoErrors {
 public:
  static void report(void*, const cm_row_error* error) {
    std::fprintf(stderr, "line %ld: %.*s\n", static_cast<long>(error->line),
                 static_cast<int>(error->message.size), error->message.data);
    std::exit(1);
  }
};

size_t read_all(const csv::CsvOptions& options, const csv::CsvFile& file,
                const std::vector<csv::OutputColumn>& columns) {
  csv::SplitLane lane({options, file, columns},
                      csv::open_text_of(file, options, file.data.offset, file.facts.size),
                      file.data);
  const cm_row_errors sink{nullptr, NoErrors::report};
  RowErrors errors(&sink);
  size_t rows = 0;
  while (true) {
    UniqueArray batch;
    if (!lane.next({10'000, 0, 0}, batch.get(), errors)) return rows;
    rows += static_cast<size_t>(batch->length);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 5'000'000;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
  const std::string kind = argc > 3 ? argv[3] : "plain";
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("chunkmill-csv-bench-" + std::to_string(getpid()) + ".csv"))
                               .string();
  write_rows(path, rows, kind);

  csv::CsvOptions options;
  options.paths = {path};
  const csv::CsvFile file = csv::inspect(path, options);
  std::vector<csv::OutputColumn> columns;
  for (const std::string& name : file.names) {
    Field field;
    field.name = name;
    if (name == "spend") field.type = Type::kFloat64;
    columns.push_back({field, {}});
  }
  std::vector<double> times;
  std::vector<double> plan_times;
  for (int i = 0; i < runs; ++i) {
    double start = cpu_seconds();
    csv::find_cuts({path, file.data, file.facts.size, csv::part_bytes(file.facts.size), 1},
                   options.dialect, csv::best_scanner(), [] { return false; });
    plan_times.push_back(cpu_seconds() - start);
    start = cpu_seconds();
    if (read_all(options, file, columns) != rows) return 1;
    times.push_back(cpu_seconds() - start);
  }
  std::filesystem::remove(path);
  std::sort(times.begin(), times.end());
  std::sort(plan_times.begin(), plan_times.end());
  const double median = times[times.size() / 2];
  const double plan = plan_times[plan_times.size() / 2];
  const auto bytes = static_cast<double>(file.facts.size);
  std::printf("%s: %zu rows of %.1f bytes\n", kind.c_str(), rows,
              bytes / static_cast<double>(rows));
  std::printf("read   %8.3f s  %6.2f M rows/s  %5.2f GB/s  %5.1f ns/row\n", median,
              static_cast<double>(rows) / median / 1e6, bytes / median / 1e9,
              median / static_cast<double>(rows) * 1e9);
  std::printf("cut    %8.3f s  %33.2f GB/s\n", plan, bytes / plan / 1e9);
}
