// ChunkSize: how many rows the next chunk may have.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "framework/job/spec.hpp"

namespace chunkmill::host {

// Fixed, or adapting: additive increase while a commit costs a good part of the time and stays
// below the target latency, multiplicative decrease when it takes too long or the sink says 'too
// large', whose size is not tried again. Starts at 10,000 rows, the knee of bulk loading.
// Threads: any; the numbers are hints, so relaxed atomics do.
class ChunkSize {
 public:
  ChunkSize(const ChunkSpec& spec, int64_t memory, int workers)
      : fixed_(spec.rows > 0),
        max_bytes_(spec.bytes > 0 ? spec.bytes
                                  : std::max<int64_t>(memory / (int64_t{workers} * 8), 64 << 10)),
        output_bytes_(std::max<int64_t>(memory / (int64_t{workers} * 2), 1 << 20)),
        rows_(spec.rows > 0 ? spec.rows : kFirst) {}

  int64_t rows() const { return rows_.load(std::memory_order_relaxed); }
  // Of the batch that is read; output and in-flight copies are what the rest of `memory` is for.
  int64_t max_bytes() const { return max_bytes_; }
  // Of what the calculators may make of a batch before it goes to the sinks.
  size_t output_bytes() const { return static_cast<size_t>(output_bytes_); }

  void committed(int64_t rows, double commit_seconds, double time_seconds) {
    if (fixed_ || rows != this->rows()) return;  // says nothing of a chunk of this size
    if (commit_seconds > 2 * kTargetSeconds) {
      halve(this->rows());
    } else if (commit_seconds < kTargetSeconds && commit_seconds > 0.2 * time_seconds) {
      rows_.store(std::min(this->rows() + kStep, most()), std::memory_order_relaxed);
    }
  }
  // Rows of which calculators made more than is held at a time: sinks that keep a chunk until its
  // commit are to get less at a time.
  void made(int64_t rows, int64_t bytes) {
    if (fixed_ || bytes <= output_bytes_) return;
    const double fitting =
        static_cast<double>(rows) * static_cast<double>(output_bytes_) / static_cast<double>(bytes);
    rows_.store(std::clamp<int64_t>(static_cast<int64_t>(fitting), 1, this->rows()),
                std::memory_order_relaxed);
  }
  // A sink did not take as many at once.
  void too_large(int64_t rows) {
    if (fixed_) return;
    most_.store(std::clamp<int64_t>(rows - 1, 1, most()), std::memory_order_relaxed);
    halve(rows);
  }

 private:
  static constexpr int64_t kFirst = 10'000;
  static constexpr int64_t kStep = 1'000;
  static constexpr int64_t kMost = 20'000;
  static constexpr double kTargetSeconds = 0.5;

  int64_t most() const { return most_.load(std::memory_order_relaxed); }
  // Chunks of one size that fail together halve it once.
  void halve(int64_t rows) {
    rows_.store(std::min(this->rows(), std::max<int64_t>(rows / 2, 1)), std::memory_order_relaxed);
  }

  const bool fixed_;
  const int64_t max_bytes_;
  const int64_t output_bytes_;
  std::atomic<int64_t> rows_;
  std::atomic<int64_t> most_{kMost};
};

}  // namespace chunkmill::host
