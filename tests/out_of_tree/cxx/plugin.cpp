#include <chunkmill/calculator.hpp>
#include <map>

// What a plugin of some size uses of the SDK: all kinds of options, a lane of its own, a side
// stream, a flush, metrics and the log.
class OutOfTree : public chunkmill::BatchCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"out_of_tree_cxx", "1.2.3", "Doubles an amount"};

  struct Lane {
    int64_t rows = 0;
  };

  void configure(chunkmill::Options& opt) {
    opt.optional("factor", factor_, "what the amount is multiplied by");
    opt.optional("names", names_, "by language");
    opt.group("columns", "our names for its columns", [&](chunkmill::Options& columns) {
      columns.optional("amount", amount_name_, "the amount");
    });
  }

  void bind(chunkmill::Columns& columns) {
    amount_ = columns.in<std::optional<double>>(amount_name_.value, {}, "columns.amount");
    doubled_ = columns.out<double>("doubled");
  }

  void process(Lane& lane, const chunkmill::Batch& batch, chunkmill::Outputs& out,
               chunkmill::RowErrors& errors) const {
    const auto amount = batch.column<double>(static_cast<size_t>(amount_.column()));
    chunkmill::ColumnBuilder& doubled = out[doubled_];
    doubled.reserve(batch.row_count());
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      if (amount.is_null(row)) errors.report(row, "no_amount", "there is none", "amount");
      doubled.append(amount[row] * factor_);
    }
    lane.rows += batch.row_count();
    host().add("doubled_rows", static_cast<double>(batch.row_count()));
  }

  void flush(Lane& lane, const chunkmill::Chunk&, chunkmill::Outputs&,
             chunkmill::RowErrors&) const {
    host().debug(std::to_string(lane.rows) + " rows");
    lane.rows = 0;
  }

 private:
  double factor_ = 2;
  std::map<std::string, std::string> names_;
  chunkmill::ColumnName amount_name_{"amount"};
  chunkmill::In<std::optional<double>> amount_;
  chunkmill::Out<double> doubled_;
};
CHUNKMILL_CALCULATOR(OutOfTree)
