// The file through crashes: a sink is made anew over whatever an earlier one has left.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "plugins/sinks/csv/csv_sink.hpp"
#include "tests/plugins/csv_sink/plugin_rig.hpp"

using namespace chunkmill;
using csv_sink::CsvSink;
using rig::Rows;
using rig::TestChunk;

namespace {

const Schema kSchema{{{"n", Type::kInt64}}};
const std::string kPartial = "out.csv.chunkmill-partial";
const std::string kLedger = "out.csv.chunkmill-ledger";

// A sink that writes out.csv of a folder.
class OneFile {
 public:
  explicit OneFile(const rig::Folder& folder, rig::Map options = {}) {
    options.emplace_back("path", folder.path("out.csv"));
    sink_ = rig::make<CsvSink>(options);
    sink_->bind({{"main", kSchema}});
  }
  CsvSink* operator->() { return sink_.get(); }
  OneFile& attach(const std::string& run = "run-1", uint64_t epoch = 1) {
    sink_->attach(rig::run_of(run, epoch));
    lane_ = sink_->open();
    return *this;
  }
  // Chunk k holds the number k and goes from position k to k + 1, the first from "".
  bool write(uint64_t k, uint64_t epoch = 1, const std::string& split = "s") {
    TestChunk chunk = chunk_of(k, epoch, split);
    return rig::write_chunk(*lane_, chunk, Rows(kSchema, {{std::to_string(k)}}));
  }
  static TestChunk chunk_of(uint64_t k, uint64_t epoch = 1, const std::string& split = "s") {
    return {k, k == 0 ? "" : std::to_string(k), std::to_string(k + 1), false, 1, epoch, split};
  }
  SinkLane& lane() { return *lane_; }

 private:
  std::unique_ptr<CsvSink> sink_;
  std::unique_ptr<SinkLane> lane_;
};

// The numbers 0 to n - 1 in their lines.
std::string lines_below(int n) {
  std::string text = "n\n";
  for (int i = 0; i < n; ++i) text += std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("csv sink: a run that goes through leaves the file and one small ledger", "[csv_sink]") {
  const rig::Folder folder;
  OneFile file(folder);
  file.attach();
  for (uint64_t k = 0; k < 3; ++k) CHECK(file.write(k));
  CHECK_FALSE(folder.has("out.csv"));

  file->finish(rig::run_of());

  CHECK(folder.read("out.csv") == lines_below(3));
  CHECK_FALSE(folder.has(kPartial));
  CHECK(folder.read(kLedger).size() < 400);
  const auto known = file->ledger("job");
  REQUIRE(known);
  CHECK(known->finished);
  CHECK(known->run == "run-1");
  CHECK(known->fingerprint == "fingerprint");
  file->finish(rig::run_of());
  CHECK(folder.read("out.csv") == lines_below(3));
}

TEST_CASE("csv sink: without a chunk the file holds its header alone", "[csv_sink]") {
  const rig::Folder folder;
  OneFile file(folder);
  file.attach();

  file->finish(rig::run_of());

  CHECK(folder.read("out.csv") == "n\n");
}

TEST_CASE("csv sink: a finished file that is gone, or of another size, is not known any more",
          "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder);
    file.attach().write(0);
    file->finish(rig::run_of());
  }
  folder.write("out.csv", "something else");
  CHECK_FALSE(OneFile(folder)->ledger("job"));

  unlink(folder.path("out.csv").c_str());

  CHECK_FALSE(OneFile(folder)->ledger("job"));
  CHECK_FALSE(OneFile(folder)->ledger("another job"));
}

TEST_CASE("csv sink: bytes behind the last commit are cut off", "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder);
    file.attach().write(0);
    file.write(1);
  }
  folder.write(kPartial, folder.read(kPartial) + "2\n17,\"half a row");

  OneFile file(folder);
  file.attach("run-1", 2);

  const auto state = file->committed("s");
  REQUIRE(state);
  CHECK(state->next_chunk == 2);
  CHECK(state->position == "2");
  CHECK(state->epoch == 2);
  CHECK(state->counts == Counts{2, 2, 0, 0});
  CHECK(file.write(2, 2));
  file->finish(rig::run_of("run-1", 2));
  CHECK(folder.read("out.csv") == lines_below(3));
}

