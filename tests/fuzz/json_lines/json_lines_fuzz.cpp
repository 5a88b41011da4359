// Feeds bytes to the jsonl source's readers as a file. The first byte chooses the size of the
// buffer, so that lines break at its end in every way. Held against simdjson's other reader, the
// DOM, which knows the same JSON: what one takes the other takes.
#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/sources/jsonl/column_guess.hpp"
#include "plugins/sources/jsonl/line_reader.hpp"
#include "plugins/sources/jsonl/record_columns.hpp"

namespace {

using namespace chunkmill;
using namespace chunkmill::jsonl;

class Text final : public files::ByteStream {
 public:
  explicit Text(std::string_view text) : text_(text) {}
  size_t read(char* out, size_t room) override {
    const size_t size = std::min(room, text_.size());
    if (size > 0) text_.copy(out, size);
    text_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view text_;
};

void require(bool truth) {
  if (!truth) std::abort();
}

// A number error is of the DOM alone: it cannot hold what the source hands on as text.
void compare(const RecordFault& fault, std::string_view line) {
  simdjson::dom::parser parser(size_t{1} << 24);
  require(parser.allocate(std::max<size_t>(line.size(), 1), 501) == simdjson::SUCCESS);
  simdjson::dom::element element;
  const auto error = parser.parse(line.data(), line.size(), true).get(element);
  if (error == simdjson::NUMBER_ERROR) return;
  if (fault.code == "not_an_object") return;
  require(!fault == (error == simdjson::SUCCESS && element.is_object()));
}

const std::vector<Column>& columns() {
  static const std::vector<Column> all = [] {
    std::vector<Column> made;
    for (const auto& [name, type, path] : {std::tuple("a", "int64", "/a"),
                                           {"b", "float", "/b"},
                                           {"c", "bool", "/c"},
                                           {"d", "decimal(20,4)", "/a"},
                                           {"e", "date", "/e/0"},
                                           {"f", "timestamp", "f.g"},
                                           {"h", "string", "/f"},
                                           {"i", "string", "/"}})
      made.push_back(column_of(name, {type, path, {}}));
    return made;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr size_t kMaxLine = 300;
  LineReader reader(std::make_unique<Text>(text), Place(), kMaxLine, 1 + data[0] % 64U);
  RecordColumns rows(columns(), Fractions::kReject);
  RecordColumns quick(columns(), Fractions::kReject);
  JsonRecordReader records;
  ColumnGuess guess;
  std::vector<std::pair<std::string, JsonValue>> members;
  int64_t good = 0;
  uint64_t offset = 0;
  Line line;
  while (reader.next(&line)) {
    require(line.place.offset >= offset && reader.place().offset > line.place.offset);
    offset = reader.place().offset;
    if (line.too_large) continue;
    compare(records.read_top_level(line.text, &members), line.text);
    guess.look_at(line.text);
    // What is taken at once is taken in the other way too.
    const std::string ended = std::string(line.text) + "\n" + std::string(64, '\0');
    const bool at_once = quick.append_first({ended.data(), line.text.size() + 1}, kMaxLine) != 0;
    const bool taken = !rows.append(line.text);
    require(taken || !at_once);
    if (taken) ++good;
  }
  require(reader.place().offset == text.size());
  require(rows.row_count() == good);
  ArrowArray batch;
  rows.finish(&batch);
  require(batch.length == good);
  for (int64_t i = 0; i < batch.n_children; ++i) require(batch.children[i]->length == good);
  batch.release(&batch);
  (void)guess.columns();
  return 0;
}
