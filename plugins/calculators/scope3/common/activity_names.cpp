#include "chunkmill/nearest.hpp"
#include "plugins/calculators/scope3/common/factor_table.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {}  // namespace

void ActivityNames::load(const Host& host, const CodeMapping& mapping, const FactorTable& table) {
  const std::string& name = mapping.lookup.value;
  const Table lookup = host.lookup(name);
  const size_t key_column = find_column(lookup.schema(), name, mapping.key, "mapping.key");
  const size_t code_column = find_column(lookup.schema(), name, mapping.code, "mapping.code");
  given_ = true;
  for (size_t i = 0; i < lookup.batch_count(); ++i) {
    const Batch batch = lookup.batch(i);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string key = cell_text(batch, key_column, row);
      const std::string code = cell_text(batch, code_column, row);
      if (key.empty() || code.empty()) continue;
      Specificity level = Specificity::kExact;
      const bool ours = !code.starts_with(kOutOfScope);
      if (ours && table.find(code, &level) == FactorTable::kNoClass)
        host.warn("lookup \"" + name + "\": " + in_quotes(key) + ": " +
                  table.explain_unknown(code));
      const uint32_t before = index_.find(key);
      if (before != KeyIndex::kAbsent && codes_[before] != code)
        throw Error(CM_INVALID, "lookup \"" + name + "\" maps " + in_quotes(key) + " to two codes")
            .at("mapping");
      if (index_.insert(key, static_cast<uint32_t>(codes_.size()))) codes_.push_back(code);
    }
  }
}

std::string ActivityNames::explain_unknown(std::string_view name) const {
  name = trim(name);
  const std::string near = nearest(name, index_.keys());
  return "the mapping has no " + in_quotes(name) +
         (near.empty() ? "" : "; near to it: " + in_quotes(near));
}

}  // namespace chunkmill::scope3
