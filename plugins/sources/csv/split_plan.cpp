#include "split_plan.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>

#include "chunkmill/files/input.hpp"
#include "chunkmill/mutex.hpp"

namespace chunkmill::csv {
namespace {

// Follows quotes and lines over a part of the file.
class Walk {
 public:
  Walk(const CutRequest& request, const files::OpenFile& file, const Dialect& dialect,
       const Scanner& scanner, const std::function<bool()>& cancelled)
      : request_(request),
        file_(file),
        dialect_(dialect),
        scanner_(scanner),
        cancelled_(cancelled),
        block_(std::max<size_t>(request.block_bytes, 2) + kScanPadding) {}

  void start(uint64_t at, ScanMode mode) {
    at_ = at;
    state_ = ScanState{mode, false, 0};
  }
  uint64_t at() const { return at_; }
  uint64_t lines() const { return state_.lines; }
  bool saw_quote() const { return saw_quote_; }
  bool in_quotes() const { return state_.mode == ScanMode::kQuoted; }

  // Goes on to `to`, which must not be behind a CR; no further than a quote, if that is asked.
  void walk_to(uint64_t to, bool until_quote) {
    while (at_ < to && !(until_quote && saw_quote_)) {
      const size_t size = load(to - at_);
      at_ += scanner_.track(dialect_, block_.data(), size, at_ + size == request_.end, &state_);
    }
  }
  // Goes on to the end of the record in hand; false if the file ends before it does.
  bool finish_record() {
    while (at_ < request_.end) {
      const size_t size = load(request_.end - at_);
      at_ += scanner_.finish_record(dialect_, block_.data(), size, at_ + size == request_.end,
                                    &state_);
      if (state_.mode == ScanMode::kRecordStart) return true;
    }
    return false;
  }
  char byte_at(uint64_t offset) {
    char byte = '\0';
    read_exactly(offset, &byte, 1);
    return byte;
  }

 private:
  // Loads up to `wanted` bytes from where it stands.
  size_t load(uint64_t wanted) {
    if (cancelled_()) throw Error(CM_CANCELLED, "interrupted while " + request_.path + " was cut");
    const uint64_t left = request_.end - at_;
    const uint64_t size = std::min<uint64_t>({wanted, left, block_.size() - kScanPadding});
    read_exactly(at_, block_.data(), static_cast<size_t>(size));
    if (dialect_.has_quote && !saw_quote_)
      saw_quote_ = std::memchr(block_.data(), dialect_.quote, size) != nullptr;
    return static_cast<size_t>(size);
  }

  void read_exactly(uint64_t offset, char* to, size_t size) {
    if (files::read_at(file_, request_.path, offset, to, size) < size)
      throw Error(CM_IO, request_.path + " became shorter while it was read").at(request_.path);
  }

  const CutRequest& request_;
  const files::OpenFile& file_;
  const Dialect& dialect_;
  const Scanner& scanner_;
  const std::function<bool()>& cancelled_;
  std::vector<char> block_;
  uint64_t at_ = 0;
  ScanState state_;
  bool saw_quote_ = false;
};

// What one stretch of the file, between two grid points, holds if there is no quote in it.
struct Stretch {
  uint64_t begin = 0;
  std::optional<Place>
      cut;  // the first record that begins in it; its line counts from 0 at `begin`
  uint64_t lines = 0;
};

class CutFinder {
 public:
  CutFinder(const CutRequest& request, const Dialect& dialect, const Scanner& scanner,
            const std::function<bool()>& cancelled)
      : request_(request),
        dialect_(dialect),
        scanner_(scanner),
        cancelled_(cancelled),
        file_(files::open_for_reading(request.path)) {
    Walk walk = new_walk();
    stretches_.push_back({request_.begin.offset, {}, 0});
    for (uint64_t point = request_.begin.offset + request_.target_bytes; point < request_.end;
         point += request_.target_bytes) {
      // Not behind a CR, so that no CR LF is cut in two.
      uint64_t at = point;
      while (at > stretches_.back().begin && walk.byte_at(at - 1) == '\r') --at;
      if (at > stretches_.back().begin) stretches_.push_back({at, {}, 0});
    }
    first_quoted_ = stretches_.size();
  }

