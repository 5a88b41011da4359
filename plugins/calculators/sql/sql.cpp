#include "plugins/calculators/sql/sql.hpp"

#include "plugins/calculators/sql/scopes.hpp"

namespace chunkmill::select {

Sql::Lane::Lane(const Sql& sql) : select(sql.plan_, sql.chunk_, sql.lookup_tables(), sql.host()) {}

void Sql::configure(Options& opt) {
  opt.required("select", options_.select,
               "one SELECT over the table `chunk`, the rows that come in, and over the lookups");
  opt.optional("lookups", lookup_names_, "lookups that are tables of the statement");
  opt.optional("types", options_.types,
               "types of results by name, where the statement does not show them: string, int32, "
               "int64, float, bool, binary, date, timestamp, decimal(18,2)");
  opt.optional("units", options_.units, "units of results by name: {emissions: kgCO2e}");
  for (const LookupName& name : lookup_names_)
    if (same_name(name.value, kChunk))
      throw Error(CM_INVALID, "a lookup cannot be called chunk: that are the rows").at("lookups");
}

void Sql::bind(Columns& columns) {
  lookups_.clear();
  tables_.reset();
  for (const LookupName& name : lookup_names_)
    lookups_.push_back({name.value, host().lookup(name.value)});
  chunk_ = columns.available();
  plan_ = plan_of(options_, chunk_, lookups_);
  for (const std::string& name : plan_.needed) columns.in_any_type(name, "select");
  Stream& out = columns.main().only_outputs().any_rows();
  // The C++ type says nothing here: the field does.
  for (const ResultColumn& result : plan_.results) out.add<std::string_view>(result.field);
}

const LookupTables* Sql::lookup_tables() const {
  if (lookup_names_.empty()) return nullptr;
  const Lock lock(mutex_);
  if (tables_ == nullptr) {
    tables_ = std::make_unique<const LookupTables>(lookups_, plan_.indexes);
    lookups_.clear();
  }
  return tables_.get();
}

}  // namespace chunkmill::select