TEST_CASE("csv sink: a ledger cut at any byte gives whole chunks, none twice, none lost",
          "[csv_sink]") {
  std::string ledger;
  std::string partial;
  {
    const rig::Folder folder;
    OneFile file(folder);
    file.attach();
    for (uint64_t k = 0; k < 3; ++k) file.write(k);
    ledger = folder.read(kLedger);
    partial = folder.read(kPartial);
  }
  REQUIRE(partial == lines_below(3));

  for (size_t cut = 0; cut <= ledger.size(); ++cut) {
    const rig::Folder folder;
    folder.write(kLedger, ledger.substr(0, cut));
    folder.write(kPartial, partial);
    OneFile file(folder);
    file.attach("run-1", 2);
    const auto state = file->committed("s");
    for (uint64_t k = state ? state->next_chunk : 0; k < 3; ++k) REQUIRE(file.write(k, 2));
    file->finish(rig::run_of("run-1", 2));
    REQUIRE(folder.read("out.csv") == lines_below(3));
  }
}

TEST_CASE("csv sink: a damaged line of the ledger ends it there", "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder);
    file.attach();
    for (uint64_t k = 0; k < 3; ++k) file.write(k);
  }
  std::string ledger = folder.read(kLedger);
  const size_t last = ledger.find("\tchunk\t8\t");  // "n\n0\n1\n2\n"
  REQUIRE(last != ledger.npos);
  ledger[last + 8] = '6';
  folder.write(kLedger, ledger);

  OneFile file(folder);
  file.attach("run-1", 2);

  CHECK(file->committed("s")->next_chunk == 2);
}

TEST_CASE("csv sink: without its partial file a run begins anew, and says so", "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder);
    file.attach().write(0);
  }
  unlink(folder.path(kPartial).c_str());
  rig::test_host().log.clear();

  OneFile file(folder);
  file.attach("run-1", 2);

  CHECK_FALSE(file->committed("s"));
  REQUIRE(rig::test_host().log.size() == 1);
  CHECK(rig::test_host().log[0].text == folder.path(kPartial) +
                                            " holds 0 of the 4 bytes that were committed; it is "
                                            "written anew");
  CHECK(file.write(0, 2));
  file->finish(rig::run_of("run-1", 2));
  CHECK(folder.read("out.csv") == lines_below(1));
}

TEST_CASE("csv sink: a new run begins anew and leaves the old file until it is finished",
          "[csv_sink]") {
  const rig::Folder folder;
  folder.write("out.csv", "of yesterday");
  {
    OneFile file(folder);
    file.attach().write(0);
  }

  OneFile file(folder);
  file.attach("run-2");
  CHECK_FALSE(file->committed("s"));
  CHECK(folder.read(kPartial) == "n\n");
  CHECK(folder.read("out.csv") == "of yesterday");
  file->finish(rig::run_of("run-2"));

  CHECK(folder.read("out.csv") == "n\n");
}

TEST_CASE("csv sink: killed between giving the file its name and saying so, it is finished",
          "[csv_sink]") {
  const rig::Folder folder;
  std::string before_finish;
  {
    OneFile file(folder);
    file.attach().write(0);
    before_finish = folder.read(kLedger);
    file->finish(rig::run_of());
  }
  const std::string line = files::LedgerLine("finish").field(4).finish();
  folder.write(kLedger, before_finish + line);

  OneFile file(folder);
  CHECK(file->ledger("job")->finished);
  file.attach("run-1", 2);
  REQUIRE(file->committed("s"));
  CHECK_FALSE(file.write(0, 2));
  file->finish(rig::run_of("run-1", 2));

  CHECK(folder.read("out.csv") == lines_below(1));
  CHECK(file->ledger("job")->finished);
}

TEST_CASE("csv sink: killed just before the file gets its name, it resumes and finishes",
          "[csv_sink]") {
  const rig::Folder folder;
  folder.write("out.csv", "four");  // as many bytes as the new one has
  {
    OneFile file(folder);
    file.attach().write(0);
  }
  const std::string line = files::LedgerLine("finish").field(4).finish();
  folder.write(kLedger, folder.read(kLedger) + line);

  OneFile file(folder);
  CHECK_FALSE(file->ledger("job")->finished);
  file.attach("run-1", 2);
  file->finish(rig::run_of("run-1", 2));

  CHECK(folder.read("out.csv") == lines_below(1));
}

TEST_CASE("csv sink: a chunk that is given again is not written again", "[csv_sink]") {
  const rig::Folder folder;
  OneFile file(folder);
  file.attach().write(0);

  CHECK_FALSE(file.write(0));
  CHECK(file.write(1));
  CHECK_FALSE(file.write(1));
  file->finish(rig::run_of());

  CHECK(folder.read("out.csv") == lines_below(2));
}

