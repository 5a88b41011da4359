/* The layout of every struct of the ABI, pinned as v1.0 has it on 64-bit machines. A field may be
 * added at a struct's end (then its SIZE here is the least, see GROWS), nothing that is here may
 * move. */
#include "chunkmill/abi/ahead.h"
#include "chunkmill/abi/module.h"
#include "chunkmill/abi/rerun.h"
#include "chunkmill/abi/sharing.h"
#include "chunkmill/abi/tally.h"

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define GROWS(type, size) _Static_assert(sizeof(type) >= (size), "size of " #type)
#define AT(type, field, offset) \
  _Static_assert(offsetof(type, field) == (offset), "place of " #type "." #field)

#if UINTPTR_MAX == UINT64_MAX

SIZE(cm_str, 16);
AT(cm_str, data, 0);
AT(cm_str, size, 8);

SIZE(cm_out, 16);
AT(cm_out, ctx, 0);
AT(cm_out, write, 8);

GROWS(cm_error, 1192);
AT(cm_error, struct_size, 0);
AT(cm_error, code, 4);
AT(cm_error, retryable, 8);
AT(cm_error, vendor_code, 12);
AT(cm_error, retry_after_ms, 16);
AT(cm_error, row, 24);
AT(cm_error, sqlstate, 32);
AT(cm_error, where, 40);
AT(cm_error, message, 168);

GROWS(cm_row_error, 104);
AT(cm_row_error, struct_size, 0);
AT(cm_row_error, reserved, 4);
AT(cm_row_error, row, 8);
AT(cm_row_error, line, 16);
AT(cm_row_error, code, 24);
AT(cm_row_error, column, 40);
AT(cm_row_error, message, 56);
AT(cm_row_error, raw, 72);
AT(cm_row_error, where, 88);

SIZE(cm_row_errors, 16);
AT(cm_row_errors, ctx, 0);
AT(cm_row_errors, report, 8);

GROWS(cm_chunk, 112);
AT(cm_chunk, struct_size, 0);
AT(cm_chunk, attempt, 4);
AT(cm_chunk, sequence, 8);
AT(cm_chunk, epoch, 16);
AT(cm_chunk, job, 24);
AT(cm_chunk, run, 40);
AT(cm_chunk, split, 56);
AT(cm_chunk, begin, 72);
AT(cm_chunk, end, 88);
AT(cm_chunk, last, 104);

SIZE(struct ArrowSchema, 72);
AT(struct ArrowSchema, format, 0);
AT(struct ArrowSchema, name, 8);
AT(struct ArrowSchema, metadata, 16);
AT(struct ArrowSchema, flags, 24);
AT(struct ArrowSchema, n_children, 32);
AT(struct ArrowSchema, children, 40);
AT(struct ArrowSchema, dictionary, 48);
AT(struct ArrowSchema, release, 56);
AT(struct ArrowSchema, private_data, 64);

SIZE(struct ArrowArray, 80);
AT(struct ArrowArray, length, 0);
AT(struct ArrowArray, null_count, 8);
AT(struct ArrowArray, offset, 16);
AT(struct ArrowArray, n_buffers, 24);
AT(struct ArrowArray, n_children, 32);
AT(struct ArrowArray, buffers, 40);
AT(struct ArrowArray, children, 48);
AT(struct ArrowArray, dictionary, 56);
AT(struct ArrowArray, release, 64);
AT(struct ArrowArray, private_data, 72);

SIZE(struct ArrowArrayStream, 40);
AT(struct ArrowArrayStream, get_schema, 0);
AT(struct ArrowArrayStream, get_next, 8);
AT(struct ArrowArrayStream, get_last_error, 16);
AT(struct ArrowArrayStream, release, 24);
AT(struct ArrowArrayStream, private_data, 32);

GROWS(cm_options, 88);
AT(cm_options, struct_size, 0);
AT(cm_options, reserved, 4);
AT(cm_options, root, 8);
AT(cm_options, kind, 16);
AT(cm_options, size, 24);
AT(cm_options, at, 32);
AT(cm_options, key, 40);
AT(cm_options, find, 48);
AT(cm_options, as_bool, 56);
AT(cm_options, as_int, 64);
AT(cm_options, as_float, 72);
AT(cm_options, as_string, 80);

GROWS(cm_host, 72);
AT(cm_host, struct_size, 0);
AT(cm_host, abi_minor, 4);
AT(cm_host, ctx, 8);
AT(cm_host, log_enabled, 16);
AT(cm_host, log, 24);
AT(cm_host, metric, 32);
AT(cm_host, cancelled, 40);
AT(cm_host, secret, 48);
AT(cm_host, lookup, 56);
AT(cm_host, get_extension, 64);

GROWS(cm_split, 56);
AT(cm_split, struct_size, 0);
AT(cm_split, reserved, 4);
AT(cm_split, id, 8);
AT(cm_split, where, 24);
AT(cm_split, estimated_rows, 40);
AT(cm_split, estimated_bytes, 48);

SIZE(cm_split_sink, 16);
AT(cm_split_sink, ctx, 0);
AT(cm_split_sink, add, 8);

GROWS(cm_next, 24);
AT(cm_next, struct_size, 0);
AT(cm_next, max_wait_ms, 4);
AT(cm_next, max_rows, 8);
AT(cm_next, max_bytes, 16);

GROWS(cm_record, 56);
AT(cm_record, struct_size, 0);
AT(cm_record, reserved, 4);
AT(cm_record, ordinal, 8);
AT(cm_record, line, 16);
AT(cm_record, where, 24);
AT(cm_record, raw, 40);

SIZE(cm_record_sink, 16);
AT(cm_record_sink, ctx, 0);
AT(cm_record_sink, add, 8);

GROWS(cm_source_api, 120);
AT(cm_source_api, struct_size, 0);
AT(cm_source_api, reserved, 4);
AT(cm_source_api, create, 8);
AT(cm_source_api, destroy, 16);
AT(cm_source_api, schema, 24);
AT(cm_source_api, select, 32);
AT(cm_source_api, plan, 40);
AT(cm_source_api, identity, 48);
AT(cm_source_api, open, 56);
AT(cm_source_api, next, 64);
AT(cm_source_api, position, 72);
AT(cm_source_api, committed, 80);
AT(cm_source_api, close, 88);
AT(cm_source_api, interrupt, 96);
AT(cm_source_api, records, 104);
AT(cm_source_api, replay, 112);

GROWS(cm_need, 72);
AT(cm_need, struct_size, 0);
AT(cm_need, optional, 4);
AT(cm_need, column, 8);
AT(cm_need, format, 24);
AT(cm_need, unit, 40);
AT(cm_need, option, 56);

SIZE(cm_need_sink, 16);
AT(cm_need_sink, ctx, 0);
AT(cm_need_sink, add, 8);

GROWS(cm_stream, 32);
AT(cm_stream, struct_size, 0);
AT(cm_stream, flags, 4);
AT(cm_stream, name, 8);
AT(cm_stream, schema, 24);

SIZE(cm_stream_sink, 16);
AT(cm_stream_sink, ctx, 0);
AT(cm_stream_sink, add, 8);

SIZE(cm_emit, 16);
AT(cm_emit, ctx, 0);
AT(cm_emit, batch, 8);

GROWS(cm_calculator_api, 72);
AT(cm_calculator_api, struct_size, 0);
AT(cm_calculator_api, reserved, 4);
AT(cm_calculator_api, create, 8);
AT(cm_calculator_api, destroy, 16);
AT(cm_calculator_api, needs, 24);
AT(cm_calculator_api, bind, 32);
AT(cm_calculator_api, open, 40);
AT(cm_calculator_api, process, 48);
AT(cm_calculator_api, flush, 56);
AT(cm_calculator_api, close, 64);

GROWS(cm_sink_abilities, 24);
AT(cm_sink_abilities, struct_size, 0);
AT(cm_sink_abilities, flags, 4);
AT(cm_sink_abilities, max_lanes, 8);
AT(cm_sink_abilities, reserved, 12);
AT(cm_sink_abilities, max_batch_bytes, 16);

GROWS(cm_sink_stream, 32);
AT(cm_sink_stream, struct_size, 0);
AT(cm_sink_stream, reserved, 4);
AT(cm_sink_stream, name, 8);
AT(cm_sink_stream, schema, 24);

GROWS(cm_run, 80);
AT(cm_run, struct_size, 0);
AT(cm_run, flags, 4);
AT(cm_run, job, 8);
AT(cm_run, run, 24);
AT(cm_run, fingerprint, 40);
AT(cm_run, owner, 56);
AT(cm_run, epoch, 72);

GROWS(cm_split_state, 56);
AT(cm_split_state, struct_size, 0);
AT(cm_split_state, done, 4);
AT(cm_split_state, epoch, 8);
AT(cm_split_state, next_chunk, 16);
AT(cm_split_state, rows_in, 24);
AT(cm_split_state, rows_out, 32);
AT(cm_split_state, rows_rejected, 40);
AT(cm_split_state, rows_filtered, 48);

GROWS(cm_counts, 40);
AT(cm_counts, struct_size, 0);
AT(cm_counts, reserved, 4);
AT(cm_counts, rows_in, 8);
AT(cm_counts, rows_out, 16);
AT(cm_counts, rows_rejected, 24);
AT(cm_counts, rows_filtered, 32);

GROWS(cm_sink_api, 136);
AT(cm_sink_api, struct_size, 0);
AT(cm_sink_api, reserved, 4);
AT(cm_sink_api, create, 8);
AT(cm_sink_api, destroy, 16);
AT(cm_sink_api, bind, 24);
AT(cm_sink_api, check, 32);
AT(cm_sink_api, ledger, 40);
AT(cm_sink_api, attach, 48);
AT(cm_sink_api, committed, 56);
AT(cm_sink_api, open, 64);
AT(cm_sink_api, begin, 72);
AT(cm_sink_api, write, 80);
AT(cm_sink_api, write_row, 88);
AT(cm_sink_api, commit, 96);
AT(cm_sink_api, abort, 104);
AT(cm_sink_api, close, 112);
AT(cm_sink_api, finish, 120);
AT(cm_sink_api, interrupt, 128);

GROWS(cm_hook_api, 32);
AT(cm_hook_api, struct_size, 0);
AT(cm_hook_api, reserved, 4);
AT(cm_hook_api, create, 8);
AT(cm_hook_api, destroy, 16);
AT(cm_hook_api, event, 24);

GROWS(cm_module, 72);
AT(cm_module, struct_size, 0);
AT(cm_module, abi_major, 4);
AT(cm_module, abi_minor, 8);
AT(cm_module, min_host_minor, 12);
AT(cm_module, kind, 16);
AT(cm_module, flags, 20);
AT(cm_module, name, 24);
AT(cm_module, version, 32);
AT(cm_module, summary, 40);
AT(cm_module, api, 48);
AT(cm_module, describe, 56);
AT(cm_module, get_extension, 64);

GROWS(cm_identity, 288);
AT(cm_identity, magic, 0);
AT(cm_identity, struct_size, 8);
AT(cm_identity, abi_major, 12);
AT(cm_identity, abi_minor, 16);
AT(cm_identity, min_host_minor, 20);
AT(cm_identity, kind, 24);
AT(cm_identity, flags, 28);
AT(cm_identity, name, 32);
AT(cm_identity, version, 96);
AT(cm_identity, summary, 128);

GROWS(cm_sink_ahead, 16);
AT(cm_sink_ahead, struct_size, 0);
AT(cm_sink_ahead, flags, 4);
AT(cm_sink_ahead, begin_ahead, 8);
GROWS(cm_sink_sharing, 24);
AT(cm_sink_sharing, struct_size, 0);
AT(cm_sink_sharing, join, 8);
AT(cm_sink_sharing, claim, 16);

GROWS(cm_tally, 48);
AT(cm_tally, struct_size, 0);
AT(cm_tally, splits, 8);
AT(cm_tally, rows_in, 16);
AT(cm_tally, rows_out, 24);
AT(cm_tally, rows_rejected, 32);
AT(cm_tally, rows_filtered, 40);

GROWS(cm_sink_tally, 16);
AT(cm_sink_tally, struct_size, 0);
AT(cm_sink_tally, tally, 8);

GROWS(cm_source_rerun, 16);
AT(cm_source_rerun, struct_size, 0);
AT(cm_source_rerun, rerun, 8);

#endif

_Static_assert(CM_RERUN_NEVER == 0 && CM_RERUN_ANEW == 1 && CM_RERUN_CONTINUE == 2, "reruns");
_Static_assert(CM_ABI_MAJOR == 1, "another major has another layout test");
_Static_assert(CM_OK == 0 && CM_END == 1 && CM_INVALID == 2 && CM_DATA == 3 && CM_IO == 4, "codes");
_Static_assert(CM_UNAVAILABLE == 5 && CM_PERMISSION == 6 && CM_NOT_FOUND == 7 && CM_FULL == 8,
               "codes");
_Static_assert(CM_TOO_LARGE == 9 && CM_FENCED == 10 && CM_COMMIT_UNKNOWN == 11, "codes");
_Static_assert(CM_CANCELLED == 12 && CM_UNSUPPORTED == 13 && CM_INTERNAL == 14, "codes");
_Static_assert(CM_KIND_SOURCE == 1 && CM_KIND_CALCULATOR == 2 && CM_KIND_SINK == 3 &&
                   CM_KIND_HOOK == 4,
               "kinds");
_Static_assert(CM_STREAM_ROW_FOR_ROW == 1 && CM_STREAM_APPEND == 2, "stream flags");
_Static_assert(CM_CALCULATOR_ORDERED == 1 && CM_CALCULATOR_PURE == 2, "calculator flags");
_Static_assert(CM_SINK_TRANSACTIONAL == 1 && CM_SINK_KEEPS_POSITION == 2 && CM_SINK_UPSERT == 4 &&
                   CM_SINK_ATOMIC_WRITE == 8 && CM_SINK_PER_ROW_RESULT == 16 &&
                   CM_SINK_FORGETS == 32 && CM_SINK_APPENDS == 64 && CM_SINK_REPEATABLE == 128 &&
                   CM_RUN_APPENDS == 1,
               "sink flags");
