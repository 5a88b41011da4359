// A folder that removes itself, and a store in it.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "framework/state/store.hpp"

namespace chunkmill::host {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "chunkmill-state-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct StoreFixture {
  std::unique_ptr<StateStore> open(OpenMode mode = OpenMode::kCreate, StoreSettings settings = {}) {
    auto store = StateStore::open(file, mode, clock, settings);
    INFO(store.status().message());
    REQUIRE(store.ok());
    return store.take();
  }
  // A store with one run "r1" begun.
  std::unique_ptr<StateStore> open_with_run(StoreSettings settings = {}) {
    auto store = open(OpenMode::kCreate, settings);
    REQUIRE(store->begin_run(run_named("r1")).ok());
    return store;
  }

  static RunRecord run_named(std::string id) {
    RunRecord run;
    run.run = std::move(id);
    run.job = "supplier-emissions";
    run.job_path = "examples/job.yaml";
    run.command = "run";
    run.fingerprint = "f1";
    return run;
  }
  static ChunkRecord chunk_of(std::string split, uint64_t sequence, int64_t rows,
                              bool last = false) {
    ChunkRecord chunk;
    chunk.run = "r1";
    chunk.split = std::move(split);
    chunk.sequence = sequence;
    chunk.begin = std::to_string(sequence * 100);
    chunk.end = std::to_string((sequence + 1) * 100);
    chunk.last = last;
    chunk.counts = {rows, rows - 1, 1, 0, 0};
    return chunk;
  }
  static Reject reject_of(int64_t ordinal, std::string code,
                          RejectStage stage = RejectStage::kRead) {
    Reject reject;
    reject.ordinal = ordinal;
    reject.where = "suppliers.csv";
    reject.line = ordinal + 2;
    reject.stage = stage;
    reject.plugin = "csv";
    reject.plugin_version = "1.0.0";
    reject.code = std::move(code);
    reject.column = "spend_usd";
    reject.message = "not a number";
    reject.raw = "S1,abc";
    return reject;
  }

  void write_file(const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

  TempFolder folder;
  std::filesystem::path file = folder / "supplier-emissions.state.db";
  FakeClock clock;
};

}  // namespace chunkmill::host
