// A calculator whose inputs have units: for jobs whose units do not match.
#include <chunkmill/calculator.hpp>

namespace {

class Freight : public chunkmill::RowCalculator {
 public:
  static constexpr chunkmill::Info kInfo{"freight", "1.0.0", "Multiply mass and distance"};

  void bind(chunkmill::Columns& columns) {
    distance_ = columns.in<double>("distance", "km");
    mass_ = columns.in<double>("mass", "t");
    result_ = columns.out<double>("tonne_km", "t.km");
  }
  void row(const chunkmill::Row& in, chunkmill::RowOut& out) const {
    out[result_] = in[distance_] * in[mass_];
  }

 private:
  chunkmill::In<double> distance_, mass_;
  chunkmill::Out<double> result_;
};

}  // namespace

CHUNKMILL_CALCULATOR(Freight)
