// Runs a job from a C++ program and takes its chunks one by one, while the job goes on behind it.
//   chunks JOB [PLUGIN_FOLDER]
#include <cstdio>

#include "framework/run/job_run.hpp"

using chunkmill::host::Batch;
using chunkmill::host::ChunkResult;
using chunkmill::host::JobRun;
using chunkmill::host::JobRunOptions;

// The sum of a column of doubles over all batches of the main stream.
static double sum_of(const ChunkResult& chunk, const char* column) {
  const int index = chunk.streams[0].schema->find(column);
  double sum = 0;
  for (const Batch& batch : chunk.batches[0])
    for (int64_t row = 0; index >= 0 && row < batch.row_count(); ++row)
      sum += batch.column(static_cast<size_t>(index)).value<double>(row);
  return sum;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: chunks JOB [PLUGIN_FOLDER]\n");
    return 64;
  }
  JobRunOptions options;
  if (argc > 2) options.session.plugin_folders.push_back(argv[2]);
  auto run = JobRun::start(argv[1], options);
  if (!run.ok()) {
    std::fprintf(stderr, "%s\n", run.status().message().c_str());
    return 78;
  }
  double total = 0;
  while (auto chunk = (*run)->next_chunk()) {
    const double kilograms = sum_of(*chunk, "emissions_kgco2e");
    total += kilograms;
    std::printf("chunk %lld of %s: %lld rows, %lld rejected, %.1f kg CO2e\n",
                static_cast<long long>(chunk->report.chunk_index), chunk->report.split.c_str(),
                static_cast<long long>(chunk->report.successful),
                static_cast<long long>(chunk->report.failed), kilograms);
  }
  const auto outcome = (*run)->finish();
  if (!outcome.failure.ok()) std::fprintf(stderr, "%s\n", outcome.failure.message().c_str());
  std::printf("%s: %lld rows written, %.1f kg CO2e\n", outcome.totals.status.c_str(),
              static_cast<long long>(outcome.totals.successful), total);
  return outcome.failure.ok() ? 0 : 70;
}
