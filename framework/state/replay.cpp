#include "framework/state/store_impl.hpp"

namespace chunkmill::host {

Result<int64_t> StateStore::mark_replayed(std::span<const int64_t> ids,
                                          std::string_view replay_run) {
  const std::lock_guard lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(Statement mark,
                   impl_->database->prepare("UPDATE rejects SET state = 'replayed', replay_run = "
                                            "?2 WHERE id = ?1 AND state <> 'resolved'"));
  int64_t taken = 0;
  for (const int64_t id : ids) {
    RETURN_IF_ERROR(mark.bind(id, replay_run).run());
    taken += impl_->database->changes();
  }
  RETURN_IF_ERROR(transaction.commit());
  return taken;
}

Status StateStore::resolve_rejects(std::span<const int64_t> ids) {
  const std::lock_guard lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(Statement mark,
                   impl_->database->prepare("UPDATE rejects SET state = 'resolved' WHERE id = ?1"));
  for (const int64_t id : ids) RETURN_IF_ERROR(mark.bind(id).run());
  return impl_->commit(std::move(transaction));
}

Status StateStore::resolve_replayed(std::string_view replay_run) {
  const std::lock_guard lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(
      Statement resolve,
      impl_->database->prepare("UPDATE rejects SET state = 'resolved' WHERE replay_run = ?1 AND "
                               "replay_run <> '' AND state = 'replayed' "
                               "AND id NOT IN (SELECT parent FROM rejects WHERE parent <> 0)"));
  RETURN_IF_ERROR(resolve.bind(replay_run).run());
  return impl_->commit(std::move(transaction));
}

Status StateStore::reopen_replayed(std::string_view replay_run) {
  const std::lock_guard lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(
      Statement reopen,
      impl_->database->prepare(
          "UPDATE rejects SET state = 'open', replay_run = '' WHERE replay_run = ?1 AND replay_run "
          "<> '' "
          "AND state = 'replayed' AND id NOT IN (SELECT parent FROM rejects WHERE parent <> 0)"));
  RETURN_IF_ERROR(reopen.bind(replay_run).run());
  return impl_->commit(std::move(transaction));
}

}  // namespace chunkmill::host