  CutPlan run() {
    measure_all();
    CutPlan plan;
    plan.parts.push_back(request_.begin);
    uint64_t line = request_.begin.line;
    // Blanks before a quote and comments make it matter what came before a stretch.
    if (first_quoted_ < stretches_.size() && (dialect_.trim || dialect_.has_comment))
      first_quoted_ = 0;
    for (size_t i = 0; i < first_quoted_; ++i) {
      const Stretch& stretch = stretches_[i];
      if (stretch.cut) add_cut({stretch.cut->offset, line + stretch.cut->line}, &plan);
      line += stretch.lines;
    }
    if (first_quoted_ < stretches_.size()) line = follow_quotes(first_quoted_, line, &plan);
    plan.last_line = line;
    return plan;
  }

 private:
  Walk new_walk() const { return Walk(request_, file_, dialect_, scanner_, cancelled_); }
  uint64_t end_of(size_t stretch) const {
    return stretch + 1 < stretches_.size() ? stretches_[stretch + 1].begin : request_.end;
  }
  void add_cut(Place cut, CutPlan* plan) const {
    if (cut.offset > plan->parts.back().offset && cut.offset < request_.end)
      plan->parts.push_back(cut);
  }

  // Threads: next_, first_quoted_ and failure_ are shared; each stretch belongs to the thread that
  // drew it.
  void measure_all() {
    const size_t threads = std::min<size_t>(request_.threads, stretches_.size());
    std::vector<std::thread> others;
    try {
      for (size_t i = 1; i < threads; ++i) others.emplace_back([this] { measure_some(); });
    } catch (const std::system_error&) {
      // No more threads to be had: those that run, and this one, do it.
    }
    measure_some();
    for (std::thread& thread : others) thread.join();
    const Lock lock(failure_mutex_);
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

  void measure_some() {
    try {
      Walk walk = new_walk();
      for (size_t i = next_++; i < stretches_.size() && i < first_quoted_; i = next_++) {
        if (measure(walk, i)) continue;
        size_t seen = first_quoted_;
        while (i < seen && !first_quoted_.compare_exchange_weak(seen, i)) {
        }
        return;
      }
    } catch (...) {
      const Lock lock(failure_mutex_);
      failure_ = std::current_exception();
      next_ = stretches_.size();
    }
  }

  // False when there is a quote in it.
  bool measure(Walk& walk, size_t i) {
    Stretch& stretch = stretches_[i];
    walk.start(stretch.begin, ScanMode::kUnquoted);
    if (i > 0 && walk.finish_record()) stretch.cut = Place{walk.at(), walk.lines()};
    if (walk.at() > end_of(i)) {
      // A record longer than the stretch: its lines are counted again, up to the stretch's end.
      walk.start(stretch.begin, ScanMode::kUnquoted);
    }
    walk.walk_to(end_of(i), true);
    stretch.lines = walk.lines();
    return !walk.saw_quote();
  }

  // The exact way: from the stretch on, one byte behind the other. Returns the line at the end.
  uint64_t follow_quotes(size_t from, uint64_t line, CutPlan* plan) {
    Walk walk = new_walk();
    const uint64_t begin = stretches_[from].begin;
    walk.start(begin, from == 0 ? ScanMode::kRecordStart : mode_behind(walk.byte_at(begin - 1)));
    for (size_t i = std::max<size_t>(from, 1); i < stretches_.size(); ++i) {
      if (walk.at() > stretches_[i].begin) continue;
      walk.walk_to(stretches_[i].begin, false);
      if (walk.finish_record()) add_cut({walk.at(), line + walk.lines()}, plan);
    }
    walk.walk_to(request_.end, false);
    return line + walk.lines();
  }

  ScanMode mode_behind(char byte) const {
    if (byte == '\n' || byte == '\r') return ScanMode::kRecordStart;
    return byte == dialect_.delimiter ? ScanMode::kFieldStart : ScanMode::kUnquoted;
  }

  const CutRequest& request_;
  const Dialect& dialect_;
  const Scanner& scanner_;
  const std::function<bool()>& cancelled_;
  files::OpenFile file_;
  std::vector<Stretch> stretches_;
  std::atomic<size_t> next_ = 0;
  std::atomic<size_t> first_quoted_ = 0;
  Mutex failure_mutex_;
  std::exception_ptr failure_ CHUNKMILL_GUARDED_BY(failure_mutex_);
};

}  // namespace

CutPlan find_cuts(const CutRequest& request, const Dialect& dialect, const Scanner& scanner,
                  const std::function<bool()>& cancelled) {
  if (request.begin.offset >= request.end) return {{request.begin}, request.begin.line};
  return CutFinder(request, dialect, scanner, cancelled).run();
}

}  // namespace chunkmill::csv
