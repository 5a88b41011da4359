#include "plugins/calculators/scope3/common/factor_source.hpp"

#include <algorithm>

namespace chunkmill::scope3 {

void FactorShape::configure(Options& opt, std::string_view columns_name,
                            std::string_view defaults_name) {
  opt.group(columns_name,
            "columns of the factor lookup, by what they hold; default: the column of that name",
            [this](Options& inside) {
              for (size_t i = 0; i < kFactorFields; ++i)
                inside.optional(kFactorFieldWords[i].name, columns[i], kFactorFieldWords[i].what);
            });
  opt.group(defaults_name, "what holds for every factor that does not say it itself",
            [this](Options& inside) {
              for (size_t i = 0; i < kFactorFields; ++i) {
                const auto field = static_cast<FactorField>(i);
                if (field == FactorField::kFactorId || field == FactorField::kActivityCode ||
                    field == FactorField::kActivity || field == FactorField::kValue)
                  continue;
                inside.optional(kFactorFieldWords[i].name, defaults[i], kFactorFieldWords[i].what);
              }
            });
}

void FactorSource::configure(Options& opt) {
  opt.required("factors", lookups,
               "the lookup with the emission factors, or several in order of preference");
  shape.configure(opt, "factor_columns", "factor_defaults");
  shapes.clear();
  opt.each("factor_shapes", shapes,
           "of several lookups: how one of them is read, by its name, in place of factor_columns "
           "and factor_defaults",
           [](Options& inside, FactorShape& one) { one.configure(inside, "columns", "defaults"); });
  opt.optional("set_preference", preference,
               "sets in order of preference, where factors of several fit a row alike; default: "
               "the order of the lookups");
  if (opt.describing()) return;
  for (const auto& [name, one] : shapes)
    if (std::none_of(lookups.begin(), lookups.end(),
                     [&name = name](const LookupName& lookup) { return lookup.value == name; }))
      throw Error(CM_INVALID, "\"" + name + "\" is none of the lookups in `factors`")
          .at("factor_shapes." + name);
}

const FactorShape& FactorSource::shape_of(std::string_view lookup) const {
  for (const auto& [name, one] : shapes)
    if (name == lookup) return one;
  return shape;
}

void CodeMapping::configure(Options& opt) {
  opt.group("mapping", "a second lookup: from the activity as the job's rows name it to a code",
            [this](Options& inside) {
              inside.optional("lookup", lookup, "the lookup; without it rows hold the code itself");
              inside.optional("key", key, "its column with the rows' own name of the activity");
              inside.optional("code", code, "its column with the code of the factor table");
            });
}

}  // namespace chunkmill::scope3
