/* How fast can PostgreSQL take these very rows? Reads TABLE into memory, then times a bare loop
 * that writes them into an empty table of the same definition, 10,000 rows a transaction.
 * copy_ceiling URL TABLE text|binary|upsert COLUMNS-OF-THE-KEY
 *   text, binary: COPY in that format; upsert: COPY (text) to a temporary table, then INSERT ... ON
 *   CONFLICT DO UPDATE.
 * prints {"rows": N, "seconds": S} */
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kRowsPerTransaction = 10000, kSql = 1 << 16 };

/* What the server sent, a row after the other. */
typedef struct Rows {
  char* data;
  size_t size, capacity;
  size_t* ends;
  int64_t count, room;
} Rows;

static void stop(PGconn* db, const char* what) {
  fprintf(stderr, "copy_ceiling: %s: %s\n", what, db ? PQerrorMessage(db) : "failed");
  exit(70);
}

static void* grown(void* data, size_t size) {
  data = realloc(data, size);
  if (data == NULL) stop(NULL, "memory");
  return data;
}

static void run(PGconn* db, const char* sql, ExecStatusType expected) {
  PGresult* result = PQexec(db, sql);
  if (PQresultStatus(result) != expected) stop(db, sql);
  PQclear(result);
}

static Rows read_all(PGconn* db, const char* table, int binary) {
  Rows rows = {0};
  char sql[kSql];
  snprintf(sql, sizeof sql, "COPY %s TO STDOUT%s", table, binary ? " (FORMAT binary)" : "");
  run(db, sql, PGRES_COPY_OUT);
  char* row = NULL;
  for (int size = 0; (size = PQgetCopyData(db, &row, 0)) > 0; PQfreemem(row)) {
    if (rows.size + (size_t)size > rows.capacity)
      rows.data = grown(rows.data, rows.capacity = (rows.capacity + (size_t)size) * 2);
    memcpy(rows.data + rows.size, row, (size_t)size);
    rows.size += (size_t)size;
    if (rows.count == rows.room)
      rows.ends = grown(rows.ends, (size_t)(rows.room = rows.room * 2 + 1024) * sizeof *rows.ends);
    rows.ends[rows.count++] = rows.size;
  }
  PQclear(PQgetResult(db));
  return rows;
}

static void write_all(PGconn* db, const Rows* rows, const char* copy, const char* merge,
                      int binary) {
  /* In binary the first row has the header before it, and the last "row" is the trailer. */
  enum { kHeader = 19 };
  static const char kTrailer[] = "\377\377";
  static const char kSignature[kHeader] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
  const int64_t count = binary ? rows->count - 1 : rows->count;
  size_t at = binary ? kHeader : 0;
  for (int64_t row = 0; row < count;) {
    int64_t end = row + kRowsPerTransaction;
    if (end > count) end = count;
    run(db, "BEGIN", PGRES_COMMAND_OK);
    run(db, copy, PGRES_COPY_IN);
    if (binary && PQputCopyData(db, kSignature, kHeader) != 1) stop(db, "COPY");
    const size_t stop_at = rows->ends[end - 1];
    if (PQputCopyData(db, rows->data + at, (int)(stop_at - at)) != 1) stop(db, "COPY");
    if (binary && PQputCopyData(db, kTrailer, 2) != 1) stop(db, "COPY");
    if (PQputCopyEnd(db, NULL) != 1) stop(db, "COPY");
    PGresult* result = PQgetResult(db);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) stop(db, "COPY");
    PQclear(result);
    PQclear(PQgetResult(db));
    if (merge != NULL) {
      run(db, merge, PGRES_COMMAND_OK);
      run(db, "TRUNCATE ceiling_rows", PGRES_COMMAND_OK);
    }
    run(db, "COMMIT", PGRES_COMMAND_OK);
    at = stop_at;
    row = end;
  }
}

/* INSERT ... ON CONFLICT from the temporary table, all columns but the key's updated. */
static void make_merge(PGconn* db, const char* key, char* sql, size_t size) {
  char query[512];
  snprintf(query, sizeof query,
           "SELECT string_agg(format('%%1$I = excluded.%%1$I', attname), ', ') FROM pg_attribute "
           "WHERE attrelid = 'ceiling'::regclass AND attnum > 0 AND NOT attname = "
           "ANY(string_to_array('%s', ','))",
           key);
  PGresult* result = PQexec(db, query);
  if (PQresultStatus(result) != PGRES_TUPLES_OK) stop(db, query);
  snprintf(sql, size,
           "INSERT INTO ceiling SELECT * FROM ceiling_rows ON CONFLICT (%s) DO UPDATE SET %s", key,
           PQgetvalue(result, 0, 0));
  PQclear(result);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  if (argc != 5) {
    fputs("usage: copy_ceiling URL TABLE text|binary|upsert KEY\n", stderr);
    return 64;
  }
  const int binary = strcmp(argv[3], "binary") == 0;
  const int upsert = strcmp(argv[3], "upsert") == 0;
  PGconn* db = PQconnectdb(argv[1]);
  if (PQstatus(db) != CONNECTION_OK) stop(db, "connecting");
  run(db, "SET client_min_messages = warning", PGRES_COMMAND_OK);
  Rows rows = read_all(db, argv[2], binary);
  char sql[kSql], merge[kSql];
  run(db, "DROP TABLE IF EXISTS ceiling", PGRES_COMMAND_OK);
  snprintf(sql, sizeof sql, "CREATE TABLE ceiling (LIKE %s INCLUDING ALL)", argv[2]);
  run(db, sql, PGRES_COMMAND_OK);
  if (upsert) {
    run(db, "CREATE TEMPORARY TABLE ceiling_rows (LIKE ceiling)", PGRES_COMMAND_OK);
    make_merge(db, argv[4], merge, sizeof merge);
  }
  snprintf(sql, sizeof sql, "COPY %s FROM STDIN%s", upsert ? "ceiling_rows" : "ceiling",
           binary ? " (FORMAT binary)" : "");

  const double begin = now();
  write_all(db, &rows, sql, upsert ? merge : NULL, binary);
  const double seconds = now() - begin;

  run(db, "DROP TABLE ceiling", PGRES_COMMAND_OK);
  PQfinish(db);
  printf("{\"rows\": %lld, \"seconds\": %.6f}\n", (long long)(binary ? rows.count - 1 : rows.count),
         seconds);
  return 0;
}