TEST_CASE("csv sink: a chunk that is given up leaves nothing behind", "[csv_sink]") {
  const rig::Folder folder;
  OneFile file(folder);
  file.attach();
  const TestChunk chunk = OneFile::chunk_of(0);
  const cm_chunk abi = chunk.abi();

  file.lane().begin(Chunk(&abi));
  rig::write_batch(file.lane(), Rows(kSchema, {{"99"}}).batch());
  file.lane().abort();
  file.write(0);
  file->finish(rig::run_of());

  CHECK(folder.read("out.csv") == lines_below(1));
}

TEST_CASE("csv sink: who is not at the ledger's place is fenced", "[csv_sink]") {
  const rig::Folder folder;
  OneFile file(folder);
  file.attach().write(0);

  CHECK(rig::code_of([&] { file.write(2); }) == CM_FENCED);
  CHECK(rig::code_of([&] { file.write(1, 7); }) == CM_FENCED);
  TestChunk other_run = OneFile::chunk_of(1);
  other_run.run = "run-0";
  CHECK(rig::code_of([&] { rig::write_chunk(file.lane(), other_run, Rows(kSchema, {{"1"}})); }) ==
        CM_FENCED);
  CHECK(file.write(1));
}

TEST_CASE("csv sink: a sink that another has taken the file from commits no more", "[csv_sink]") {
  const rig::Folder folder;
  OneFile old(folder);
  old.attach().write(0);
  OneFile fresh(folder);
  fresh.attach("run-1", 2);

  CHECK(rig::message_of([&] { old.write(1); }) ==
        folder.path("out.csv") +
            ", split \"s\" is not ours any more: another run, or another "
            "sink of this job, writes the same file");
  CHECK(fresh->committed("s")->next_chunk == 1);
  CHECK(fresh.write(1, 2));
  fresh->finish(rig::run_of("run-1", 2));

  CHECK(folder.read("out.csv") == lines_below(2));
  CHECK(rig::code_of([&] { OneFile(folder).attach("run-1", 1); }) == CM_FENCED);
}

TEST_CASE("csv sink: splits resume each from its own place", "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder);
    file.attach();
    file.write(0, 1, "a\tsplit\nwith \\ odd bytes");
    file.write(0, 1, "b");
    file.write(1, 1, "b");
  }

  OneFile file(folder);
  file.attach("run-1", 2);

  CHECK(file->committed("a\tsplit\nwith \\ odd bytes")->next_chunk == 1);
  CHECK(file->committed("b")->next_chunk == 2);
  CHECK_FALSE(file->committed("c"));
}

TEST_CASE("csv sink: what another boot of the machine left is trusted where it was durable only",
          "[csv_sink]") {
  const rig::Folder folder;
  const std::string path = folder.path("f");
  const auto options = [&](files::Sync sync, const char* boot) {
    return files::CommittedFile::Options{path, sync, files::IfExists::kReplace, boot};
  };
  const auto commit = [&folder](files::CommittedFile& file, uint64_t k) {
    ChunkPlace place;
    place.run = "run-1";
    place.split = "s";
    place.begin = k == 0 ? "" : std::to_string(k);
    place.end = std::to_string(k + 1);
    place.sequence = k;
    place.epoch = 1;
    file.begin(place);
    files::ChunkBytes bytes(folder.path());
    bytes.memory().push_back('x');
    file.commit(place, bytes, {});
  };
  std::string killed;

  {
    files::CommittedFile file(options(files::Sync::kEnd, "boot 1"));
    file.attach(rig::run_of(), "");
    commit(file, 0);
    killed = folder.read("f.chunkmill-ledger");
  }
  const std::string stopped = folder.read("f.chunkmill-ledger");

  SECTION("a killed run is not, after another boot") {
    folder.write("f.chunkmill-ledger", killed);
    files::CommittedFile file(options(files::Sync::kEnd, "boot 2"));
    CHECK(file.attach(rig::run_of(), "") ==
          path +
              ": the machine stopped while it was written, so that its bytes cannot be "
              "trusted; it is written anew");
    CHECK_FALSE(file.committed("s"));
  }
  SECTION("a killed run is, in the same boot") {
    folder.write("f.chunkmill-ledger", killed);
    files::CommittedFile file(options(files::Sync::kEnd, "boot 1"));
    CHECK(file.attach(rig::run_of(), "").empty());
    CHECK(file.committed("s")->next_chunk == 1);
  }
  SECTION("a run that stopped in good order is") {
    folder.write("f.chunkmill-ledger", stopped);
    files::CommittedFile file(options(files::Sync::kEnd, "boot 2"));
    CHECK(file.attach(rig::run_of(), "").empty());
    CHECK(file.committed("s")->next_chunk == 1);
  }
  SECTION("a run that synced every chunk is") {
    {
      files::CommittedFile file(options(files::Sync::kChunk, "boot 1"));
      file.attach(rig::run_of(), "");
      commit(file, 1);
      killed = folder.read("f.chunkmill-ledger");
    }
    folder.write("f.chunkmill-ledger", killed);
    files::CommittedFile file(options(files::Sync::kChunk, "boot 2"));
    CHECK(file.attach(rig::run_of(), "").empty());
    CHECK(file.committed("s")->next_chunk == 2);
  }
}

