#include "framework/run/known_id.hpp"

#include <algorithm>

#include "framework/job/job_file.hpp"

namespace chunkmill::host {
namespace {

namespace fs = std::filesystem;

// "NAME@" and the 8 hex digits in the name of a state file; empty where it is none of that job.
std::string id_in(const std::string& file_name, const std::string& prefix, const JobSpec& spec) {
  constexpr size_t kDigits = 8;
  if (!file_name.starts_with(prefix) || file_name.size() < prefix.size() + kDigits) return {};
  const std::string digits = file_name.substr(prefix.size(), kDigits);
  if (digits.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
  return spec.name + "@" + digits;
}

}  // namespace

std::string known_id(const fs::path& folder, const JobSpec& spec, const Clock& clock) {
  const std::string own(without_shard(spec.id));
  const std::string shard = spec.id.substr(own.size());
  if (own != job_id(spec.name, spec.path)) return spec.id;
  // What stands before the digits is the same for every id of that name.
  const std::string own_file = state_path(folder, own).filename().string();
  const size_t digits = own_file.rfind(own.substr(own.size() - 8));
  if (digits == std::string::npos) return spec.id;
  const std::string prefix = own_file.substr(0, digits);
  std::string found;
  int64_t newest = -1;
  std::error_code failed;
  for (fs::directory_iterator each(folder, failed), end; !failed && each != end;
       each.increment(failed)) {
    const std::string file_name = each->path().filename().string();
    const std::string id = id_in(file_name, prefix, spec);
    if (id.empty() || !file_name.ends_with(".state.db")) continue;
    if (id == own) return spec.id;
    const Result<std::unique_ptr<StateStore>> store =
        StateStore::open(each->path(), OpenMode::kReadOnly, clock);
    if (!store.ok()) continue;
    const Result<std::vector<RunRecord>> runs = (*store)->runs(1);
    if (!runs.ok() || runs->empty() || runs->front().job != spec.name) continue;
    const RunRecord& last = runs->front();
    std::error_code unknown;
    const bool is_gone = last.job_path == spec.path || !fs::exists(last.job_path, unknown);
    if (!is_gone || last.started_ms <= newest) continue;
    newest = last.started_ms;
    found = id + shard;
  }
  return found.empty() ? spec.id : found;
}

}  // namespace chunkmill::host
