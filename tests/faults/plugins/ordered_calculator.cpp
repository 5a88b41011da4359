// A calculator that must see the ids in the source's order, and breaks off when it does not.
#include <chunkmill/calculator.hpp>
#include <mutex>

namespace chunkmill::faults {
namespace {

class OrderedCalculator final : public BatchCalculator {
 public:
  static constexpr Info kInfo{"ordered", "1.0.0", "Check the order of ids", CM_CALCULATOR_ORDERED};

  void bind(Columns& columns) {
    id_ = columns.in<int64_t>("id");
    before_ = columns.out<int64_t>("id_before");
  }
  void process(const Batch& batch, Outputs& out, RowErrors&) const {
    const std::lock_guard lock(seen_.mutex);
    const auto ids = batch.column<int64_t>(static_cast<size_t>(id_.column()));
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      if (ids[row] <= seen_.last)
        throw Error(CM_INTERNAL, "id " + std::to_string(ids[row]) + " came after id " +
                                     std::to_string(seen_.last));
      out[before_].append(ids[row] - 1);
      seen_.last = ids[row];
    }
  }

 private:
  // Threads: guarded by its mutex. Shared on purpose: the order of chunks over all lanes counts.
  struct Seen {
    std::mutex mutex;
    int64_t last = -1;
  };

  mutable Seen seen_;
  In<int64_t> id_;
  Out<int64_t> before_;
};

}  // namespace
}  // namespace chunkmill::faults

CHUNKMILL_CALCULATOR(chunkmill::faults::OrderedCalculator)
