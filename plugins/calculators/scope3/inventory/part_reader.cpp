#include "plugins/calculators/scope3/inventory/part_reader.hpp"

#include <cmath>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

struct PartField {
  std::string_view name;
  Type type = Type::kUtf8;
};
constexpr PartField kPartFields[] = {{"result_id"},
                                     {"emissions_kgco2e", Type::kFloat64},
                                     {"sdg95", Type::kFloat64},
                                     {"factor_sdg95", Type::kFloat64},
                                     {"optional", Type::kBool},
                                     {"factor_id"},
                                     {"factor_set"},
                                     {"factor_set_version"},
                                     {"factor_unit"},
                                     {"match_level"}};

}  // namespace

void PartReader::open(const Host& host, const std::vector<LookupName>& lookups) {
  streams_.clear();
  waiting_.clear();
  Schema wanted;
  for (const PartField& field : kPartFields)
    wanted.fields.emplace_back(std::string(field.name), field.type);
  for (const LookupName& lookup : lookups) {
    const Schema there = host.lookup_stream(lookup.value).schema();
    for (const Field& field : wanted.fields)
      if (there.find(field.name) < 0)
        throw Error(CM_INVALID, "lookup \"" + lookup.value + "\" has no column \"" + field.name +
                                    "\": it takes the stream `parts` of the scope 3 calculators")
            .at("parts");
    streams_.push_back({lookup.value, host.lookup_stream(lookup.value, wanted)});
  }
}

void PartReader::expect(const ResultRow& row, bool primary, Tally* tally) {
  waiting_[Hasher().add(row.result_id).finish()].push_back(
      {tally, row.category, primary, row.kg, std::fabs(row.kg), std::string(row.result_id)});
}

void PartReader::read() {
  for (One& one : streams_) {
    while (const UniqueArray array = one.stream.next()) {
      const Batch batch(array.get(), &one.stream.schema());
      const auto text = [&](size_t column, int64_t row) {
        const auto view = batch.column<std::string_view>(column);
        return view.is_null(row) ? std::string_view() : view[row];
      };
      const auto number = [&](size_t column, int64_t row) {
        const auto view = batch.column<double>(column);
        return view.is_null(row) ? NAN : view[row];
      };
      for (int64_t i = 0; i < batch.row_count(); ++i) {
        const auto found = waiting_.find(Hasher().add(text(0, i)).finish());
        const auto optional = batch.column<bool>(4);
        if (found == waiting_.end() || (!optional.is_null(i) && optional[i])) continue;
        ResultRow part;
        part.kg = number(1, i);
        part.sdg95 = number(2, i);
        part.factor_sdg95 = number(3, i);
        part.factor_id = text(5, i);
        part.factor_set = text(6, i);
        part.factor_version = text(7, i);
        part.factor_unit = text(8, i);
        part.match_level = text(9, i);
        for (Waiting& result : found->second) {
          part.category = result.category;
          result.tally->add_part(part, result.primary);
          result.missing_kg -= part.kg;
          result.size_kg += std::fabs(part.kg);
        }
      }
    }
  }
  constexpr double kRounding = 1e-6;
  for (const auto& [hash, results] : waiting_)
    for (const Waiting& result : results)
      if (!(std::fabs(result.missing_kg) <= kRounding * result.size_kg))
        throw Error(CM_INVALID, "the parts of result " + result.id +
                                    " do not add up to it: `parts` needs the stream `parts` of the "
                                    "same run as `results`")
            .at("parts");
  waiting_.clear();
}

}  // namespace chunkmill::scope3
