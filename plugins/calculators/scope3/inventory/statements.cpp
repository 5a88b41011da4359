#include "plugins/calculators/scope3/inventory/statements.hpp"

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"
#include "plugins/calculators/scope3/inventory/category_words.hpp"

namespace chunkmill::scope3 {
namespace {

[[noreturn]] void refuse(const std::string& lookup, const std::string& what) {
  throw Error(CM_INVALID, "lookup \"" + lookup + "\": " + what).at("statements");
}

Relevance relevance_of(const std::string& word, const std::string& lookup) {
  if (word == "relevant") return Relevance::kRelevant;
  if (word == "not_relevant") return Relevance::kNotRelevant;
  if (word == "not_calculated") return Relevance::kNotCalculated;
  refuse(lookup, "status \"" + word + "\" is none of relevant, not_relevant, not_calculated");
}

}  // namespace

std::map<std::string, Statements> read_statements(TableStream statements, const std::string& lookup,
                                                  const ResultNames& names) {
  const Schema& schema = statements.schema();
  const size_t category = find_column(schema, lookup, "category", "statements");
  const size_t status = find_column(schema, lookup, "status", "statements");
  const int explanation = schema.find("explanation");
  const int inventory = names.inventory ? schema.find(*names.inventory) : -1;
  std::map<std::string, Statements> out;
  while (const UniqueArray array = statements.next()) {
    const Batch batch(array.get(), &schema);
    const auto text = [&](int column, int64_t row) {
      return column < 0 ? std::string() : cell_text(batch, static_cast<size_t>(column), row);
    };
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string number = cell_text(batch, category, row);
      int32_t of = 0;
      if (parse_int32(number, &of) != ParseFault::kNone || of < 1 || of > kCategories)
        refuse(lookup, "\"" + number + "\" is no category of 1 to 15");
      const Relevance relevance = relevance_of(cell_text(batch, status, row), lookup);
      if (!out[text(inventory, row)]
               .try_emplace(of, Statement{relevance, text(explanation, row)})
               .second)
        refuse(lookup, "category " + number + " stands there twice");
    }
  }
  return out;
}

}  // namespace chunkmill::scope3
