/* A calculator in plain C on the ABI headers alone: `doubled` is `factor` times `amount` (2 by
 * default). Built twice in the tests, against this tree's headers and against the frozen ones of
 * v1.0; PLUGIN_NAME tells the two apart. A third build, CARELESS,
 * forgets the offset of its input, as plugins do that were tried on whole batches alone. */
#include <stdlib.h>
#include <string.h>

#include "chunkmill/abi/module.h"

#ifdef CARELESS
#define OFFSET_OF(column) ((void)(column), 0)
#else
#define OFFSET_OF(column) ((column)->offset)
#endif

struct cm_calculator {
  double factor;
  int64_t amount; /* index of the column, found in bind() */
};

struct cm_calculator_lane {
  const struct cm_calculator* calculator;
};

static cm_str text(const char* from) {
  cm_str result;
  result.data = from;
  result.size = strlen(from);
  return result;
}

static cm_code fail(cm_error* error, cm_code code, const char* where, const char* message) {
  if (error != NULL) {
    error->code = code;
    strncpy(error->where, where, sizeof error->where - 1);
    strncpy(error->message, message, sizeof error->message - 1);
  }
  return code;
}

static cm_code create(const cm_host* host, const cm_options* options, cm_calculator** out,
                      cm_error* error) {
  const void* factor;
  cm_calculator* self = calloc(1, sizeof *self);
  (void)host;
  if (self == NULL) return fail(error, CM_INTERNAL, "", "out of memory");
  self->factor = 2;
  factor = options->find(options->root, text("factor"));
  if (factor != NULL && !options->as_float(factor, &self->factor)) {
    free(self);
    return fail(error, CM_INVALID, "factor", "option factor is no number");
  }
  *out = self;
  return CM_OK;
}

static void destroy(cm_calculator* self) { free(self); }

static cm_code needs(cm_calculator* self, const struct ArrowSchema* available,
                     const cm_need_sink* out, cm_error* error) {
  cm_need need;
  (void)self;
  (void)available;
  (void)error;
  memset(&need, 0, sizeof need);
  need.struct_size = sizeof need;
  need.column = text("amount");
  need.format = text("g");
  out->add(out->ctx, &need);
  return CM_OK;
}

static void release_schema(struct ArrowSchema* schema) { schema->release = NULL; }

static cm_code bind(cm_calculator* self, const struct ArrowSchema* input, const cm_stream_sink* out,
                    cm_error* error) {
  struct ArrowSchema column;
  struct ArrowSchema* columns[1];
  struct ArrowSchema schema;
  cm_stream stream;
  int64_t i;
  self->amount = -1;
  for (i = 0; i < input->n_children; ++i) {
    if (strcmp(input->children[i]->name, "amount") == 0) self->amount = i;
  }
  if (self->amount < 0) return fail(error, CM_INVALID, "amount", "there is no column amount");
  memset(&column, 0, sizeof column);
  column.format = "g";
  column.name = "doubled";
  column.flags = ARROW_FLAG_NULLABLE;
  column.release = release_schema;
  columns[0] = &column;
  memset(&schema, 0, sizeof schema);
  schema.format = "+s";
  schema.name = "";
  schema.n_children = 1;
  schema.children = columns;
  schema.release = release_schema;
  memset(&stream, 0, sizeof stream);
  stream.struct_size = sizeof stream;
  stream.flags = CM_STREAM_ROW_FOR_ROW | CM_STREAM_APPEND;
  stream.name = text("main");
  stream.schema = &schema;
  out->add(out->ctx, &stream);
  return CM_OK;
}

static cm_code open(cm_calculator* self, cm_calculator_lane** out, cm_error* error) {
  cm_calculator_lane* lane = malloc(sizeof *lane);
  if (lane == NULL) return fail(error, CM_INTERNAL, "", "out of memory");
  lane->calculator = self;
  *out = lane;
  return CM_OK;
}

/* Everything one output batch refers to, freed with it. */
struct output {
  struct ArrowArray column;
  struct ArrowArray* columns[1];
  const void* no_buffers[1];
  const void* buffers[2];
};

