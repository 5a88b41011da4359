#include "plugins/calculators/scope3/inventory/evidence_reader.hpp"

#include <algorithm>

namespace chunkmill::scope3 {
namespace {

bool has_all(const std::vector<ResultReader>& readers, std::initializer_list<ResultField> fields) {
  return std::all_of(readers.begin(), readers.end(), [&](const ResultReader& reader) {
    return std::all_of(fields.begin(), fields.end(),
                       [&](ResultField field) { return reader.has(field); });
  });
}

template <typename T>
const T& of(const std::map<std::string, T>& all, const std::string& inventory) {
  static const T kNone{};
  const auto found = all.find(inventory);
  return found == all.end() ? kNone : found->second;
}

// Found by views, made by texts.
Tally& tally_of(std::map<std::string, Tally>& tallies, std::string_view inventory,
                std::pair<std::string, Tally*>* last) {
  if (last->second == nullptr || last->first != inventory) {
    last->first = inventory;
    last->second = &tallies[last->first];
  }
  return *last->second;
}

}  // namespace

void EvidenceReader::open(const Host& host, const EvidenceOptions& options) {
  const Lock lock(mutex_);
  options_ = &options;
  is_read_ = false;
  results_.clear();
  results_again_.clear();
  previous_.clear();
  rejects_.clear();
  statements_.clear();
  for (const LookupName& name : options.results)
    results_.emplace_back(host, name.value, options.names);
  has_ids_ = options.compare_ids && has_all(results_, {ResultField::kId});
  has_purchases_ =
      has_all(results_, {ResultField::kSupplier, ResultField::kDate, ResultField::kSpend});
  if (has_ids_ || has_purchases_)
    for (const LookupName& name : options.results)
      results_again_.emplace_back(host, name.value, options.names);
  has_spreads_ = has_all(results_, {ResultField::kSdg95});
  parts_.open(host, options.parts);
  if (parts_.given() && !has_all(results_, {ResultField::kResultId}))
    throw Error(CM_INVALID, "results have no column \"result_id\", by which parts are joined")
        .at("parts");
  for (const LookupName& name : options.previous)
    previous_.emplace_back(host, name.value, options.names);
  if (!previous_.empty() &&
      !(has_all(results_, {ResultField::kId}) && has_all(previous_, {ResultField::kId})))
    throw Error(CM_INVALID,
                "results of the last time are joined by id, and there is no such column; say with "
                "columns.id which one it is")
        .at("previous");
  for (const LookupName& name : options.rejects) rejects_.push_back(host.lookup_stream(name.value));
  if (!options.statements.empty())
    statements_.push_back(host.lookup_stream(options.statements.value));
}

void EvidenceReader::read() {
  TwiceCounted twice(has_ids_, has_purchases_);
  Recalculation recalculation;
  std::pair<std::string, Tally*> last{"", nullptr};
  for (ResultReader& reader : previous_)
    reader.each([&](const ResultRow& row) { recalculation.add_old(row); });
  for (ResultReader& reader : results_) {
    reader.each([&](const ResultRow& row) {
      Tally& tally = tally_of(tallies_, row.inventory, &last);
      tally.add(row, options_->primary_methods, parts_.given());
      if (parts_.given() && row.category != 0 && std::isfinite(row.kg) &&
          place_of(row) == Place::kInSum && row.has_flag("several_factors"))
        parts_.expect(row, basis_of(row, options_->primary_methods) == Basis::kPrimary, &tally);
      twice.note(row);
      if (!previous_.empty()) recalculation.add_new(row);
    });
  }
  parts_.read();
  if (twice.any())
    for (ResultReader& reader : results_again_)
      reader.each([&](const ResultRow& row) { twice.look(row); });
  overlaps_ = twice.found();
  changes_ = recalculation.changes();
  for (size_t i = 0; i < rejects_.size(); ++i) {
    for (auto& [inventory, gaps] :
         read_rejects(std::move(rejects_[i]), options_->rejects[i].value, options_->names)) {
      for (auto& [key, gap] : gaps) {
        Gap& to = gaps_[inventory][key];
        if (to.rows == 0 || gap.example < to.example) to.example = gap.example;
        to.rows += gap.rows;
        for (const auto& [currency, spend] : gap.spend) to.spend[currency].add(spend);
      }
    }
  }
  for (TableStream& stream : statements_)
    said_ = read_statements(std::move(stream), options_->statements.value, options_->names);
  results_.clear();
  results_again_.clear();
  previous_.clear();
}

Evidence EvidenceReader::evidence(const std::string& inventory) {
  const Lock lock(mutex_);
  if (!is_read_) {
    is_read_ = true;
    try {
      read();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  if (failure_) std::rethrow_exception(failure_);
  const Statements& own = of(said_, inventory);
  return {of(tallies_, inventory),
          of(gaps_, inventory),
          own.empty() ? of(said_, "") : own,
          of(overlaps_, inventory),
          of(changes_, inventory),
          has_ids_,
          has_purchases_,
          has_spreads_};
}

}  // namespace chunkmill::scope3
