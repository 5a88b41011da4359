#include "plugins/calculators/scope3/common/factor_source.hpp"

namespace chunkmill::scope3 {

void FactorSource::configure(Options& opt) {
  opt.required("factors", lookup, "the lookup with the emission factors");
  opt.group("factor_columns",
            "columns of that lookup, by what they hold; default: the column of the same name",
            [this](Options& inside) {
              for (size_t i = 0; i < kFactorFields; ++i)
                inside.optional(kFactorFieldNames[i], columns[i], kFactorFieldDocs[i]);
            });
  opt.group("factor_defaults", "what holds for every factor that does not say it itself",
            [this](Options& inside) {
              for (size_t i = 0; i < kFactorFields; ++i) {
                const auto field = static_cast<FactorField>(i);
                if (field == FactorField::kFactorId || field == FactorField::kActivityCode ||
                    field == FactorField::kActivity || field == FactorField::kValue)
                  continue;
                inside.optional(kFactorFieldNames[i], defaults[i], kFactorFieldDocs[i]);
              }
            });
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
