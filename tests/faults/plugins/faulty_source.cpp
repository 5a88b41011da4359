// A source that makes rows up, in as many splits as it is told, and fails on order. It neither
// selects columns nor gives records: the host projects and casts, and rejects have no original
// text.
#include <chrono>
#include <chunkmill/source.hpp>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "fault.hpp"

namespace chunkmill::faults {
namespace {

struct Settings {
  int64_t rows = 100;
  int64_t splits = 1;
  int64_t group = 1;      // rows that follow each other with one value of `part`
  int64_t bad_every = 0;  // every how manieth `amount` is no number
  int64_t most = 0;       // rows that one call gives at most
  Bytes width;            // of `filler`
  Duration latency;       // of each call
  int64_t hang_at = 0;    // which call waits to be interrupted
  Path hang_mark;         // a file that is made when it hangs
  bool interruptible = true;
  std::string breaks;  // the part of the contract that it breaks; empty: none
};

// What the lanes share. Threads: guards itself.
struct Shared {
  Fault next, open;
  std::atomic<int64_t> calls{0};
  std::mutex mutex;
  std::condition_variable changed;
  bool interrupted = false;  // guarded by mutex
};

class FaultyLane final : public SourceLane {
 public:
  FaultyLane(const Settings& settings, Shared& shared, int64_t split, int64_t at)
      : settings_(settings), shared_(shared), split_(split), at_(at) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    if (settings_.latency.ms > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(settings_.latency.ms));
    shared_.next.pass("next");
    if (++shared_.calls == settings_.hang_at) hang();
    if (at_ == settings_.rows) return false;
    if (report_badly(limits, out, errors)) return true;
    auto count = std::min<int64_t>(settings_.rows - at_, static_cast<int64_t>(limits.max_rows));
    if (settings_.most > 0) count = std::min(count, settings_.most);
    if (limits.max_bytes > 0 && settings_.width.count > 0)
      count = std::min(count, std::max<int64_t>(1, static_cast<int64_t>(limits.max_bytes /
                                                                        settings_.width.count)));
    ColumnBuilder ids(Type::kInt64), amounts(Type::kUtf8), parts(Type::kInt64);
    ColumnBuilder fillers(Type::kUtf8);
    const std::string filler(settings_.width.count, 'x');
    for (int64_t i = 0; i < count; ++i, ++at_) {
      const int64_t id = split_ * settings_.rows + at_;
      const bool bad = settings_.bad_every > 0 && id % settings_.bad_every == 0;
      ids.append(id);
      amounts.append(std::string_view(bad ? "much" : std::to_string(id % 1000) + ".25"));
      parts.append(id / settings_.group);
      fillers.append(std::string_view(filler));
    }
    std::vector<ArrowArray> columns(4);
    ids.finish(&columns[0]);
    amounts.finish(&columns[1]);
    parts.finish(&columns[2]);
    fillers.finish(&columns[3]);
    make_struct_array(std::move(columns), count, out);
    return true;
  }
  std::string position() const override {
    return settings_.breaks == "position" ? "0" : std::to_string(at_);
  }

 private:
  // Two records that cannot be read, under numbers that break the contract (or, with "backwards",
  // do not). False: nothing is to be reported.
  bool report_badly(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) {
    const std::string& breaks = settings_.breaks;
    if (breaks != "twice" && breaks != "outside" && breaks != "backwards") return false;
    if (limits.max_rows < 2 || settings_.rows - at_ < 2) return false;
    errors.report(breaks == "outside" ? 2 : breaks == "twice" ? 0 : 1, "bad", "a bad record");
    errors.report(0, "bad", "a bad record");
    std::vector<ArrowArray> columns(4);
    for (size_t i = 0; i < 4; ++i)
      ColumnBuilder(i == 0 || i == 2 ? Type::kInt64 : Type::kUtf8).finish(&columns[i]);
    make_struct_array(std::move(columns), 0, out);
    at_ += 2;
    return true;
  }
  void hang() {
    if (!settings_.hang_mark.value.empty()) std::ofstream(settings_.hang_mark.value) << "hangs\n";
    std::unique_lock lock(shared_.mutex);
    shared_.changed.wait(lock, [&] { return shared_.interrupted && settings_.interruptible; });
    throw Error(CM_CANCELLED, "interrupted while waiting");
  }

  const Settings& settings_;
  Shared& shared_;
  int64_t split_;
  int64_t at_;
};

class FaultySource final : public Source {
 public:
  static constexpr Info kInfo{"faulty", "1.2.3", "Make rows up, and fail on order"};

  void configure(Options& opt) {
    opt.optional("rows", settings_.rows, "rows in each split");
    opt.optional("splits", settings_.splits, "splits");
    opt.optional("group", settings_.group, "rows with one value of `part`");
    opt.optional("bad_every", settings_.bad_every, "every how manieth amount is no number");
    opt.optional("most", settings_.most, "rows that one call gives at most");
    opt.optional("width", settings_.width, "bytes of `filler`");
    opt.optional("latency", settings_.latency, "of each call");
    opt.optional("hang_at", settings_.hang_at, "which call waits to be interrupted");
    opt.optional("hang_mark", settings_.hang_mark, "a file that is made when it hangs");
    opt.optional("breaks", settings_.breaks,
                 "the part of the contract that it breaks: twice, outside, backwards, position, "
                 "split");
    opt.optional("interruptible", settings_.interruptible, "false: it waits for ever");
    opt.group("fail_next", "failures of this call", [&](Options& o) { shared_.next.configure(o); });
    opt.group("fail_open", "failures of this call", [&](Options& o) { shared_.open.configure(o); });
  }
  Schema schema() override {
    return {{{"id", Type::kInt64, false},
             {"amount", Type::kUtf8, false},
             {"part", Type::kInt64, false},
             {"filler", Type::kUtf8, false}}};
  }
  std::vector<Split> plan(uint32_t) override {
    std::vector<Split> splits;
    for (int64_t i = 0; i < settings_.splits; ++i)
      splits.push_back({std::to_string(i), "part " + std::to_string(i), settings_.rows, -1});
    if (settings_.breaks == "split") splits.push_back(splits.front());
    return splits;
  }
  std::string identity() override { return std::to_string(settings_.rows); }
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override {
    shared_.open.pass("open");
    return std::make_unique<FaultyLane>(settings_, shared_, number(split), number(position));
  }
  void interrupt() override {
    {
      const std::lock_guard lock(shared_.mutex);
      shared_.interrupted = true;
    }
    shared_.changed.notify_all();
  }

 private:
  static int64_t number(std::string_view text) {
    int64_t value = 0;
    if (!text.empty() && parse_int64(text, &value) != ParseFault::kNone)
      throw Error(CM_INVALID, "not a number: " + std::string(text));
    return value;
  }

  Settings settings_;
  Shared shared_;
};

}  // namespace
}  // namespace chunkmill::faults

CHUNKMILL_SOURCE(chunkmill::faults::FaultySource)
