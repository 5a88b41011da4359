#include "framework/plan/projection.hpp"

#include "framework/data/cast.hpp"

namespace chunkmill::host {

Result<Projection> project(Source& source, const Schema& all, const Schema& wanted,
                           const std::string& also) {
  Projection projection;
  ASSIGN_OR_RETURN(projection.is_wanted, source.select(wanted));
  projection.read = std::make_shared<const Schema>(projection.is_wanted ? wanted : all);
  if (projection.is_wanted) return projection;
  RETURN_IF_ERROR(check_cast(all, wanted));
  Schema own;
  for (const Field& field : wanted.fields)
    own.fields.push_back(all[static_cast<size_t>(all.find(field.name))]);
  if (const int extra = all.find(also); extra >= 0 && own.find(also) < 0)
    own.fields.push_back(all[static_cast<size_t>(extra)]);
  if (own == all) return projection;
  ASSIGN_OR_RETURN(const bool narrowed, source.select(own));
  if (narrowed) projection.read = std::make_shared<const Schema>(std::move(own));
  return projection;
}

}  // namespace chunkmill::host
