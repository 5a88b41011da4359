// Writes each row as a file: its name and its content are columns. For pages, letters, documents.
//
// Every file is whole or not there: written under another name, synced, renamed. Writing a row
// again gives the same file, so that a chunk that comes twice changes nothing.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/sink.hpp"

namespace chunkmill::files_sink {

// A file that waits for its name.
struct WaitingFile {
  std::string path;
  std::string temporary;
};

class FilesLane final : public SinkLane {
 public:
  // `folder` is there; `name` and `content` are columns of the one stream.
  FilesLane(std::string folder, size_t name, size_t content, std::string name_column,
            bool skip_nameless)
      : folder_(std::move(folder)),
        name_(name),
        content_(content),
        name_column_(std::move(name_column)),
        skip_nameless_(skip_nameless) {}
  ~FilesLane() override { abort(); }

  bool begin(const Chunk& chunk) override;
  void write(uint32_t stream, const Batch& batch, RowErrors& errors) override;
  void commit(const Counts& counts) override;
  void abort() noexcept override;

 private:
  void write_file(std::string_view name, std::string_view content);

  const std::string folder_;
  const size_t name_;
  const size_t content_;
  const std::string name_column_;
  const bool skip_nameless_;
  std::string suffix_;  // of names for the time being, the chunk's own
  std::vector<WaitingFile> waiting_;
};

class FilesSink final : public Sink {
 public:
  static constexpr Info kInfo{"files", "1.0.0", "Write each row as a file of its own"};

  void configure(Options& opt);
  SinkAbilities bind(const std::vector<SinkStream>& streams) override;
  void check() override;
  void attach(const Run& run) override;
  std::unique_ptr<SinkLane> open() override;

 private:
  size_t column(const Schema& schema, const std::string& name, const char* option) const;

  Path folder_;
  std::string name_ = "name";
  std::string content_ = "content";
  bool skip_nameless_ = false;
  size_t name_at_ = 0;
  size_t content_at_ = 0;
};

// Why a file of that name is refused; nullptr where it is not. A name is one step of a path, and
// none that means something else: "..", "a/b", ".hidden" are refused.
const char* fault_of_name(std::string_view name);

}  // namespace chunkmill::files_sink
