#include <chunkmill/hook.hpp>

// Logs how far the run is, every so many chunks and at its end.
class @CLASS@ : public chunkmill::Hook {
 public:
  static constexpr chunkmill::Info kInfo{"@NAME@", "0.1.0", "Log how far a run is"};

  void configure(chunkmill::Options& opt) {
    opt.optional("every", every_, "how many chunks there are from one line to the next");
  }

  void event(std::string_view name, const chunkmill::EventValue& fields) override {
    if (name == "chunk") {
      ++chunks_;
      rows_ += fields["chunk_size"].get<int64_t>();
    }
    if (name == "run_end" || (name == "chunk" && every_ > 0 && chunks_ % every_ == 0))
      host().info(std::to_string(chunks_) + " chunks, " + std::to_string(rows_) + " rows");
  }

 private:
  int64_t every_ = 100;
  int64_t chunks_ = 0;
  int64_t rows_ = 0;
};
CHUNKMILL_HOOK(@CLASS@)
