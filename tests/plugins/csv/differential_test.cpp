#include <catch2/catch.hpp>

#include "chunkmill/utf8.hpp"
#include "plugins/sources/csv/split_plan.hpp"
#include "tests/plugins/csv/plain_csv.hpp"
#include "tests/plugins/csv/reading.hpp"

namespace chunkmill::csv {
namespace {

constexpr size_t kColumns = 3;

// What the source must make of the text, from what reading it byte by byte gives.
std::vector<Outcome> expected_outcomes(const CsvOptions& options, std::string_view text) {
  std::vector<Outcome> outcomes;
  for (const plain::PlainRecord& record : plain::parse(options.dialect, text)) {
    Outcome outcome;
    outcome.line = static_cast<int64_t>(record.line) + 1;
    outcome.raw = text.substr(record.begin, record.end - record.begin);
    if (record.unterminated) {
      outcome.code = "unterminated_quote";
      outcome.raw = text.substr(record.begin);
    } else if (record.bad_quote) {
      outcome.code = "bad_quote";
    } else if (record.fields.size() != kColumns) {
      outcome.code = "ragged_row";
    } else {
      for (const plain::PlainField& field : record.fields) {
        if (outcome.code.empty() && !is_utf8(field.text)) outcome.code = "bad_utf8";
        if (field.text.empty() && !field.quoted) {
          outcome.values.emplace_back();
        } else {
          outcome.values.emplace_back(field.text);
        }
      }
      if (outcome.is_row()) outcome.line = 0, outcome.raw.clear();
    }
    if (!outcome.is_row()) outcome.values.clear();
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

void check_same(const std::vector<Outcome>& got, const std::vector<Outcome>& expected,
                size_t from = 0) {
  REQUIRE(got.size() + from == expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    const Outcome& want = expected[i + from];
    const bool same = got[i].values == want.values && got[i].code == want.code &&
                      got[i].line == want.line && got[i].raw == want.raw;
    if (same) continue;
    CAPTURE(i, got[i].raw, want.raw, got[i].line, want.line, shown_outcomes({got[i]}),
            shown_outcomes({want}));
    REQUIRE(same);
  }
}

Dialect random_dialect(std::mt19937& random) {
  Dialect dialect;
  dialect.delimiter = ",;\t|"[random() % 4];
  dialect.quote = random() % 4 == 0 ? '\'' : '"';
  dialect.has_quote = random() % 8 != 0;
  dialect.trim = random() % 3 == 0;
  dialect.has_comment = random() % 4 == 0;
  dialect.comment = dialect.has_comment ? '#' : '@';
  return dialect;
}

// A file of three text columns without a header.
struct TextFile {
  explicit TextFile(const CsvOptions& csv_options) : options(csv_options) {
    file.path = "in.csv";
    file.dialect = options.dialect;
    for (const char* name : {"a", "b", "c"}) {
      Field field;
      field.name = name;
      columns.push_back({field, {}});
      file.names.emplace_back(name);
    }
  }
  std::unique_ptr<SplitLane> open(std::string_view text, Place begin, uint64_t end) const {
    return std::make_unique<SplitLane>(
        LanePlan{options, file, columns},
        open_text(std::string(text.substr(begin.offset, end - begin.offset))), begin);
  }
  std::vector<Outcome> read(SourceLane& lane, uint64_t max_rows, uint64_t max_bytes = 0) const {
    std::vector<Outcome> all;
    const std::vector<Type> types(kColumns, Type::kUtf8);
    while (true) {
      const std::vector<Outcome> chunk = read_chunk(lane, types, max_rows, max_bytes);
      if (chunk.empty()) return all;
      all.insert(all.end(), chunk.begin(), chunk.end());
    }
  }

  const CsvOptions& options;
  CsvFile file;
  std::vector<OutputColumn> columns;
};

}  // namespace

TEST_CASE("csv: any buffer and chunk size gives what reading byte by byte gives", "[csv]") {
  std::mt19937 random(1);
  const size_t buffers[] = {1, 2, 3, 7, 63, 64, 65, 200, 4096};
  for (int round = 0; round < 1500; ++round) {
    CsvOptions options;
    options.dialect = random_dialect(random);
    options.buffer_bytes = buffers[random() % std::size(buffers)];
    const std::string text =
        plain::random_text(random, options.dialect, random() % 60, kColumns, round % 3 * 20);
    const uint64_t max_rows = 1 + random() % 20;
    const uint64_t max_bytes = random() % 2 == 0 ? 0 : 1 + random() % 300;
    const TextFile input(options);

    const auto lane = input.open(text, {}, text.size());
    const std::vector<Outcome> got = input.read(*lane, max_rows, max_bytes);

    CAPTURE(round, options.buffer_bytes, max_rows, text);
    check_same(got, expected_outcomes(options, text));
  }
}

TEST_CASE("csv: from each position on, reading gives the rows that come after it", "[csv]") {
  std::mt19937 random(2);
  for (int round = 0; round < 150; ++round) {
    CsvOptions options;
    options.dialect = random_dialect(random);
    options.buffer_bytes = 1 + random() % 200;
    const std::string text =
        plain::random_text(random, options.dialect, 25, kColumns, round % 3 * 20);
    const std::vector<Outcome> expected = expected_outcomes(options, text);
    const TextFile input(options);
    const auto lane = input.open(text, {}, text.size());
    const std::vector<Type> types(kColumns, Type::kUtf8);

    for (size_t read = 0; true;) {
      const Place position = files::parse_place(lane->position(), "csv");
      const auto resumed = input.open(text, position, text.size());
      CAPTURE(round, read, text, lane->position());
      check_same(input.read(*resumed, 7), expected, read);
      const std::vector<Outcome> chunk = read_chunk(*lane, types, 1);
      if (chunk.empty()) break;
      read += chunk.size();
    }
  }
}

TEST_CASE("csv: parts of a file of any size give what the whole gives, line numbers too", "[csv]") {
  const Folder folder;
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    CsvOptions options;
    options.dialect = random_dialect(random);
    options.buffer_bytes = 1 + random() % 300;
    if (round % 4 == 0) options.dialect.has_quote = false;
    std::string text = plain::random_text(random, options.dialect, 40, kColumns, round % 3 * 20);
    // Quotes late in the file: its beginning is cut the quick way.
    if (round % 5 == 0) {
      std::string quick;
      for (int i = 0; i < 40; ++i) quick += "abc;def,ghi\tjkl|mno\n";
      text = quick + text;
    }
    if (text.empty()) continue;
    const std::string path = folder.write("in.csv", text);
    const TextFile input(options);
    const std::vector<Outcome> expected = expected_outcomes(options, text);
    for (const uint64_t target : {uint64_t{1}, uint64_t{5}, 1 + random() % 400}) {
      CutRequest request{path, {}, text.size(), target, 1, 2 + random() % 100};
      const CutPlan cuts =
          find_cuts(request, options.dialect, best_scanner(), [] { return false; });
      request.threads = 3;
      const CutPlan same =
          find_cuts(request, options.dialect, baseline_scanner(), [] { return false; });

      std::vector<Outcome> got;
      for (size_t i = 0; i < cuts.parts.size(); ++i) {
        const uint64_t end = i + 1 < cuts.parts.size() ? cuts.parts[i + 1].offset : text.size();
        const auto lane = input.open(text, cuts.parts[i], end);
        const std::vector<Outcome> part = input.read(*lane, 1000);
        got.insert(got.end(), part.begin(), part.end());
      }

      CAPTURE(round, target, text);
      CHECK(cuts.parts == same.parts);
      check_same(got, expected);
    }
  }
}

TEST_CASE("csv: a record above the limit is rejected whatever the buffer, and reading goes on",
          "[csv]") {
  std::mt19937 random(4);
  size_t too_large = 0;
  for (int round = 0; round < 300; ++round) {
    CsvOptions options;
    options.dialect = random_dialect(random);
    options.dialect.has_comment = false;
    options.max_record_bytes = 8 + random() % 30;
    const std::string text =
        plain::random_text(random, options.dialect, 30, kColumns, round % 3 * 20);
    const TextFile input(options);
    const auto whole = input.open(text, {}, text.size());
    const std::vector<Outcome> expected = input.read(*whole, 1000);
    for (const Outcome& outcome : expected) too_large += outcome.code == "record_too_large";

    CsvOptions small = options;
    small.buffer_bytes = 1 + random() % 20;
    const TextFile small_input(small);
    const auto lane = small_input.open(text, {}, text.size());
    const std::vector<Outcome> got = small_input.read(*lane, 3);

    CAPTURE(round, options.max_record_bytes, small.buffer_bytes, text);
    REQUIRE(got.size() == expected.size());
    for (size_t i = 0; i < got.size(); ++i) {
      CAPTURE(i, got[i].raw, expected[i].raw);
      CHECK(got[i].code == expected[i].code);
      CHECK(got[i].line == expected[i].line);
      CHECK(got[i].values == expected[i].values);
    }
  }
  CHECK(too_large > 100);
}

}  // namespace chunkmill::csv
