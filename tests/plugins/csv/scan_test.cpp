#include "plugins/sources/csv/scan.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/plugins/csv/plain_csv.hpp"

namespace chunkmill::csv {
namespace {

std::vector<const Scanner*> scanners() {
  std::vector<const Scanner*> all = {&baseline_scanner()};
  if (avx2_scanner() != nullptr) all.push_back(avx2_scanner());
  return all;
}

std::string padded(std::string_view text) {
  return std::string(text) + "\n" + std::string(kScanPadding, '"');
}

// Where a record begins and each of its fields ends.
struct Place {
  uint32_t begin;
  uint64_t line;
  bool bad_quote;
  std::vector<uint32_t> ends;
  bool operator==(const Place&) const = default;
};

std::vector<Place> places(const RecordIndex& index, std::string_view text) {
  std::vector<Place> out;
  size_t flagged = 0;
  for (size_t r = 0; r < index.records(); ++r) {
    Place place{index.begin(r), index.lines.data()[r], false, {}};
    bool comment = false;
    for (; flagged < index.flagged.size() && index.flagged[flagged].record == r; ++flagged) {
      comment |= index.flagged[flagged].flag == RecordFlag::kComment;
      place.bad_quote |= index.flagged[flagged].flag == RecordFlag::kBadQuote;
    }
    for (size_t k = 1; k <= index.fields(r); ++k) {
      uint32_t end = index.ends.data()[index.firsts.data()[r] + k];
      if (k == index.fields(r) && end > place.begin && text[end] == '\n' && text[end - 1] == '\r')
        --end;
      place.ends.push_back(end);
    }
    if (comment || (place.ends.size() == 1 && place.ends[0] == place.begin)) continue;
    out.push_back(place);
  }
  return out;
}

size_t field_separators(const plain::PlainRecord& record) { return record.fields.size(); }

Dialect random_dialect(std::mt19937& random) {
  Dialect dialect;
  dialect.delimiter = ",;\t|"[random() % 4];
  dialect.quote = random() % 4 == 0 ? '\'' : '"';
  dialect.has_quote = random() % 8 != 0;
  dialect.trim = random() % 3 == 0;
  dialect.has_comment = random() % 4 == 0;
  dialect.comment = dialect.has_comment ? '#' : ' ';
  return dialect;
}

}  // namespace

TEST_CASE("csv scan: random files give the records that reading byte by byte gives", "[csv]") {
  std::mt19937 random(20240229);
  for (int round = 0; round < 3000; ++round) {
    const Dialect dialect = random_dialect(random);
    const std::string text = plain::random_text(random, dialect, random() % 40, 1 + random() % 5,
                                                round % 2 == 0 ? 0 : 40);
    const std::vector<plain::PlainRecord> expected = plain::parse(dialect, text);
    const std::string data = padded(text);

    for (const Scanner* scanner : scanners()) {
      RecordIndex index;
      index.clear();
      ScanState state;
      scanner->index(dialect, data.data(), text.size() + 1, true, &state, &index);
      const std::vector<Place> got = places(index, data);

      size_t complete = expected.size();
      if (complete > 0 && expected.back().unterminated) --complete;
      CAPTURE(round, text);
      REQUIRE(got.size() == complete);
      for (size_t r = 0; r < complete; ++r) {
        CAPTURE(r);
        CHECK(got[r].begin == expected[r].begin);
        CHECK(got[r].line == expected[r].line);
        CHECK(got[r].bad_quote == expected[r].bad_quote);
        CHECK(got[r].ends.size() == field_separators(expected[r]));
        CHECK(got[r].ends.back() == expected[r].end);
      }
    }
  }
}

TEST_CASE("csv scan: following the quotes in pieces ends where following them at one go ends",
          "[csv]") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const Dialect dialect = random_dialect(random);
    const std::string text = plain::random_text(random, dialect, 30, 3, round % 3 * 30);
    const std::string data = text + std::string(kScanPadding, '\n');

    for (const Scanner* scanner : scanners()) {
      ScanState whole;
      scanner->track(dialect, data.data(), text.size(), true, &whole);
      ScanState pieces;
      for (size_t at = 0; at < text.size();) {
        const size_t size = std::min<size_t>(text.size() - at, 1 + random() % 90);
        const bool last = at + size == text.size();
        const std::string piece = text.substr(at, size) + std::string(kScanPadding, '"');
        const size_t done = scanner->track(dialect, piece.data(), size, last, &pieces);
        if (done == 0 && !last) {
          // A lone CR waits for the byte behind it.
          const std::string two = text.substr(at, 2) + std::string(kScanPadding, '"');
          at += scanner->track(dialect, two.data(), 2, at + 2 == text.size(), &pieces);
        }
        at += done;
      }
      CAPTURE(round, text);
      CHECK(pieces == whole);
    }
  }
}

TEST_CASE("csv scan: the end of a record is found from any byte inside it", "[csv]") {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    const Dialect dialect = random_dialect(random);
    const std::string text = plain::random_text(random, dialect, 12, 3, 30) + "\nx";
    const std::string data = text + std::string(kScanPadding, '"');
    for (const Scanner* scanner : scanners()) {
      RecordIndex index;
      index.clear();
      ScanState all;
      scanner->index(dialect, data.data(), text.size(), false, &all, &index);
      for (size_t cut = 0; cut < text.size(); ++cut) {
        if (cut > 0 && data[cut - 1] == '\r') continue;
        ScanState state;
        scanner->track(dialect, data.data(), cut, false, &state);
        const size_t found = cut + scanner->finish_record(dialect, data.data() + cut,
                                                          text.size() - cut, false, &state);
        if (state.mode != ScanMode::kRecordStart) continue;
        size_t record = 0;
        while (record < index.records() && index.begin(record) < found) ++record;
        CAPTURE(round, cut, text);
        CHECK(index.begin(record) == found);
        CHECK(index.lines.data()[record] == state.lines);
      }
    }
  }
}

}  // namespace chunkmill::csv
