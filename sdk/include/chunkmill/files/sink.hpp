// Start here: what sinks that write one file share. A format turns batches into bytes, in parallel,
// each lane into memory of its own; commit() appends them to the file and moves the ledger, see
// committed_file.hpp. A sink derives from FileSink and says which format it has.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/files/committed_file.hpp"
#include "chunkmill/files/gzip.hpp"
#include "chunkmill/files/packed.hpp"
#include "chunkmill/sink.hpp"

namespace chunkmill::files {

// Turns rows into bytes. One a lane; read-only to what the sink has bound.
class RowFormat {
 public:
  virtual ~RowFormat() = default;
  // Appends the rows of `batch`, but for those that the format cannot hold: they go to `errors`.
  virtual void append(const Batch& batch, Buffer<char>* out, RowErrors& errors) = 0;
};

class FileLane final : public SinkLane {
 public:
  FileLane(CommittedFile& file, std::unique_ptr<RowFormat> format, Compression compression)
      : file_(file), format_(std::move(format)), bytes_(file.folder()) {
    if (compression == Compression::kGzip) gzip_.emplace();
  }

  bool begin(const Chunk& chunk) override {
    place_ = ChunkPlace(chunk);
    bytes_.clear();
    return file_.begin(place_);
  }
  void begin_ahead(const Chunk& chunk) override {
    place_ = ChunkPlace(chunk);
    bytes_.clear();
  }
  void write(uint32_t, const Batch& batch, RowErrors& errors) override {
    if (batch.row_count() == 0) return;
    Buffer<char>& memory = bytes_.memory();
    const size_t before = memory.size();
    try {
      append(batch, errors);
    } catch (...) {
      memory.resize(before);
      throw;
    }
    if (errors.count() > 0)
      throw Error(CM_DATA, std::to_string(errors.count()) + " of " +
                               std::to_string(batch.row_count()) +
                               " rows cannot be written in this format");
    bytes_.settle();
  }
  void commit(const Counts& counts) override {
    file_.commit(place_, bytes_, counts);
    forget();
  }
  void abort() noexcept override { forget(); }

 private:
  void append(const Batch& batch, RowErrors& errors) {
    if (!gzip_) return format_->append(batch, &bytes_.memory(), errors);
    text_.clear();
    format_->append(batch, &text_, errors);
    if (text_.size() > 0) gzip_->append({text_.data(), text_.size()}, &bytes_.memory());
  }
  void forget() noexcept {
    bytes_.clear();
    if (text_.capacity() > ChunkBytes::kMostInMemory) text_ = Buffer<char>();
    text_.clear();
  }

  CommittedFile& file_;
  std::unique_ptr<RowFormat> format_;
  std::optional<GzipMembers> gzip_;
  ChunkPlace place_;
  ChunkBytes bytes_;   // what commit() appends
  Buffer<char> text_;  // of the batch in hand, where that is not the same
};

class FileSink : public Sink {
 public:
  // Until it is committed, a chunk is bytes in its lane, see chunk_bytes.hpp.
  static constexpr uint32_t kAhead = 0;

  SinkAbilities bind(const std::vector<SinkStream>& streams) override {
    if (streams.size() != 1) {
      std::string names;
      for (const SinkStream& stream : streams) names += (names.empty() ? "" : ", ") + stream.name;
      throw Error(CM_INVALID, "one file holds one stream, and this sink is wired to " +
                                  std::to_string(streams.size()) + " (" + names +
                                  "); give each its own sink with `from:`");
    }
    schema_ = streams[0].schema;
    bind_schema(schema_);
    file_.emplace(options_);
    uint32_t flags = CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_PER_ROW_RESULT |
                     CM_SINK_APPENDS | CM_SINK_SHOWS_ORDER;
    if (options_.if_exists == IfExists::kReplace) flags |= CM_SINK_REPEATABLE;
    return {flags, 0, 0};
  }
  void check() override { file_->check(); }
  std::optional<LedgerRun> ledger(std::string_view job) override { return file_->known_run(job); }
  void attach(const Run& run) override {
    std::string first = head();
    if (compression_ == Compression::kGzip) {
      // A file without a row is a gzip file as well.
      Buffer<char> packed;
      GzipMembers().append(first, &packed);
      first.assign(packed.data(), packed.size());
    }
    const std::string packed_how = compression_ == Compression::kGzip ? "gzip\n" : "plain\n";
    const std::string note = file_->attach(run, first, packed_how + shape());
    if (!note.empty()) host().warn(note);
  }
  std::optional<SplitState> committed(std::string_view split) override {
    return file_->committed(split);
  }
  std::unique_ptr<SinkLane> open() override {
    return std::make_unique<FileLane>(*file_, make_format(), compression_);
  }
  void finish(const Run& run) override { file_->finish(run); }
  Tally tally(const Run& run) { return file_->tally(run.run); }

 protected:
  // The options that every file has.
  void configure_file(Options& options) {
    Path path{options_.path};
    options.required("path", path, "file to write; it gets its name when all rows are in it");
    options.choice(
        "compression", compression_,
        {{"auto", Compression::kAuto}, {"none", Compression::kNone}, {"gzip", Compression::kGzip}},
        "how the file is packed; auto: by gzip where its name ends in .gz");
    options.choice("if_exists", options_.if_exists,
                   {{"replace", IfExists::kReplace}, {"error", IfExists::kError}},
                   "a file that is there already: replace it, at the end of the run, or stop "
                   "before the first row");
    options.choice("sync", options_.sync,
                   {{"chunk", Sync::kChunk}, {"end", Sync::kEnd}, {"none", Sync::kNone}},
                   "when to wait for the disk: kill -9 never needs it, a power cut does; at every "
                   "chunk, at the end (a cut half-way then begins the file anew), or never");
    options_.path = path.value;
    if (!options.describing()) choose_compression();
  }
  const Schema& schema() const { return schema_; }

  // Checks that the format can hold such rows.
  virtual void bind_schema(const Schema& schema) = 0;
  // What the file begins with.
  virtual std::string head() const { return {}; }
  // How rows are written, where rows of another shape must not be added to a finished file.
  virtual std::string shape() const { return {}; }
  virtual std::unique_ptr<RowFormat> make_format() const = 0;

 private:
  // A file whose name says another thing than its bytes is read wrong by whoever gets it.
  void choose_compression() {
    const std::string_view foreign = foreign_ending(options_.path);
    if (!foreign.empty())
      throw Error(CM_INVALID, "a file of that name is " + std::string(foreign) +
                                  ", which is not written; end it in .gz, or in none of a packer")
          .at("path");
    const bool named_gz = has_ending(options_.path, ".gz");
    if (compression_ == Compression::kAuto) {
      compression_ = named_gz ? Compression::kGzip : Compression::kNone;
    } else if (named_gz && compression_ == Compression::kNone) {
      host().warn(options_.path + " is named .gz, but compression: none leaves it plain");
    } else if (!named_gz && compression_ == Compression::kGzip) {
      host().warn(options_.path + " is packed by gzip, but its name does not end in .gz");
    }
  }

  CommittedFile::Options options_;
  Compression compression_ = Compression::kAuto;
  Schema schema_;
  std::optional<CommittedFile> file_;
};

}  // namespace chunkmill::files
