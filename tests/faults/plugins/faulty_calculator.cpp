// A calculator with a stream of totals beside its rows, that rejects, skips and fails on order.
//   main    the input and `double`, twice the amount
//   totals  one row a chunk, of no single parent: rows, sum of amounts
#include <algorithm>
#include <chunkmill/calculator.hpp>
#include <cstdio>

#include "fault.hpp"

namespace chunkmill::faults {
namespace {

class FaultyCalculator final : public BatchCalculator {
 public:
  static constexpr Info kInfo{"faulty", "1.2.3", "Add up, and fail on order"};

  void configure(Options& opt) {
    opt.optional("reject_every", reject_every_, "every how manieth id is rejected");
    opt.optional("skip_every", skip_every_, "every how manieth id is left out");
    opt.optional("totals", totals_, "put out the stream of totals too");
    opt.optional("short_at", short_at_, "the call whose output is a row short");
    opt.optional("stray_at", stray_at_, "the call that gives a parent which is no row");
    opt.optional("moved_in", moved_in_, "a file that takes the place of `moved_out` in bind()");
    opt.optional("moved_out", moved_out_, "the file whose place it takes");
    opt.group("fail_process", "failures of this call",
              [&](Options& inner) { calls_.fault.configure(inner); });
  }
  void bind(Columns& columns) {
    if (!moved_in_.value.empty()) std::rename(moved_in_.value.c_str(), moved_out_.value.c_str());
    id_ = columns.in<int64_t>("id");
    amount_ = columns.in<double>("amount");
    if (skip_every_ > 0) columns.main().any_rows();
    double_ = columns.out<double>("double");
    if (!totals_) return;
    Stream& totals = columns.stream("totals");
    rows_ = totals.out<int64_t>("rows");
    sum_ = totals.out<double>("sum");
  }
  void process(const Batch& batch, Outputs& out, RowErrors& errors) const {
    calls_.fault.pass("process");
    const int64_t call = ++calls_.count;
    const bool is_short = call == short_at_;
    const auto ids = batch.column<int64_t>(static_cast<size_t>(id_.column()));
    const auto amounts = batch.column<double>(static_cast<size_t>(amount_.column()));
    int64_t rows = 0;
    double sum = 0;
    for (int64_t row = 0; row < batch.row_count() - (is_short ? 1 : 0); ++row) {
      if (skip_every_ > 0) {
        if (ids[row] % skip_every_ == 0) continue;
        out.parent(0, row);
      }
      out[double_].append(amounts[row] * 2);
      if (reject_every_ > 0 && ids[row] % reject_every_ == 0)
        errors.report(row, "told_to", "this id is rejected", "id");
      // A row that is rejected counts here all the same: the host must calculate again without it.
      ++rows;
      sum += amounts[row];
    }
    host().add("amount_sum", sum);
    if (!totals_) return;
    out[rows_].append(rows);
    out[sum_].append(sum);
    out.parent(1, call == stray_at_ ? batch.row_count() : -1);
  }

 private:
  // Threads: counted by all lanes; the object itself is read-only.
  struct Calls {
    Fault fault;
    std::atomic<int64_t> count{0};
  };

  int64_t reject_every_ = 0;
  int64_t skip_every_ = 0;
  bool totals_ = false;
  int64_t short_at_ = 0;
  int64_t stray_at_ = 0;
  Path moved_in_;
  Path moved_out_;
  mutable Calls calls_;
  In<int64_t> id_;
  In<double> amount_;
  Out<double> double_;
  Out<int64_t> rows_;
  Out<double> sum_;
};

}  // namespace
}  // namespace chunkmill::faults

CHUNKMILL_CALCULATOR(chunkmill::faults::FaultyCalculator)
