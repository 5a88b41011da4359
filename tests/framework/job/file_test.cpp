// The file itself, the job's identity, fingerprints, and how faults are shown.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "loading.hpp"

using namespace chunkmill::host;
using namespace chunkmill::host::testing;
using Messages = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "chunkmill-job-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, const std::string& text = kJob) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  fs::path path() const { return path_; }

 private:
  fs::path path_;
};

std::string first_fault(const std::string& path) {
  Faults faults;
  const Result<JobSpec> job = load_job(path, {}, schema_of, &faults);
  CHECK(job.status().code() == Code::kJob);
  return faults.all().empty() ? "" : faults.all()[0].message;
}

}  // namespace

TEST_CASE("job file: one that cannot be read is a fault, and nothing waits", "[job]") {
  const Folder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);

  CHECK(first_fault((folder.path() / "none.yaml").string()) ==
        "cannot open the job file: No such file or directory");
  CHECK(first_fault(folder.path().string()) == "it is a folder, not a job file");
  CHECK(first_fault(pipe) == "it is not a regular file");
  CHECK_THAT(first_fault(folder.file("big", std::string((1 << 20) + 1, ' '))),
             Catch::StartsWith("the file has 1048577 bytes"));
}

TEST_CASE("job: its id is the same however the file is named, and differs between places",
          "[job]") {
  const Folder folder;
  const std::string path = folder.file("a.yaml");
  const std::string other = folder.file("b.yaml");
  fs::create_directory(folder.path() / "sub");
  fs::create_symlink(path, folder.path() / "link.yaml");
  const auto id = [](const std::string& name) {
    Faults faults;
    return load_job(name, {}, schema_of, &faults).take().id;
  };

  CHECK_THAT(id(path), Catch::Matches("small@[0-9a-f]{8}"));
  CHECK(id(path) == id((folder.path() / "sub/../a.yaml").string()));
  CHECK(id(path) == id((folder.path() / "link.yaml").string()));
  CHECK(id(path) != id(other));
}

TEST_CASE("job: the id of a path never changes between builds", "[job]") {
  CHECK(load(kJob, {}, {}, "/nowhere/at/all/job.yaml").job->id == "small@9aac4693");
}

TEST_CASE("fingerprint: the same meaning is the same text, without secrets", "[job]") {
  const Loaded a = load(kJob + "    table: t\n    mode: insert\nworkers: 2\n");
  const Loaded b = load(
      "# other order, other quotes, other pace\n"
      "sinks: [{type: postgres, mode: 'insert', url: 'another secret', table: \"t\", fallback: "
      "none}]\n"
      "chunk: {rows: 7}\nretry: {attempts: 1}\nerrors: {max_failed_percent: 1}\nmemory: 1GiB\n"
      "source: {path: ./in.csv, type: csv}\njob: small\n");

  REQUIRE(a.job);
  CHECK(b.shown == "");
  REQUIRE(b.job);
  CHECK(a.job->fingerprint() == b.job->fingerprint());
  CHECK(a.job->fingerprint() ==
        "job=\"small\"\n"
        "source=csv {\"path\":\"in.csv\"}\n"
        "sinks.0=postgres {\"mode\":\"insert\",\"table\":\"t\"}\n"
        "sinks.0.from=\"main\"\n");
}

TEST_CASE("fingerprint: what changes the rows changes it", "[job]") {
  const std::string before = load(kJob).job->fingerprint();

  CHECK(load(kJob + "    table: t\n").job->fingerprint() != before);
  CHECK(load(kJob + "    from: prices\n").job->fingerprint() != before);
  CHECK(load(kJob + "chunk: {keep_together: id}\n").job->fingerprint() != before);
  CHECK(load(kJob + "order: source\n").job->fingerprint() != before);
  CHECK(load(kJob + "lookups: {l: {type: csv, path: f}}\n").job->fingerprint() != before);
  CHECK(load(kJob, {"source.path=${P}"}, {{"P", "1"}}).job->fingerprint() !=
        load(kJob, {"source.path=${P}"}, {{"P", "2"}}).job->fingerprint());
}

TEST_CASE("faults: at most fifty are shown, and the rest is counted", "[job]") {
  std::string text = kJob;
  for (int i = 0; i < 2000; ++i) text += "k" + std::to_string(i) + ": 1\n";

  const Loaded loaded = load(text);

  CHECK(loaded.faults.errors() == 2000);
  CHECK(loaded.faults.all().size() == Faults::kKept);
  CHECK_THAT(loaded.shown, Catch::EndsWith("and 1950 more\n"));
}

TEST_CASE("faults: a long line is cut around the fault", "[job]") {
  const Loaded loaded =
      load("job: x\nsource: {type: csv, path: " + std::string(300, 'p') +
           ", tabel: 1, null: " + std::string(300, 'n') + "}\nsinks: [{type: postgres, url: u}]\n");

  CHECK_THAT(loaded.shown, Catch::Contains("    2 | ...ppppp") && Catch::Contains("nnn...\n") &&
                               Catch::Contains("      |                                            "
                                               "^^^^^\n"));
}

TEST_CASE("faults: what a job file holds cannot drive the terminal", "[job]") {
  const Loaded loaded = load(kJob + "\"\\e[31mred\": 1\n# \x1b[2J\n\"\xC2\x9B\": 2\n");

  CHECK(loaded.faults.errors() == 3);
  CHECK(loaded.shown.find('\x1b') == std::string::npos);
  CHECK(loaded.shown.find("\xC2\x9B") == std::string::npos);
}

TEST_CASE("faults: colour goes around the severity and the carets alone", "[job]") {
  const std::string text = kJob + "sinc: 1\n";
  const Loaded loaded = load(text);

  CHECK_THAT(render_text(loaded.faults, "job.yaml", text, true),
             Catch::Contains("job.yaml:6:1: \x1b[1;31merror\x1b[0m: unknown key") &&
                 Catch::Contains("\x1b[1;32m^^^^\x1b[0m did you mean"));
}

TEST_CASE("faults: JSON has one object each", "[job]") {
  CHECK(render_json(load(kJob + "sinc: 1\n").faults, "job.yaml") ==
        R"([{"file":"job.yaml","line":6,"column":1,"severity":"error",)"
        R"("message":"unknown key \"sinc\"","suggestion":"sinks",)"
        R"("help":"keys: job (required), source (required), sinks (required), id, lookups, ..."}])"
        "\n");
  CHECK(render_json(Faults(), "job.yaml") == "[]\n");
}
