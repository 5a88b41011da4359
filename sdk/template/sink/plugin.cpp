#include <chunkmill/builder.hpp>
#include <chunkmill/sink.hpp>
#include <cstdio>

// Keeps the lines of a chunk until it is committed.
class @CLASS@Lane : public chunkmill::SinkLane {
 public:
  explicit @CLASS@Lane(std::string separator) : separator_(std::move(separator)) {}

  bool begin(const chunkmill::Chunk&) override { return true; }
  void write(uint32_t, const chunkmill::Batch& batch, chunkmill::RowErrors&) override {
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      for (size_t i = 0; i < batch.schema().size(); ++i) {
        if (i > 0) lines_ += separator_;
        lines_ += batch.column<std::string_view>(i).get(row).value_or("");
      }
      lines_ += '\n';
    }
  }
  void commit(const chunkmill::Counts&) override {
    if (std::fwrite(lines_.data(), 1, lines_.size(), stdout) != lines_.size())
      throw chunkmill::Error(CM_IO, "cannot write to standard output");
    lines_.clear();
  }
  void abort() noexcept override { lines_.clear(); }

 private:
  std::string separator_;
  std::string lines_;
};

// Prints columns of text.
class @CLASS@ : public chunkmill::Sink {
 public:
  static constexpr chunkmill::Info kInfo{"@NAME@", "0.1.0", "Print rows of text"};

  void configure(chunkmill::Options& opt) {
    opt.optional("separator", separator_, "what stands between two columns");
  }
  chunkmill::SinkAbilities bind(const std::vector<chunkmill::SinkStream>& streams) override {
    for (const chunkmill::SinkStream& stream : streams)
      for (const chunkmill::Field& field : stream.schema.fields)
        if (field.type != chunkmill::Type::kUtf8)
          throw chunkmill::Error(CM_INVALID, "column \"" + field.name + "\" is a " +
                                                 field.type_text() + ", but only text is printed");
    return {CM_SINK_TRANSACTIONAL};
  }
  std::unique_ptr<chunkmill::SinkLane> open() override {
    return std::make_unique<@CLASS@Lane>(separator_);
  }

 private:
  std::string separator_ = ",";
};
CHUNKMILL_SINK(@CLASS@)
