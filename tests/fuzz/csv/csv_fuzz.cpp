// Reads any bytes as CSV: whole, through small buffers, and cut into parts. All must give the same
// rows, the same rejects and the same line numbers. The first bytes choose the dialect.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "plugins/sources/csv/split_lane.hpp"
#include "plugins/sources/csv/split_plan.hpp"

namespace {

using namespace chunkmill;

void require(bool holds) {
  if (!holds) std::abort();
}

// All that came out, as text.
struct Output {
  std::string rows;
  std::string rejects;
  bool operator==(const Output&) const = default;
};

void append_batch(const ArrowArray& batch, std::string* out) {
  for (int64_t row = 0; row < batch.length; ++row) {
    for (int64_t c = 0; c < batch.n_children; ++c) {
      const ArrowArray& column = *batch.children[c];
      const auto* validity = static_cast<const uint8_t*>(column.buffers[0]);
      if (validity != nullptr && (validity[row / 8] >> (row % 8) & 1) == 0) {
        *out += "NULL|";
      } else if (c == 0) {
        *out += std::to_string(static_cast<const double*>(column.buffers[1])[row]) + "|";
      } else {
        const auto* offsets = static_cast<const int32_t*>(column.buffers[1]);
        out->append(static_cast<const char*>(column.buffers[2]) + offsets[row],
                    static_cast<size_t>(offsets[row + 1] - offsets[row]));
        *out += "|";
      }
    }
    *out += "\n";
  }
}

void report(void* ctx, const cm_row_error* error) {
  auto* out = static_cast<std::string*>(ctx);
  *out += std::to_string(error->line) + " " + std::string(from_abi(error->code)) + " " +
          std::string(from_abi(error->raw)) + "\n";
}

void read_lane(SourceLane& lane, uint64_t max_rows, Output* out) {
  const cm_row_errors sink{&out->rejects, report};
  while (true) {
    RowErrors errors(&sink);
    UniqueArray batch;
    if (!lane.next({max_rows, 0, 0}, batch.get(), errors)) return;
    append_batch(*batch.get(), &out->rows);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  csv::CsvOptions options;
  options.dialect.delimiter = ",;\t|"[data[0] % 4];
  options.has_delimiter = true;
  options.dialect.has_quote = (data[0] & 4) == 0;
  options.dialect.trim = (data[0] & 8) != 0;
  options.dialect.has_comment = (data[0] & 16) != 0;
  options.dialect.comment = '#';
  options.ragged = (data[0] & 32) != 0 ? csv::RaggedRows::kFill : csv::RaggedRows::kReject;
  const size_t small = 1 + data[1];
  const uint64_t target = 1 + data[2];
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);

  csv::CsvFile file;
  file.dialect = options.dialect;
  std::vector<csv::OutputColumn> columns;
  for (const char* name : {"a", "b", "c"}) {
    Field field;
    field.name = name;
    field.type = columns.empty() ? Type::kFloat64 : Type::kUtf8;
    columns.push_back({field, {}});
    file.names.emplace_back(name);
  }
  const auto read_part = [&](const csv::CsvOptions& with, csv::Place begin, uint64_t end,
                             uint64_t max_rows, Output* out) {
    csv::SplitLane lane({with, file, columns},
                        csv::open_text(text.substr(begin.offset, end - begin.offset)), begin);
    read_lane(lane, max_rows, out);
  };

  Output whole;
  read_part(options, {}, text.size(), 1000, &whole);

  csv::CsvOptions slow = options;
  slow.buffer_bytes = small;
  Output in_pieces;
  read_part(slow, {}, text.size(), 1 + small % 5, &in_pieces);
  // Rejects of a chunk come by kind, so that only their number stays when chunks are smaller.
  require(in_pieces.rows == whole.rows);
  require(in_pieces.rejects.size() == whole.rejects.size());

  static char path[] = "/tmp/csv-fuzz-XXXXXX";
  static const int fd = mkstemp(path);
  static const int at_end = std::atexit([] { unlink(path); });
  require(fd >= 0 && at_end == 0 && ftruncate(fd, 0) == 0);
  require(pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  const csv::CutPlan cuts =
      csv::find_cuts({path, {}, text.size(), target, 2, small + 1}, options.dialect,
                     csv::best_scanner(), [] { return false; });
  Output in_parts;
  for (size_t i = 0; i < cuts.parts.size(); ++i)
    read_part(options, cuts.parts[i],
              i + 1 < cuts.parts.size() ? cuts.parts[i + 1].offset : text.size(), 1000, &in_parts);
  require(in_parts.rows == whole.rows);
  require(in_parts.rejects.size() == whole.rejects.size());
  return 0;
}
