// A job from a C++ program, over the plugins of tests/faults.
#include "framework/run/job_run.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace chunkmill::host {
namespace {

class TempFolder {
 public:
  TempFolder() {
    std::string name = std::filesystem::temp_directory_path() / "chunkmill-run-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }

  std::string job(const std::string& extra = "") const {
    std::ofstream(path_ / "job.yaml") << "job: small\n"
                                         "source: {type: faulty, rows: 100, splits: 3}\n"
                                         "calculators: [{type: faulty, reject_every: 50}]\n"
                                         "sinks: [{type: faulty, path: out.txt}]\n"
                                         "chunk: {rows: 10}\n"
                                      << extra;
    return path_ / "job.yaml";
  }
  int64_t rows_written() const {
    std::ifstream file(path_ / "out.txt");
    int64_t rows = 0;
    for (std::string line; std::getline(file, line);) rows += line.starts_with("row\t") ? 1 : 0;
    return rows;
  }

 private:
  std::filesystem::path path_;
};

JobRunOptions options(size_t queued_chunks = 4) {
  JobRunOptions out;
  out.session.plugin_folders = {CHUNKMILL_BUILD_DIR "/tests/faults/plugins"};
  out.session.log.level = LogLevel::kOff;
  out.queued_chunks = queued_chunks;
  return out;
}

TEST_CASE("job run: chunks come with index, counts, sums and the batches that were written",
          "[run]") {
  const TempFolder folder;
  Result<std::unique_ptr<JobRun>> run = JobRun::start(folder.job(), options());
  REQUIRE(run.ok());

  int64_t index = 0;
  int64_t rows = 0;
  double sum = 0;
  while (std::optional<ChunkResult> chunk = (*run)->next_chunk()) {
    CHECK(chunk->report.chunk_index == index++);
    CHECK(chunk->report.chunk_size == chunk->report.successful + chunk->report.failed);
    REQUIRE(chunk->streams.size() == 1);
    int64_t batch_rows = 0;
    for (const Batch& batch : chunk->batches[0]) batch_rows += batch.row_count();
    // One sink, row for row: the bad rows are cut out by the calculation.
    CHECK(batch_rows == chunk->report.successful);
    for (const auto& [name, value] : chunk->report.sums)
      if (name == "amount_sum") sum += value;
    rows += chunk->report.successful;
  }
  const RunOutcome outcome = (*run)->finish();

  CHECK(outcome.end == RunEnd::kPartialSuccess);
  CHECK(rows == 294);
  CHECK(outcome.totals.successful == 294);
  CHECK(outcome.totals.failed == 6);
  CHECK(outcome.totals.adds_up());
  CHECK(folder.rows_written() == 294);
  // All 300 amounts, as this calculator counts the rows it rejects.
  CHECK(sum == Approx(300 * 299 / 2 + 300 * 0.25));
}

TEST_CASE("job run: who takes no chunks holds the run up", "[run]") {
  const TempFolder folder;
  Result<std::unique_ptr<JobRun>> run = JobRun::start(folder.job("workers: 2\n"), options(1));
  REQUIRE(run.ok());

  int64_t taken = 0;
  while ((*run)->next_chunk()) {
    ++taken;
    // One that was taken, one that is queued, one that waits to be, and one more for each worker
    // that came past its commit.
    CHECK(folder.rows_written() <= (taken + 4) * 10);
  }
  (*run)->finish();

  CHECK(folder.rows_written() == 294);
}

TEST_CASE("job run: to let it go cancels it, and another one goes on behind it", "[run]") {
  const TempFolder folder;
  const std::string job = folder.job();
  {
    Result<std::unique_ptr<JobRun>> run = JobRun::start(job, options(1));
    REQUIRE(run.ok());
    REQUIRE((*run)->next_chunk());
  }
  const int64_t before = folder.rows_written();
  CHECK(before < 294);

  Result<std::unique_ptr<JobRun>> run = JobRun::start(job, options());
  REQUIRE(run.ok());
  const RunOutcome outcome = (*run)->finish();

  CHECK(outcome.resumed);
  CHECK(outcome.totals.successful == 294);
  CHECK(folder.rows_written() == 294);
}

TEST_CASE("job run: a finished job has nothing to give", "[run]") {
  const TempFolder folder;
  const std::string job = folder.job();
  {
    Result<std::unique_ptr<JobRun>> run = JobRun::start(job, options());
    REQUIRE(run.ok());
    (*run)->finish();
  }

  Result<std::unique_ptr<JobRun>> run = JobRun::start(job, options());
  REQUIRE(run.ok());

  CHECK_FALSE((*run)->next_chunk());
  CHECK((*run)->finish().end == RunEnd::kUpToDate);
}

TEST_CASE("job run: a job file that is wrong is said with its line", "[run]") {
  const TempFolder folder;

  const Result<std::unique_ptr<JobRun>> run = JobRun::start(folder.job("wrokers: 2\n"), options());

  REQUIRE_FALSE(run.ok());
  CHECK(run.status().code() == Code::kJob);
  CHECK(run.status().message().find(":6:1") != std::string::npos);
  CHECK(run.status().message().find("workers") != std::string::npos);
}

}  // namespace
}  // namespace chunkmill::host
