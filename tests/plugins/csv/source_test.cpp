#include <zlib.h>

#include <catch2/catch.hpp>

#include "tests/plugins/csv/reading.hpp"

namespace chunkmill::csv {
namespace {

using Catch::Matchers::Contains;

std::string gzipped(std::string_view text) {
  z_stream zip{};
  deflateInit2(&zip, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 1000, '\0');
  zip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  zip.avail_in = static_cast<uInt>(text.size());
  zip.next_out = reinterpret_cast<Bytef*>(out.data());
  zip.avail_out = static_cast<uInt>(out.size());
  deflate(&zip, Z_FINISH);
  out.resize(zip.total_out);
  deflateEnd(&zip);
  return out;
}

Lines lines_of(std::string_view text,
               std::initializer_list<std::pair<std::string, OptionValue>> options = {}) {
  return shown_outcomes(read_text(text, options));
}

OptionValue types(std::initializer_list<std::pair<std::string, OptionValue>> columns) {
  return OptionValue::map(columns);
}

std::string message_of(std::string_view text,
                       std::initializer_list<std::pair<std::string, OptionValue>> options = {}) {
  try {
    read_text(text, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("csv: columns are text unless a type is asked for", "[csv]") {
  CHECK(lines_of("id,n\n007,1.50\n") == Lines{"007|1.50"});
  CHECK(lines_of("id,n\n007,1.50\n", {{"columns", types({{"id", "int64"}, {"n", "float"}})}}) ==
        Lines{"7|1.5"});
}

TEST_CASE("csv: an empty field is null, empty quotes are an empty text", "[csv]") {
  CHECK(lines_of("a,b,c\n,\"\",x\n") == Lines{"NULL||x"});
  CHECK(lines_of("a,b\n,\"\"\n", {{"columns", types({{"a", "float"}, {"b", "float"}})}}) ==
        Lines{"NULL|NULL"});
  CHECK(lines_of("a,b\nNA,\"NA\"\n", {{"null_values", OptionValue::list({"", "NA"})}}) ==
        Lines{"NULL|NA"});
}

TEST_CASE("csv: line ends of every kind, and none at the end", "[csv]") {
  const Lines rows = {"1|2", "3|4"};
  CHECK(lines_of("a,b\n1,2\n3,4") == rows);
  CHECK(lines_of("a,b\r\n1,2\r\n3,4\r\n") == rows);
  CHECK(lines_of("a,b\r1,2\r3,4") == rows);
  CHECK(lines_of("\xEF\xBB\xBF\"a\",b\n1,2\n\n\n3,4\n\n") == rows);
}

TEST_CASE("csv: files without rows give none", "[csv]") {
  CHECK(lines_of("").empty());
  CHECK(lines_of("\xEF\xBB\xBF").empty());
  CHECK(lines_of("a,b").empty());
  CHECK(lines_of("a,b\r\n").empty());
  CHECK(lines_of("\n\n\n").empty());
  CHECK(lines_of("", {{"header", false}, {"columns", types({{"a", "int32"}})}}).empty());
}

TEST_CASE("csv: a value that does not parse rejects its row with line and column", "[csv]") {
  const auto outcomes =
      read_text("name,spend\na,1\n\"b\nc\",2\nd,12x\ne,1e999\nf,NaN\ng,inf\nh,\"1,234\"\ni,3\n",
                {{"columns", types({{"spend", "float"}})}});

  CHECK(shown_outcomes(outcomes) == Lines{"a|1", "b\nc|2", "bad_number@5 spend",
                                          "number_out_of_range@6 spend", "not_a_number@7 spend",
                                          "not_a_number@8 spend", "bad_number@9 spend", "i|3"});
  CHECK(outcomes[2].raw == "d,12x");
  CHECK(outcomes[2].message == "\"12x\" is not a number");
  CHECK_THAT(outcomes[2].where, Contains("in.csv"));
  CHECK_THAT(outcomes[6].message, Contains("thousands"));
}

TEST_CASE("csv: dates, times, booleans and decimals are read strictly", "[csv]") {
  CHECK(
      lines_of("d\n2024-02-29\n2023-02-29\n29.02.2024\n", {{"columns", types({{"d", "date"}})}}) ==
      Lines{"19782", "date_out_of_range@3 d", "bad_date@4 d"});
  CHECK(
      lines_of("d\n29.02.2024\n30.02.2024\n2024-02-29\n",
               {{"columns",
                 types({{"d", OptionValue::map({{"type", "date"}, {"format", "%d.%m.%Y"}})}})}}) ==
      Lines{"19782", "date_out_of_range@3 d", "bad_date@4 d"});
  CHECK(lines_of("t\n1970-01-01T00:00:01Z\nnoon\n", {{"columns", types({{"t", "timestamp"}})}}) ==
        Lines{"1000000", "bad_timestamp@3 t"});
  CHECK(lines_of("b\ntrue\nNO\nmaybe\n\n1\n", {{"columns", types({{"b", "bool"}})}}) ==
        Lines{"true", "false", "bad_bool@4 b", "true"});
  CHECK(lines_of("m\n12.5\n0.125\n", {{"columns", types({{"m", "decimal(10,2)"}})}}) ==
        Lines{"1250", "too_precise@3 m"});
  CHECK(lines_of("i\n2147483648\n1.0\n-5\n", {{"columns", types({{"i", "int32"}})}}) ==
        Lines{"number_out_of_range@2 i", "bad_number@3 i", "-5"});
}

TEST_CASE("csv: thousands separators and decimal signs are taken where they are asked for",
          "[csv]") {
  CHECK(lines_of("n\n\"1,234.5\"\n\"12,34\"\n\"1,234,567\"\n",
                 {{"thousands", ","}, {"columns", types({{"n", "float"}})}}) ==
        Lines{"1234.5", "bad_number@3 n", "1234567"});
  CHECK(
      lines_of("n;m\n1.234,5;7\n1.5;8\n", {{"delimiter", ";"},
                                           {"thousands", "."},
                                           {"decimal", ","},
                                           {"columns", types({{"n", "float"}, {"m", "int64"}})}}) ==
      Lines{"1234.5|7", "bad_number@3 n"});
}

TEST_CASE("csv: records that are not well formed are rejected and the rest goes on", "[csv]") {
  using namespace std::string_literals;
  CHECK(lines_of("a,b\n1\n1,2,3\n\"x\"y,2\n5\" pipe,ok\n\xff,2\nq,\x80\nz\0z,1\n3,4\n"s) ==
        Lines{"ragged_row@2", "ragged_row@3", "bad_quote@4", "5\" pipe|ok", "bad_utf8@6 a",
              "bad_utf8@7 b", "bad_nul@8 a", "3|4"});
  const auto open = read_text("a,b\n1,2\n3,\"x\ny\nz,4\n");
  CHECK(shown_outcomes(open) == Lines{"1|2", "unterminated_quote@3"});
  CHECK_THAT(open[1].message, Contains("line 3"));
}

TEST_CASE("csv: ragged: fill takes missing fields as empty, and still rejects surplus ones",
          "[csv]") {
  CHECK(lines_of("a,b,c\r\n1\r\n1,2\r\n1,2,3\r\n1,2,3,4\r\n", {{"ragged", "fill"}}) ==
        Lines{"1|NULL|NULL", "1|2|NULL", "1|2|3", "ragged_row@5"});
}

TEST_CASE("csv: other dialects", "[csv]") {
  CHECK(lines_of("a\tb\n1\t\"2\t3\"\n", {{"delimiter", "tab"}}) == Lines{"1|2\t3"});
  CHECK(lines_of("a,b\n'x,1','it''s'\n", {{"quote", "'"}}) == Lines{"x,1|it's"});
  CHECK(lines_of("a,b\n\"x,\"y\"\n", {{"quote", ""}}) == Lines{"\"x|\"y\""});
  CHECK(lines_of("# \"one\na,b\n#two\n1,2\n", {{"comment", "#"}}) == Lines{"1|2"});
  CHECK(lines_of("report of May\r\n\r\na,b\r\n1,x2\r\n", {{"skip_lines", 2}}) == Lines{"1|x2"});
  CHECK(lines_of("a , b\n 1 , \" x \" \n", {{"trim", true}}) == Lines{"1| x "});
  CHECK(lines_of("1,2\n3,4\n", {{"header", false}}) == Lines{"1|2", "3|4"});
}

TEST_CASE("csv: without a header columns are numbered, or called as `columns` says", "[csv]") {
  const Folder folder;
  const std::string path = folder.write("in.csv", "1,2\n");
  auto source = make_source(OptionValue::map({{"path", path}, {"header", false}}));
  CHECK(source->schema().names() == Lines{"column_1", "column_2"});
  source = make_source(OptionValue::map(
      {{"path", path}, {"header", false}, {"columns", types({{"b", "string"}, {"a", "float"}})}}));
  CHECK(source->schema().names() == Lines{"b", "a"});
  CHECK_THAT(message_of("1,2,3\n", {{"header", false}, {"columns", types({{"a", "string"}})}}),
             Contains("3 fields"));
}

TEST_CASE("csv: other encodings become UTF-8", "[csv]") {
  using namespace std::string_literals;
  CHECK(lines_of("a,b\ncaf\xe9,1\n", {{"encoding", "latin-1"}}) == Lines{"caf\xc3\xa9|1"});
  CHECK(lines_of("\xff\xfe"
                 "a\0\n\0\xe9\0\n\0"s,
                 {{"encoding", "utf-16le"}}) == Lines{"\xc3\xa9"});
  CHECK_THAT(message_of("\xff\xfe"
                        "a\0\n\0"s),
             Contains("set encoding: utf-16"));
}

TEST_CASE("csv: characters and undefined bytes may lie across the blocks that are decoded",
          "[csv]") {
  // Three bytes a character, so that every border of a block of 64 KiB cuts one; then a byte that
  // is not defined, whose offset is told.
  std::string text = "a\n";
  std::string expected;
  while (text.size() < 200'000) text += "\xa5\xc6\x8f\xb0\xa1";  // EUC-JP: テ, 丂
  for (size_t i = 2; i < text.size(); i += 5) expected += "\xe3\x83\x86\xe4\xb8\x82";
  const size_t offset = text.size() + 1;
  text += "\n\xff\nlast\n";

  const std::vector<Outcome> outcomes = read_text(text, {{"encoding", "EUC_JP"}});

  CHECK(shown_outcomes(outcomes) == Lines{expected, "bad_utf8@3 a", "last"});
  CHECK_THAT(outcomes[1].message, Contains("0xFF (offset " + std::to_string(offset) + ")"));
  CHECK(outcomes[1].raw == "\xff");
}

TEST_CASE("csv: a column that nobody reads may hold undefined bytes", "[csv]") {
  const Folder folder;
  const std::string path = folder.write("in.csv", "a,b\n\x81,1\n");
  const auto source = make_source(OptionValue::map({{"path", path}, {"encoding", "windows-1252"}}));
  Schema wanted;
  wanted.fields = {source->schema().fields[1]};

  REQUIRE(source->select(wanted));
  const auto lane = source->open(source->plan(1)[0].id, "");

  CHECK(shown_outcomes(read_chunk(*lane, {Type::kUtf8}, 10, 0)) == Lines{"1"});
}

TEST_CASE("csv: UTF-16 that ends within a character is an error", "[csv]") {
  using namespace std::string_literals;
  CHECK_THAT(message_of("a\0\n\0b\0\n"s, {{"encoding", "utf-16le"}}),
             Contains("ends in the middle of a character"));
}

TEST_CASE("csv: gzip is seen by its first bytes, and read on from a position", "[csv]") {
  const Folder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + ",row\n";
  const std::string half = text.substr(0, text.size() / 2);
  const std::string path =
      folder.write("in.csv.gz", gzipped(half) + gzipped(text.substr(half.size())));
  const auto source = make_source(OptionValue::map({{"path", path}}));
  const std::vector<Type> two = {Type::kUtf8, Type::kUtf8};

  CHECK(read_source(*source, source->schema()).size() == 5000);
  const auto lane = source->open(source->plan(1)[0].id, {});
  read_chunk(*lane, two, 1234);
  const auto resumed = source->open(source->plan(1)[0].id, lane->position());
  CHECK(read_chunk(*resumed, two, 1)[0].values[0] == "1234");

  const std::string packed = gzipped(text);
  const auto cut = make_source(OptionValue::map(
      {{"path", folder.write("cut.csv.gz", packed.substr(0, packed.size() / 2))}}));
  CHECK_THROWS_WITH(read_source(*cut, cut->schema()), Contains("cut off"));
}

TEST_CASE("csv: select() gives the wanted columns, in order, in the wanted types", "[csv]") {
  const Folder folder;
  const auto source = make_source(OptionValue::map(
      {{"path", folder.write("in.csv", "id,name,spend\n1,x,2.5\n2,\xff,bad\n")},
       {"columns", types({{"id", OptionValue::map({{"type", "int64"}, {"unit", "km"}})}})}}));
  CHECK(source->schema()[0].unit == "km");
  Schema wanted;
  wanted.fields.push_back({.name = "spend", .type = Type::kFloat64});
  wanted.fields.push_back({.name = "id", .type = Type::kUtf8});

  REQUIRE(source->select(wanted));
  // What nobody reads cannot spoil a row: line 3 is rejected for its number alone.
  CHECK(shown_outcomes(read_source(*source, wanted)) == Lines{"2.5|1", "bad_number@3 spend"});

  wanted.fields[1].name = "ids";
  CHECK_THROWS_WITH(source->select(wanted), Contains("did you mean \"id\"?"));
  wanted.fields[1] = {.name = "id", .type = Type::kBinary};
  CHECK_FALSE(source->select(wanted));
}

TEST_CASE("csv: the files of a pattern are read by name of column, sorted", "[csv]") {
  const Folder folder;
  folder.write("b.csv", "y,x\n2,1\n");
  folder.write("a.csv", "x,y\n0,0\n");
  folder.write("c.csv", "");
  const auto source = make_source(OptionValue::map({{"path", folder.path("*.csv")}}));
  CHECK(shown_outcomes(read_source(*source, source->schema())) == Lines{"0|0", "1|2"});
  CHECK(source->plan(1)[0].id == "a.csv#4");

  folder.write("d.csv", "x,yy\n");
  const auto other = make_source(OptionValue::map({{"path", folder.path("*.csv")}}));
  CHECK_THROWS_WITH(other->schema(), Contains("d.csv has no column \"y\"") && Contains("\"yy\""));
}

TEST_CASE("csv: what cannot be read says what and where", "[csv]") {
  const Folder folder;
  const auto schema_of = [](const std::string& path) {
    return make_source(OptionValue::map({{"path", path}}))->schema();
  };
  CHECK_THROWS_WITH(schema_of(folder.path("none-*.csv")),
                    Contains("no file matches \"none-*.csv\" in "));
  CHECK_THROWS_WITH(schema_of(folder.path("none.csv")), Contains("No such file"));
  folder.write("sub/x.csv", "a\n");
  CHECK_THROWS_WITH(schema_of(folder.path("sub")), Contains("is a folder"));
  CHECK_THAT(message_of("a,b,a\n"), Contains("columns 1 and 3 are both called \"a\""));
  CHECK_THAT(message_of("a,b\n", {{"columns", types({{"bb", "float"}})}}),
             Contains("no column \"bb\"") && Contains("did you mean \"b\"?"));
  CHECK_THAT(message_of("a\n", {{"columns", types({{"a", "number"}})}}), Contains("not a type"));
  CHECK_THAT(message_of("a\n", {{"delimiter", ";;"}}), Contains("one ASCII character"));
  CHECK_THAT(message_of("a\n", {{"delimiter", "\""}}), Contains("same character"));
}

TEST_CASE("csv: standard input is read once, as one split", "[csv]") {
  const Folder folder;
  const files::OpenFile kept(dup(STDIN_FILENO));
  const files::OpenFile input = files::open_for_reading(folder.write("in.csv", "a,b\n1,2\n3,4\n"));
  REQUIRE(dup2(input.fd(), STDIN_FILENO) == STDIN_FILENO);
  const auto source = make_source(OptionValue::map({{"path", "-"}}));

  const Lines lines = shown_outcomes(read_source(*source, source->schema(), 1));
  CHECK_THROWS_WITH(source->open(source->plan(1)[0].id, {}), Contains("once only"));

  if (kept.fd() >= 0) dup2(kept.fd(), STDIN_FILENO);
  CHECK(lines == Lines{"1|2", "3|4"});
}

TEST_CASE("csv: a file that becomes shorter while it is read is an error", "[csv]") {
  const Folder folder;
  std::string text = "a\n";
  for (int i = 0; i < 1000; ++i) text += "row\n";
  const std::string path = folder.write("in.csv", text);
  const auto source = make_source(OptionValue::map({{"path", path}, {"buffer", "64B"}}));
  const auto lane = source->open(source->plan(1)[0].id, {});
  read_chunk(*lane, {Type::kUtf8}, 3);

  std::filesystem::resize_file(path, 1000);

  CHECK_THROWS_WITH(read_chunk(*lane, {Type::kUtf8}, 10000), Contains("became shorter"));
}

TEST_CASE("csv: a field of 64 MiB is rejected, memory stays bounded and reading goes on", "[csv]") {
  std::string text = "a,b\n1,\"";
  text.append(size_t{64} << 20, 'x');
  text += "\n,\"\n2,3\n";
  const auto outcomes = read_text(text);
  CHECK(shown_outcomes(outcomes) == Lines{"record_too_large@2", "2|3"});
  CHECK(outcomes[0].raw.size() == kMaxRawBytes);
}

TEST_CASE("csv: records() gives the text that replay() reads again", "[csv]") {
  const Folder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 50; ++i)
    text += i % 7 == 3 ? "bad\n" : "\"x\n" + std::to_string(i) + "\",1\n";
  const auto source =
      make_source(OptionValue::map({{"path", folder.write("in.csv", text)}, {"buffer", "32B"}}));
  const std::string split = source->plan(1)[0].id;
  const std::vector<Type> two = {Type::kUtf8, Type::kUtf8};
  const auto lane = source->open(split, {});
  read_chunk(*lane, two, 10);
  const std::string begin = lane->position();

  std::vector<Record> records;
  const cm_record_sink sink{
      &records, [](void* ctx, const cm_record* record) {
        static_cast<std::vector<Record>*>(ctx)->push_back({record->ordinal, record->line,
                                                           std::string(from_abi(record->where)),
                                                           std::string(from_abi(record->raw))});
      }};
  RecordSink out(&sink);
  const std::vector<uint64_t> ordinals = {0, 2, 7};
  source->records(split, begin, ordinals, out);

  REQUIRE(records.size() == 3);
  CHECK(records[0].raw == "bad");
  CHECK(records[1].raw == "\"x\n12\",1");
  CHECK(records[2].ordinal == 7);
  const auto again = source->replay(records);
  const auto outcomes = read_chunk(*again, two, 10);
  CHECK(again->position() == "3");
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].code == "ragged_row");
  CHECK(outcomes[0].line == records[0].line);
  CHECK(shown_outcomes({outcomes[1]}) == Lines{"x\n12|1"});
  const auto two_in_one = source->replay({{0, 5, "in.csv", "1,2\n3,4"}, {1, 6, "", "5,6"}});
  CHECK(shown_outcomes(read_chunk(*two_in_one, two, 10)) == Lines{"ragged_row@5", "5|6"});
}

TEST_CASE("csv: a batch outlives its lane, and its columns outlive the batch", "[csv]") {
  const Folder folder;
  const auto source =
      make_source(OptionValue::map({{"path", folder.write("in.csv", "a,b\nhello,world\n")}}));
  UniqueArray batch;
  const cm_row_errors none{nullptr, [](void*, const cm_row_error*) {}};
  RowErrors errors(&none);
  source->open(source->plan(1)[0].id, {})->next({10, 0, 0}, batch.get(), errors);
  ArrowArray column = *batch->children[1];
  batch->children[1]->release = nullptr;

  batch.reset();

  CHECK(value_text(column, Type::kUtf8, 0) == "world");
  column.release(&column);
}

TEST_CASE("csv: the options describe themselves", "[csv]") {
  std::string text;
  const cm_out out{&text, [](void* ctx, const void* data, size_t size) {
                     static_cast<std::string*>(ctx)->append(static_cast<const char*>(data), size);
                   }};
  cm_error error = empty_error();
  CHECK(detail::describe_plugin<CsvSource>(&out, &error) == CM_OK);
  CHECK_THAT(text, Contains("\"path\"") && Contains("\"type\":[\"string\",\"object\"]"));
}

}  // namespace chunkmill::csv
