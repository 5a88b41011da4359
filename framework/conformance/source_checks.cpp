// Conformance: sources.
#include <algorithm>
#include <optional>

#include "framework/conformance/checks.hpp"
#include "framework/data/row_json.hpp"
#include "framework/plugin/source.hpp"

namespace chunkmill::host {
namespace {

// How much of a source is looked at: enough to meet every call, little enough for one that never
// ends.
constexpr size_t kMaxSplits = 3;
constexpr size_t kMaxRecords = 400;
constexpr uint64_t kChunkRows = 7;
constexpr uint32_t kMaxWaitMs = 200;

// What a lane gave: each record as text, in order, good and bad; where each chunk began; and
// whether it came to the end.
struct Reading {
  std::vector<std::string> records;
  std::vector<std::pair<size_t, std::string>> starts;  // records before it, position
  bool ended = false;
};

std::vector<std::string> records_of(const ReadChunk& chunk) {
  const size_t count = static_cast<size_t>(chunk.batch.row_count()) + chunk.errors.size();
  std::vector<std::string> records(count);
  for (const RowError& error : chunk.errors) {
    records[static_cast<size_t>(error.row)] = "(bad: " + error.code + ": " + error.raw + ")";
  }
  int64_t row = 0;
  for (std::string& record : records) {
    if (record.empty() && row < chunk.batch.row_count()) record = row_as_json(chunk.batch, row++);
  }
  return records;
}

Result<Reading> read(SourceLane& lane, const std::shared_ptr<const Schema>& schema,
                     uint64_t rows_a_call, size_t max_records) {
  Reading reading;
  while (reading.records.size() < max_records) {
    const ReadLimits limits{.max_rows = rows_a_call, .max_wait_ms = kMaxWaitMs};
    ASSIGN_OR_RETURN(const std::optional<ReadChunk> chunk, lane.next(limits, schema));
    if (!chunk) {
      reading.ended = true;
      break;
    }
    std::vector<std::string> records = records_of(*chunk);
    if (records.empty()) break;  // an unbounded source that has nothing now
    std::ranges::move(records, std::back_inserter(reading.records));
    ASSIGN_OR_RETURN(std::string position, lane.position());
    reading.starts.emplace_back(reading.records.size(), std::move(position));
  }
  return reading;
}

// SourceChecks are the checks on one planned source.
class SourceChecks {
 public:
  SourceChecks(Checklist& checks, const Subject& subject, Source& source)
      : checks_(checks), subject_(subject), source_(source) {}

  void run() {
    if (!checks_.check("its schema can be used and stays the same",
                       [&] { return read_schema(); }) ||
        !checks_.check("planning twice gives the same splits", [&] { return plan_twice(); })) {
      return;
    }
    checks_.check("its identity stays the same while the input does", [&]() -> Status {
      ASSIGN_OR_RETURN(const std::string first, source_.identity());
      ASSIGN_OR_RETURN(const std::string second, source_.identity());
      return first == second ? Status()
                             : finding("it was \"" + first + "\", then \"" + second + "\"");
    });
    for (size_t i = 0; i < std::min(splits_.size(), kMaxSplits); ++i) check_split(splits_[i].id);
    checks_.check("a selection of columns is given as asked, or refused", [&] { return select(); });
  }

 private:
  Status read_schema() {
    ASSIGN_OR_RETURN(Schema schema, source_.schema());
    ASSIGN_OR_RETURN(const Schema again, source_.schema());
    if (!(schema == again)) return finding("two calls of schema() gave two schemas");
    for (size_t i = 0; i < schema.size(); ++i) {
      if (schema.find(schema[i].name) != static_cast<int>(i)) {
        return finding("two columns are called \"" + schema[i].name + "\"");
      }
    }
    schema_ = std::make_shared<const Schema>(std::move(schema));
    return Status();
  }

  Status plan_twice() {
    ASSIGN_OR_RETURN(splits_, source_.plan(2));
    ASSIGN_OR_RETURN(Source other,
                     Source::create(subject_.module, subject_.host,
                                    subject_.options ? *subject_.options : empty_options()));
    RETURN_IF_ERROR(other.schema().status());
    ASSIGN_OR_RETURN(const std::vector<Split> again, other.plan(2));
    const auto ids = [](const std::vector<Split>& splits) {
      std::vector<std::string> all;
      all.reserve(splits.size());
      for (const Split& split : splits) all.push_back(split.id);
      return all;
    };
    return same_rows(ids(splits_), ids(again));
  }

  void check_split(const std::string& split) {
    const std::string of = " (split " + split + ")";
    Reading whole;
    if (!checks_.check("it reads to its end, and stays there" + of, [&]() -> Status {
          ASSIGN_OR_RETURN(SourceLane lane, source_.open(split, ""));
          ASSIGN_OR_RETURN(whole, read(lane, schema_, kChunkRows, kMaxRecords));
          if (!whole.ended) return Status();
          ASSIGN_OR_RETURN(const auto more, lane.next({.max_rows = 1}, schema_));
          return more ? finding("next() gave rows after CM_END") : Status();
        })) {
      return;
    }
    checks_.check("chunks of one row give the same rows" + of, [&]() -> Status {
      const size_t count = std::min<size_t>(whole.records.size(), 50);
      ASSIGN_OR_RETURN(SourceLane lane, source_.open(split, ""));
      ASSIGN_OR_RETURN(const Reading single, read(lane, schema_, 1, count));
      return same_rows({whole.records.begin(), whole.records.begin() + static_cast<long>(count)},
                       single.records);
    });
    checks_.check("from every position it resumes with the rows that follow" + of,
                  [&] { return resume_everywhere(split, whole); });
    check_records(split, whole);
  }

