#include "plugins/calculators/scope3/inventory/gaps.hpp"

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"
#include "plugins/calculators/scope3/inventory/json_member.hpp"

namespace chunkmill::scope3 {
namespace {

// One reject of a batch.
class RejectRow {
 public:
  RejectRow(const Batch& batch, int64_t row) : batch_(batch), row_(row) {}

  // Of the reject's own columns; empty where there is none.
  std::string text(std::string_view column) const {
    const int found = batch_.schema().find(column);
    return found < 0 ? std::string() : cell_text(batch_, static_cast<size_t>(found), row_);
  }
  // Of the row that was rejected.
  std::string field(const std::string& name) const {
    if (std::string own = text(name); !own.empty()) return own;
    return json_member(text("fields"), name).value_or("");
  }
  int category() const {
    const int by_plugin = category_of_plugin(text("plugin"));
    if (by_plugin != 0) return by_plugin;
    int32_t number = 0;
    if (parse_int32(text("category"), &number) != ParseFault::kNone) return 0;
    return number >= 1 && number <= kCategories ? number : 0;
  }

 private:
  const Batch& batch_;
  int64_t row_;
};

void add(const RejectRow& row, const ResultNames& names, Gap* gap) {
  const std::string message = row.text("message");
  if (gap->rows == 0 || message < gap->example) gap->example = message;
  ++gap->rows;
  double spend = 0;
  if (parse_double(row.field(names.spend.value_or("spend")), &spend) != ParseFault::kNone) return;
  gap->spend[row.field(names.currency.value_or("currency"))].add(spend);
}

}  // namespace

std::map<std::string, Gaps> read_rejects(TableStream rejects, const std::string& lookup,
                                         const ResultNames& names) {
  find_column(rejects.schema(), lookup, "code", "rejects");
  std::map<std::string, Gaps> out;
  while (const UniqueArray array = rejects.next()) {
    const Batch batch(array.get(), &rejects.schema());
    for (int64_t i = 0; i < batch.row_count(); ++i) {
      const RejectRow row(batch, i);
      if (const std::string state = row.text("state"); !state.empty() && state != "open") continue;
      const std::string inventory = names.inventory ? row.field(*names.inventory) : std::string();
      add(row, names, &out[inventory][{row.category(), row.text("code"), row.text("column")}]);
    }
  }
  return out;
}

}  // namespace chunkmill::scope3
