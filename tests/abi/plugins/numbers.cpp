// A source that counts: two splits, `rows` rows in each; every `bad_every`-th record cannot be
// read. Says of itself what a well-behaved source says, so that the tests see every call of a
// source's table.
#include <chunkmill/source.hpp>

namespace chunkmill {
namespace {

std::string text_of_record(int64_t number) { return "number " + std::to_string(number); }

// Numbers from a list, or all from `first` on when there is no list.
class NumbersLane final : public SourceLane {
 public:
  NumbersLane(int64_t base, int64_t at, int64_t end, int64_t bad_every, std::vector<int64_t> list)
      : base_(base), at_(at), end_(end), bad_every_(bad_every), list_(std::move(list)) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    if (at_ == end_) return false;
    ColumnBuilder numbers(Type::kInt64);
    ColumnBuilder texts(Type::kUtf8);
    const auto count = std::min<int64_t>(end_ - at_, static_cast<int64_t>(limits.max_rows));
    for (int64_t i = 0; i < count; ++i, ++at_) {
      const int64_t number = list_.empty() ? base_ + at_ : list_[static_cast<size_t>(at_)];
      if (bad_every_ > 0 && number % bad_every_ == bad_every_ - 1) {
        errors.report_record(i, "bad_number", "cannot be read", "n", text_of_record(number),
                             "numbers", at_ + 1);
        continue;
      }
      numbers.append(number);
      texts.append(std::string_view(text_of_record(number)));
    }
    const int64_t rows = numbers.size();
    std::vector<ArrowArray> columns(2);
    numbers.finish(&columns[0]);
    texts.finish(&columns[1]);
    make_struct_array(std::move(columns), rows, out);
    return true;
  }
  std::string position() const override { return std::to_string(at_); }

 private:
  int64_t base_, at_, end_, bad_every_;
  std::vector<int64_t> list_;
};

class Numbers final : public Source {
 public:
  static constexpr Info kInfo{"numbers", "2.1.0", "Count, for tests"};

  void configure(Options& opt) {
    opt.optional("rows", rows_, "rows in each split");
    opt.optional("bad_every", bad_every_, "every how manieth record cannot be read");
    opt.optional("forgetful", forgetful_, "misbehave: begin anew whatever the position");
  }
  Schema schema() override { return {{{"n", Type::kInt64, false}, {"text", Type::kUtf8, false}}}; }
  std::vector<Split> plan(uint32_t) override {
    return {{"low", "from 0", rows_, -1}, {"high", "from 1000", rows_, -1}};
  }
  std::string identity() override { return std::to_string(rows_); }
  std::unique_ptr<SourceLane> open(std::string_view split, std::string_view position) override {
    return std::make_unique<NumbersLane>(base(split), forgetful_ ? 0 : number(position), rows_,
                                         bad_every_, std::vector<int64_t>());
  }
  void records(std::string_view split, std::string_view begin, std::span<const uint64_t> ordinals,
               RecordSink& out) {
    for (const uint64_t ordinal : ordinals) {
      const int64_t at = number(begin) + static_cast<int64_t>(ordinal);
      out.add(ordinal, text_of_record(base(split) + at), "numbers", at + 1);
    }
  }
  std::unique_ptr<SourceLane> replay(std::vector<Record> records) {
    std::vector<int64_t> list;
    for (const Record& record : records) {
      list.push_back(number(std::string_view(record.raw).substr(text_of_record(0).size() - 1)));
    }
    const auto count = static_cast<int64_t>(list.size());
    return std::make_unique<NumbersLane>(0, 0, count, bad_every_, std::move(list));
  }

 private:
  static int64_t base(std::string_view split) {
    if (split == "low") return 0;
    if (split == "high") return 1000;
    throw Error(CM_NOT_FOUND, "there is no split " + std::string(split));
  }
  static int64_t number(std::string_view text) {
    int64_t value = 0;
    if (!text.empty() && parse_int64(text, &value) != ParseFault::kNone) {
      throw Error(CM_INVALID, "not a position: " + std::string(text));
    }
    return value;
  }

  int64_t rows_ = 20;
  int64_t bad_every_ = 0;
  bool forgetful_ = false;
};

}  // namespace
}  // namespace chunkmill

CHUNKMILL_SOURCE(chunkmill::Numbers)
