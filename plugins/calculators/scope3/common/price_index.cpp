#include "plugins/calculators/scope3/common/price_index.hpp"

#include <algorithm>
#include <cmath>

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"
#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {

void PriceIndex::configure(Options& opt) {
  opt.group("price_index", "price indexes by sector, to bring spend to the factor's base year",
            [this](Options& inside) {
              inside.optional("lookup", lookup_,
                              "the lookup: a row for each sector, a column for each year");
              inside.optional("code", code_column_, "its column with the sector's code");
            });
}

void PriceIndex::load(const Host& host) {
  const Table table = host.lookup(lookup_.value);
  const size_t code = find_column(table.schema(), lookup_.value, code_column_, "price_index.code");
  std::vector<std::pair<size_t, int32_t>> years;
  for (size_t i = 0; i < table.schema().size(); ++i) {
    int32_t year = 0;
    const std::string& name = table.schema()[i].name;
    if (name.size() == 4 && parse_int32(name, &year) == ParseFault::kNone)
      years.push_back({i, year});
  }
  if (years.empty())
    throw Error(CM_INVALID,
                "lookup \"" + lookup_.value + "\" has no column that is named like a year: 2022")
        .at("price_index.lookup");
  const auto by_year = [](const auto& a, const auto& b) { return a.second < b.second; };
  first_year_ = std::min_element(years.begin(), years.end(), by_year)->second;
  last_year_ = std::max_element(years.begin(), years.end(), by_year)->second;
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      Series one(static_cast<size_t>(last_year_ - first_year_ + 1), NAN);
      for (const auto& [column, year] : years) {
        double value = 0;
        if (parse_double(cell_text(batch, column, row), &value) == ParseFault::kNone && value > 0)
          one[static_cast<size_t>(year - first_year_)] = value;
      }
      by_code_.emplace(cell_text(batch, code, row), static_cast<int32_t>(series_.size()));
      series_.push_back(std::move(one));
    }
  }
}

int32_t PriceIndex::series(const std::string& codes) {
  if (codes.empty()) return kNoSeries;
  if (const auto known = by_code_.find(codes); known != by_code_.end()) return known->second;
  if (codes.find(',') == std::string::npos) return kNoSeries;
  Series sum(static_cast<size_t>(last_year_ - first_year_ + 1), 0);
  double count = 0;
  for (size_t begin = 0; begin <= codes.size();) {
    const size_t end = std::min(codes.find(',', begin), codes.size());
    const auto found =
        by_code_.find(std::string(trim(std::string_view(codes).substr(begin, end - begin))));
    if (found == by_code_.end()) return kNoSeries;
    const Series& one = series_[static_cast<size_t>(found->second)];
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
    ++count;
    begin = end + 1;
  }
  for (double& value : sum) value /= count;
  const auto index = static_cast<int32_t>(series_.size());
  series_.push_back(std::move(sum));
  by_code_.emplace(codes, index);
  return index;
}

// After the last year the last value is carried; before the first, and in a hole, there is none.
std::optional<double> PriceIndex::value(const Series& of, int32_t* year, bool* carried) const {
  if (*year < first_year_) return std::nullopt;
  while (*year > last_year_ || std::isnan(of[static_cast<size_t>(*year - first_year_)])) {
    const bool beyond =
        *year > last_year_ || std::all_of(of.begin() + (*year - first_year_), of.end(),
                                          [](double value) { return std::isnan(value); });
    if (!beyond || *year == first_year_) return std::nullopt;
    *year = std::min(*year - 1, last_year_);
    *carried = true;
  }
  return of[static_cast<size_t>(*year - first_year_)];
}

std::optional<PriceRatio> PriceIndex::ratio(int32_t series, int32_t from, int32_t to) const {
  PriceRatio out{1, from, to, false};
  const Series& of = series_[static_cast<size_t>(series)];
  const std::optional<double> old_price = value(of, &out.from, &out.carried);
  const std::optional<double> base_price = value(of, &out.to, &out.carried);
  if (!old_price || !base_price) return std::nullopt;
  out.ratio = *base_price / *old_price;
  return out;
}

}  // namespace chunkmill::scope3