  Status resume_everywhere(const std::string& split, const Reading& whole) {
    for (const auto& [consumed, position] : whole.starts) {
      const size_t left = whole.records.size() - consumed;
      const size_t wanted = std::min<size_t>(left, 3 * kChunkRows);
      if (wanted == 0 && !whole.ended) continue;
      ASSIGN_OR_RETURN(SourceLane lane, source_.open(split, position));
      Result<Reading> rest = read(lane, schema_, kChunkRows, std::max<size_t>(wanted, 1));
      if (!rest.ok()) return rest.status().with_context("from position \"" + position + "\"");
      rest->records.resize(std::min(rest->records.size(), std::max<size_t>(wanted, 1)));
      const auto from = whole.records.begin() + static_cast<long>(consumed);
      const Status same = same_rows({from, from + static_cast<long>(wanted)}, rest->records);
      if (!same.ok()) return same.with_context("from position \"" + position + "\"");
    }
    return Status();
  }

  void check_records(const std::string& split, const Reading& whole) {
    const std::string of = " (split " + split + ")";
    const std::string read_again = "records are given again by their ordinals" + of;
    const std::string replay = "records given as text are read as before" + of;
    if (!source_.has_records() || whole.starts.size() < 2) {
      const char* why = source_.has_records() ? "fewer than two chunks" : "it has no records()";
      checks_.skip(read_again, why);
      checks_.skip(replay, why);
      return;
    }
    // Some of the second chunk, so that ordinals do not happen to be row numbers.
    const size_t consumed = whole.starts[0].first;
    const std::string& begin = whole.starts[0].second;
    const size_t count = whole.starts[1].first - consumed;
    std::vector<uint64_t> ordinals;
    std::vector<std::string> expected;
    for (size_t i = 0; i < count; i += 2) {
      ordinals.push_back(i);
      expected.push_back(whole.records[consumed + i]);
    }
    std::vector<Record> records;
    const bool found = checks_.check(read_again, [&]() -> Status {
      ASSIGN_OR_RETURN(records, source_.records(split, begin, ordinals));
      std::vector<uint64_t> got;
      got.reserve(records.size());
      for (const Record& record : records) got.push_back(record.ordinal);
      return got == ordinals
                 ? Status()
                 : finding("asked for " + std::to_string(ordinals.size()) + " records, it gave " +
                           std::to_string(got.size()) + " or others");
    });
    if (!found || !source_.has_replay()) {
      checks_.skip(replay, found ? "it has no replay()" : "records() does not work");
      return;
    }
    checks_.check(replay, [&]() -> Status {
      ASSIGN_OR_RETURN(SourceLane lane, source_.replay(records));
      ASSIGN_OR_RETURN(const Reading again, read(lane, schema_, kChunkRows, kMaxRecords));
      if (!again.ended) return finding("the lane over the records has no end");
      for (size_t i = 0; i < expected.size() && i < again.records.size(); ++i) {
        // A bad record is bad again, though perhaps in other words.
        const bool both_bad =
            expected[i].starts_with("(bad") && again.records[i].starts_with("(bad");
        if (both_bad) expected[i] = again.records[i];
      }
      return same_rows(expected, again.records);
    });
  }

  // Columns in the reverse order, every second one left out.
  Verdict select() {
    Schema wanted;
    for (size_t i = schema_->size(); i > 0; i -= std::min<size_t>(i, 2)) {
      wanted.fields.push_back((*schema_)[i - 1]);
    }
    ASSIGN_OR_RETURN(const bool selected, source_.select(wanted));
    if (!selected) return Verdict::skipped("it has no selection");
    // Splits may depend on what is read.
    ASSIGN_OR_RETURN(const std::vector<Split> splits, source_.plan(2));
    if (splits.empty()) return Verdict::skipped("there is nothing to read");
    ASSIGN_OR_RETURN(SourceLane lane, source_.open(splits[0].id, ""));
    return read(lane, std::make_shared<const Schema>(wanted), kChunkRows, kMaxRecords).status();
  }

  Checklist& checks_;
  const Subject& subject_;
  Source& source_;
  std::shared_ptr<const Schema> schema_;  // shared: batches refer to it
  std::vector<Split> splits_;
};

}  // namespace

void check_source(Checklist& checks, const Subject& subject) {
  auto source = Source::create(subject.module, subject.host,
                               subject.options ? *subject.options : empty_options());
  if (!source.ok()) {
    checks.skip("its rows", "it cannot be made: " + source.status().message() +
                                "; give it options to check more");
    return;
  }
  SourceChecks(checks, subject, *source).run();
}

}  // namespace chunkmill::host
