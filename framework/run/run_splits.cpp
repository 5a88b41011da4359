#include "framework/run/run_splits.hpp"

#include "framework/plan/option_place.hpp"
#include "framework/run/retried.hpp"

namespace chunkmill::host {
namespace {

// The id of an input's split is the input's name, then '#' and the place in it.
Status leave_out(const std::vector<std::string>& later, std::vector<Split>* splits) {
  for (const std::string& name : later) {
    const size_t gone = std::erase_if(*splits, [&](const Split& split) {
      return split.id.substr(0, split.id.rfind('#')) == name;
    });
    if (gone == 0)
      return Status(Code::kJob,
                    name +
                        " came since the run began, and the source does not say which of its "
                        "splits are of it; take it away until the run is finished, or give "
                        "`--restart` to begin a new run (rows that are written stay)");
  }
  return Status();
}

}  // namespace

Result<std::vector<Split>> splits_of(RunContext& context, size_t workers,
                                     const std::vector<std::string>& later) {
  const Pipeline& pipeline = *context.pipeline;
  const JobSpec& spec = *pipeline.spec;
  // A group must not be cut by the end of a split.
  const bool whole = !spec.chunk.keep_together.empty();
  if (whole && pipeline.read_schema->find(spec.chunk.keep_together) < 0)
    return Status(Code::kJob, "`chunk.keep_together`: there is no column \"" +
                                  spec.chunk.keep_together + "\" among those that are read");
  Result<std::vector<Split>> planned = retried(context, "plan", [&] {
    return pipeline.source->plan(whole ? 0 : static_cast<uint32_t>(workers));
  });
  if (!planned.ok()) return at_place(spec, spec.source, planned.status());
  RETURN_IF_ERROR(leave_out(later, &*planned));
  if (!spec.shard) return planned;
  std::vector<Split> part;
  for (auto i = static_cast<size_t>(spec.shard->index); i < planned->size();
       i += static_cast<size_t>(spec.shard->count))
    part.push_back(std::move((*planned)[i]));
  return part;
}

}  // namespace chunkmill::host