static void release_column(struct ArrowArray* array) { array->release = NULL; }

static void release_output(struct ArrowArray* array) {
  struct output* output = array->private_data;
  free((void*)(uintptr_t)output->buffers[0]);
  free((void*)(uintptr_t)output->buffers[1]);
  free(output);
  array->release = NULL;
}

static int is_valid(const struct ArrowArray* column, int64_t row) {
  const uint8_t* bits = column->buffers[0];
  const int64_t at = OFFSET_OF(column) + row;
  return bits == NULL || ((bits[at / 8] >> (at % 8)) & 1) != 0;
}

static cm_code process(cm_calculator_lane* lane, const cm_chunk* chunk,
                       const struct ArrowArray* input, const cm_emit* out,
                       const cm_row_errors* errors, cm_error* error) {
  const struct ArrowArray* amount = input->children[lane->calculator->amount];
  const double* from = (const double*)amount->buffers[1];
  const size_t rows = (size_t)input->length;
  struct output* output = calloc(1, sizeof *output);
  uint8_t* valid = calloc(rows / 8 + 1, 1);
  double* to = calloc(rows + 1, sizeof *to);
  struct ArrowArray batch;
  int64_t row;
  (void)chunk;
  (void)errors;
  if (output == NULL || valid == NULL || to == NULL) {
    free(output);
    free(valid);
    free(to);
    return fail(error, CM_TOO_LARGE, "", "out of memory");
  }
  for (row = 0; row < input->length; ++row) {
    /* The struct's own offset counts for its children too. */
    const int64_t at = input->offset + row;
    if (!is_valid(amount, at)) {
      ++output->column.null_count;
      continue;
    }
    valid[row / 8] |= (uint8_t)(1u << (row % 8));
    to[row] = from[OFFSET_OF(amount) + at] * lane->calculator->factor;
  }
  output->buffers[0] = valid;
  output->buffers[1] = to;
  output->column.length = input->length;
  output->column.n_buffers = 2;
  output->column.buffers = output->buffers;
  output->column.release = release_column;
  output->columns[0] = &output->column;
  memset(&batch, 0, sizeof batch);
  batch.length = input->length;
  batch.n_buffers = 1;
  batch.buffers = output->no_buffers;
  batch.n_children = 1;
  batch.children = output->columns;
  batch.release = release_output;
  batch.private_data = output;
  out->batch(out->ctx, 0, &batch, NULL);
  return CM_OK;
}

static void close(cm_calculator_lane* lane) { free(lane); }

static cm_code describe(const cm_out* out, cm_error* error) {
  static const char schema[] =
      "{\"type\":\"object\",\"properties\":{\"factor\":{\"type\":\"number\",\"default\":2,"
      "\"description\":\"what amount is multiplied by\"}},\"additionalProperties\":false}";
  (void)error;
  out->write(out->ctx, schema, sizeof schema - 1);
  return CM_OK;
}

static const cm_calculator_api kApi = {
    sizeof(cm_calculator_api), 0, create, destroy, needs, bind, open, process, NULL, close};

__attribute__((used, section(CM_IDENTITY_SECTION))) static const cm_identity kIdentity = {
    CM_IDENTITY_MAGIC,  sizeof(cm_identity), CM_ABI_MAJOR, CM_ABI_MINOR, 0,
    CM_KIND_CALCULATOR, CM_CALCULATOR_PURE,  PLUGIN_NAME,  "1.0.0",      "Multiplies a column"};

CM_EXPORT const cm_module chunkmill_module_v1 = {sizeof(cm_module),
                                                 CM_ABI_MAJOR,
                                                 CM_ABI_MINOR,
                                                 0,
                                                 CM_KIND_CALCULATOR,
                                                 CM_CALCULATOR_PURE,
                                                 PLUGIN_NAME,
                                                 "1.0.0",
                                                 "Multiplies a column",
                                                 &kApi,
                                                 describe,
                                                 NULL};