TEST_CASE("csv sink: gzip resumes after a crash like any other file", "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder, {{"compression", "gzip"}});
    file.attach().write(0);
  }
  folder.write(kPartial, folder.read(kPartial) + "\x1f\x8b\x08 half a member");
  OneFile file(folder, {{"compression", "gzip"}});
  file.attach("run-1", 2);
  CHECK(file->committed("s")->next_chunk == 1);
  file.write(1, 2);
  file->finish(rig::run_of("run-1", 2));

  gzFile in = gzopen(folder.path("out.csv").c_str(), "rb");
  char text[100];
  const int size = gzread(in, text, sizeof text);
  gzclose(in);

  REQUIRE(size > 0);
  CHECK(std::string(text, static_cast<size_t>(size)) == lines_below(2));
}

TEST_CASE("csv sink: a place where no file can be made is refused with what to do", "[csv_sink]") {
  const rig::Folder folder;
  const auto refusal = [&](const std::string& path, const char* if_exists = "replace") {
    const auto sink = rig::make<CsvSink>({{"path", path}, {"if_exists", if_exists}});
    sink->bind({{"main", kSchema}});
    return rig::message_of([&] { sink->check(); });
  };
  const std::string root = folder.path();
  folder.write("there.csv", "");

  CHECK(refusal(root + "no/out.csv") == "the folder " + root + "no for " + root +
                                            "no/out.csv cannot be used: No such file or "
                                            "directory; create it: mkdir -p " +
                                            root + "no");
  CHECK(refusal(root) == root + " is a folder; name a file in it");
  CHECK(refusal(root + "there.csv/out.csv") ==
        root + "there.csv is not a folder, so that " + root + "there.csv/out.csv cannot be made");
  CHECK(refusal("/dev/null") ==
        "/dev/null is not a regular file; only those can be written exactly once, and given their "
        "name at the end");
  CHECK(refusal(root + "there.csv", "error") ==
        root + "there.csv exists already; move it away, or set if_exists: replace");
  CHECK(refusal(root + "there.csv") == "nothing was thrown");
  chmod(root.c_str(), 0500);
  if (geteuid() != 0)
    CHECK(refusal(root + "out.csv").find("Permission denied") != std::string::npos);
}

TEST_CASE("csv sink: a full disk names the file, and the chunk can be written later",
          "[csv_sink]") {
  const files::OpenFile full = files::open_file("/dev/full", O_WRONLY);

  const auto write = [&] { files::write_at(full, "out.csv", 0, "x"); };

  CHECK(rig::code_of(write) == CM_FULL);
  CHECK(rig::message_of(write) ==
        "out.csv cannot be written: No space left on device; make room and run the same command "
        "again, the run resumes from here");
}

TEST_CASE("csv sink: a run that appends adds its rows to the finished file once", "[csv_sink]") {
  const rig::Folder folder;
  {
    OneFile file(folder);
    file.attach();
    file.write(0);
    file->finish(rig::run_of());
  }
  Run replay = rig::run_of("run-2", 2, "job/replay");
  replay.appends = true;
  {
    OneFile file(folder);
    file->attach(replay);
    const auto lane = file->open();
    TestChunk chunk{0, "", "1", true, 1, 2, "s", "run-2"};
    CHECK(rig::write_chunk(*lane, chunk, Rows(kSchema, {{"1"}})));
    CHECK(folder.read("out.csv") == lines_below(1));
    CHECK(file->ledger("job")->finished);
    file->finish(replay);
  }
  CHECK(folder.read("out.csv") == lines_below(2));
  OneFile again(folder);
  again->attach(replay);
  again->finish(replay);
  CHECK(folder.read("out.csv") == lines_below(2));
  CHECK(again->ledger("job")->run == "run-1");
}
