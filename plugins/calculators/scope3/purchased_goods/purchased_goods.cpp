#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"

#include <algorithm>

#include "chunkmill/nearest.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

Method method_named(const std::string& name, std::string_view option) {
  std::vector<std::string> names;
  for (size_t i = 0; i < kMethods; ++i) {
    names.emplace_back(Text(kMethodNames[i]).view());
    if (name == names.back()) return static_cast<Method>(i);
  }
  const std::string near = nearest(name, names);
  throw Error(CM_INVALID, "\"" + name + "\" is none of supplier_specific, average_data, " +
                              "spend_based" +
                              (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
      .at(option);
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && edit_distance(a, b) == 0;
}

// Why the method of a line was chosen, from what became of those before it.
Reason reason_for(Method method, bool forced, Gap supplier, Gap average) {
  if (forced) return Reason::kForced;
  if (method == Method::kSupplierSpecific) return Reason::kSupplierFactor;
  if (method == Method::kAverageData)
    return supplier == Gap::kNotGiven ? Reason::kQuantity : Reason::kSupplierFactorUnfit;
  if (average == Gap::kNotGiven)
    return supplier == Gap::kNotGiven ? Reason::kNoQuantity : Reason::kSupplierFactorUnfit;
  return average == Gap::kNoFactorForMethod ? Reason::kNoFactorPerUnit : Reason::kQuantityUnfit;
}

}  // namespace

void PurchasedGoods::configure(Options& opt) {
  source_.configure(opt);
  mapping_.configure(opt);
  names_.configure(opt);
  opt.optional("carry", carry_, "columns of the input that the result repeats");
  opt.optional("currency", currency_,
               "ISO 4217 code of spend without a currency of its own; default: that of the "
               "factors, if they have but one");
  opt.choice("method", method_,
             {{"auto", std::string("auto")},
              {"supplier_specific", std::string("supplier_specific")},
              {"average_data", std::string("average_data")},
              {"spend_based", std::string("spend_based")}},
             "one method for all rows; auto: the best that a row's data allow");
  opt.optional("methods_allowed", methods_allowed_, "methods that auto may choose; default: all");
  opt.choice("detail", detail_,
             {{"lean", Detail::kLean}, {"standard", Detail::kStandard}, {"full", Detail::kFull}},
             "how many columns the result has");
  if (opt.describing()) return;

  settings_.currency_for_all = !currency_.empty();
  settings_.currency = parse_currency(currency_);
  if (settings_.currency_for_all && settings_.currency == 0)
    throw Error(CM_INVALID, "\"" + currency_ + "\" is not an ISO 4217 code like USD")
        .at("currency");
  methods_.clear();
  forced_ = method_ != "auto";
  if (forced_) {
    methods_.push_back(method_named(method_, "method"));
  } else if (methods_allowed_.empty()) {
    methods_ = {Method::kSupplierSpecific, Method::kAverageData, Method::kSpendBased};
  } else {
    for (const std::string& name : methods_allowed_)
      methods_.push_back(method_named(name, "methods_allowed"));
    std::sort(methods_.begin(), methods_.end());
    methods_.erase(std::unique(methods_.begin(), methods_.end()), methods_.end());
  }
}

void PurchasedGoods::bind(Columns& columns) {
  if (!loaded_) load_factors();
  columns.main().only_outputs();
  columns_.bind(columns, names_);
  declare_carried(columns);
  if (!columns_.spend.present() && !columns_.quantity.present() && !names_.spend &&
      !names_.quantity)
    throw Error(CM_INVALID,
                "there is neither a column \"spend\" nor a column \"quantity\": name one")
        .at("columns.spend");
  results_.declare(columns, kCategory, detail_, settings_hash());

  const std::vector<Field>& fields = columns.main().schema().fields;
  for (size_t i = 0; i < carried_.size(); ++i)
    for (size_t j = i + 1; j < fields.size(); ++j)
      if (same_name(fields[i].name, fields[j].name))
        throw Error(CM_INVALID, "column \"" + fields[i].name +
                                    "\" would stand twice in the result; give it another name")
            .at(has_id_ && i == 0 ? "columns.id" : "carry");
}

void PurchasedGoods::load_factors() {
  factors_ = FactorTable::load(host(), source_, Boundary::kCradleToGate);
  if (mapping_.given()) factors_.map_codes(host(), mapping_);
  if (!settings_.currency_for_all) {
    settings_.currency = factors_.only_currency();
    if (settings_.currency != 0)
      host().info("spend without a currency is taken as " + currency_text(settings_.currency) +
                  ", that of the factors");
  }
  loaded_ = true;
}

void PurchasedGoods::declare_carried(Columns& columns) {
  carried_.clear();
  has_id_ = names_.id || columns.has("id");
  if (has_id_) carried_.add(columns, names_.id ? names_.id->value : "id", "columns.id");
  for (const ColumnName& name : carry_) carried_.add(columns, name.value, "carry");
}

uint64_t PurchasedGoods::settings_hash() const {
  Hasher hasher;
  hasher.add(std::string_view(kInfo.name)).add(std::string_view(kInfo.version));
  hasher.add(uint64_t{settings_.currency});
  for (const Method method : methods_) hasher.add(static_cast<uint64_t>(method));
  return hasher.finish();
}

void PurchasedGoods::process(Lane& lane, const Batch& batch, Outputs& out,
                             RowErrors& errors) const {
  const Purchases purchases(batch, columns_);
  const int64_t rows = batch.row_count();
  results_.begin(rows, lane.scratch, out);
  carried_.write(batch, out);
  Sums sums;
  for (int64_t begin = 0; begin < rows; begin += static_cast<int64_t>(kBlock)) {
    const auto count = static_cast<size_t>(std::min(static_cast<int64_t>(kBlock), rows - begin));
    lane.lines.assign(count, Line());
    lane.hashes.assign(count, 0);
    lane.supplier_factors.clear();
    carried_.hash(batch, begin, count, lane.hashes.data());
    for (size_t i = 0; i < count; ++i) {
      const int64_t row = begin + static_cast<int64_t>(i);
      Line& line = lane.lines[i];
      Purchase purchase{purchases, row, purchases.activity.text(row), {}, {}};
      if (!purchase.code.empty()) purchase.activity = factors_.find(purchase.code);
      if (purchases.date.has(row))
        purchase.circumstances.year = lane.year_of(purchases.date[row].days);
      if (purchases.region.has(row))
        purchase.circumstances.region = region_key(purchases.region[row]);
      line.input_hash = lane.hashes[i];
      line.row = purchase.circumstances;

      Gap gap = Gap::kNotGiven;
      if (has_id_ && carried_.is_null(batch, 0, row)) {
        errors.report(row, "missing_id", "\"" + carried_.name(0) + "\" is empty", carried_.name(0));
      } else if (!calculate(purchase, lane, &line, &gap)) {
        reject(purchase, gap, errors);
      } else {
        sums.kg_co2e += line.kg_co2e;
        ++sums.rows[static_cast<size_t>(line.method)];
      }
    }
    results_.write(lane.lines, lane.scratch, out);
  }
  publish(sums);
}

Estimate PurchasedGoods::estimate(Method method, const Purchase& purchase, Lane& lane) const {
  switch (method) {
    case Method::kSupplierSpecific:
      return supplier_specific(purchase, settings_, lane.supplier_factors);
    case Method::kAverageData:
      return average_data(purchase, factors_);
    case Method::kSpendBased:
      return spend_based(purchase, settings_, factors_);
  }
  return {};
}

bool PurchasedGoods::calculate(const Purchase& purchase, Lane& lane, Line* line, Gap* gap) const {
  Gap gaps[kMethods] = {};
  bool chosen = false;
  for (const Method method : methods_) {
    const Estimate made = estimate(method, purchase, lane);
    if (made.factor == nullptr) {
      gaps[static_cast<size_t>(method)] = made.gap;
      if (made.gap != Gap::kNotGiven) *gap = made.gap;
      continue;
    }
    if (chosen) {
      line->runner_up = method;
      line->runner_up_kg = made.kg_co2e;
      break;
    }
    chosen = true;
    line->factor = made.factor;
    line->amount = made.amount;
    line->kg_co2e = made.kg_co2e;
    line->method = method;
    line->match = made.match;
    line->flags = made.flags;
  }
  if (!chosen) return false;
  const Gap supplier = gaps[static_cast<size_t>(Method::kSupplierSpecific)];
  const Gap average = gaps[static_cast<size_t>(Method::kAverageData)];
  if (supplier != Gap::kNotGiven) line->flags |= kSupplierUnfit;
  if (line->method == Method::kSpendBased && average != Gap::kNotGiven &&
      average != Gap::kNoFactorForMethod)
    line->flags |= kQuantityUnfit;
  line->reason = reason_for(line->method, forced_, supplier, average);
  return true;
}

void PurchasedGoods::publish(const Sums& sums) const {
  host().add("emissions_kgco2e", sums.kg_co2e);
  host().add("emissions_tco2e", sums.kg_co2e / 1000);
  for (size_t i = 0; i < kMethods; ++i) {
    if (sums.rows[i] == 0) continue;
    host().add("method." + std::string(Text(kMethodNames[i]).view()),
               static_cast<double>(sums.rows[i]));
  }
}

}  // namespace chunkmill::scope3
