// Runs that several processes work on together: each claims a split in the sink's ledger before it
// reads it, and takes over the splits of those that are gone.
#pragma once

#include "framework/run/retry.hpp"
#include "framework/run/run_chunk.hpp"
#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// Whether the same job may be started several times to share its splits: where it has one sink that
// keeps rows, that sink's ledger can be shared, and neither order nor a cursor ties the splits
// together.
bool shares_splits(const Pipeline& pipeline);

// Asks for the split of `turn`, which must be claimed. True: it is ours, and its reader stands
// where the ledger does. False: another process has it, or has brought it to its end; the board
// knows.
Result<bool> claim_split(RunContext& context, SplitBoard::Turn* turn);

// Gives up what we hold of `chunk`'s split if `status` means that another process has taken it
// over. False: it means something else.
Result<bool> give_up_if_lost(RunContext& context, const Status& status, size_t split,
                             uint64_t claim, uint64_t sequence);

// This process as ledgers name it: machine and process; and the epoch, as process ids come again,
// and are the same in every container.
std::string owner_text(uint64_t epoch);

}  // namespace chunkmill::host
