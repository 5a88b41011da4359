/* How fast can SQLite take these very rows? Reads TABLE of READY.db into memory, then times a bare
 * loop that writes them into a new database: the same table and indexes, WAL, 100 rows a prepared
 * statement, 10,000 rows a transaction. sqlite_ceiling READY.db TABLE TARGET.db [SYNCHRONOUS]
 * prints {"rows": N, "seconds": S} */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { kRowsPerStatement = 100, kRowsPerTransaction = 10000 };

/* All values, row by row: a type byte, then 8 bytes, or a 4-byte length and the text. */
typedef struct Rows {
  unsigned char* data;
  size_t size, capacity;
  int columns;
  int64_t count;
} Rows;

static void check(int ok, sqlite3* db, const char* what) {
  if (ok) return;
  fprintf(stderr, "sqlite_ceiling: %s: %s\n", what, db ? sqlite3_errmsg(db) : "failed");
  exit(70);
}

static void run(sqlite3* db, const char* sql) {
  check(sqlite3_exec(db, sql, 0, 0, 0) == SQLITE_OK, db, sql);
}

static void append(Rows* rows, const void* data, size_t size) {
  if (rows->size + size > rows->capacity) {
    rows->capacity = rows->capacity ? rows->capacity * 2 : 1u << 20;
    rows->data = realloc(rows->data, rows->capacity);
    check(rows->data != NULL, NULL, "memory");
  }
  memcpy(rows->data + rows->size, data, size);
  rows->size += size;
}

static void append_value(Rows* rows, sqlite3_stmt* from, int column) {
  const unsigned char type = (unsigned char)sqlite3_column_type(from, column);
  append(rows, &type, 1);
  if (type == SQLITE_INTEGER) {
    const sqlite3_int64 value = sqlite3_column_int64(from, column);
    append(rows, &value, 8);
  } else if (type == SQLITE_FLOAT) {
    const double value = sqlite3_column_double(from, column);
    append(rows, &value, 8);
  } else if (type != SQLITE_NULL) {
    const unsigned char* text = sqlite3_column_text(from, column);
    const int32_t size = sqlite3_column_bytes(from, column);
    append(rows, &size, 4);
    append(rows, text, (size_t)size);
  }
}

static Rows read_all(sqlite3* db, const char* table) {
  Rows rows = {0};
  char* sql = sqlite3_mprintf("select * from \"%w\"", table);
  sqlite3_stmt* from;
  check(sqlite3_prepare_v2(db, sql, -1, &from, 0) == SQLITE_OK, db, sql);
  rows.columns = sqlite3_column_count(from);
  for (; sqlite3_step(from) == SQLITE_ROW; ++rows.count)
    for (int column = 0; column < rows.columns; ++column) append_value(&rows, from, column);
  sqlite3_finalize(from);
  sqlite3_free(sql);
  return rows;
}

static const unsigned char* bind(sqlite3_stmt* to, int parameter, const unsigned char* at) {
  const int type = *at++;
  if (type == SQLITE_INTEGER) {
    sqlite3_int64 value;
    memcpy(&value, at, 8);
    sqlite3_bind_int64(to, parameter, value);
    return at + 8;
  }
  if (type == SQLITE_FLOAT) {
    double value;
    memcpy(&value, at, 8);
    sqlite3_bind_double(to, parameter, value);
    return at + 8;
  }
  if (type == SQLITE_NULL) {
    sqlite3_bind_null(to, parameter);
    return at;
  }
  int32_t size;
  memcpy(&size, at, 4);
  sqlite3_bind_text(to, parameter, (const char*)at + 4, size, SQLITE_STATIC);
  return at + 4 + size;
}

static sqlite3_stmt* prepare_insert(sqlite3* db, const char* table, int columns, int rows) {
  sqlite3_str* sql = sqlite3_str_new(db);
  sqlite3_str_appendf(sql, "insert into \"%w\" values", table);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column)
      sqlite3_str_appendall(sql, column ? ",?" : row ? "),(?" : "(?");
  sqlite3_str_appendall(sql, ")");
  char* text = sqlite3_str_finish(sql);
  sqlite3_stmt* to;
  check(sqlite3_prepare_v2(db, text, -1, &to, 0) == SQLITE_OK, db, text);
  sqlite3_free(text);
  return to;
}

static void write_all(sqlite3* db, const char* table, const Rows* rows) {
  sqlite3_stmt* many = prepare_insert(db, table, rows->columns, kRowsPerStatement);
  sqlite3_stmt* one = prepare_insert(db, table, rows->columns, 1);
  const unsigned char* at = rows->data;
  for (int64_t row = 0; row < rows->count;) {
    if (row % kRowsPerTransaction == 0) run(db, row ? "commit; begin" : "begin");
    const int full = rows->count - row >= kRowsPerStatement;
    sqlite3_stmt* to = full ? many : one;
    const int64_t end = row + (full ? kRowsPerStatement : 1);
    for (int parameter = 1; row < end; ++row)
      for (int column = 0; column < rows->columns; ++column) at = bind(to, parameter++, at);
    check(sqlite3_step(to) == SQLITE_DONE, db, "insert");
    sqlite3_reset(to);
  }
  if (rows->count) run(db, "commit");
  sqlite3_finalize(many);
  sqlite3_finalize(one);
}

static void copy_shape(sqlite3* from, sqlite3* to, const char* table) {
  sqlite3_stmt* shape;
  const char* sql =
      "select sql from sqlite_schema where tbl_name = ?1 and sql is not null order by type desc";
  check(sqlite3_prepare_v2(from, sql, -1, &shape, 0) == SQLITE_OK, from, sql);
  sqlite3_bind_text(shape, 1, table, -1, SQLITE_STATIC);
  while (sqlite3_step(shape) == SQLITE_ROW) run(to, (const char*)sqlite3_column_text(shape, 0));
  sqlite3_finalize(shape);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fputs("usage: sqlite_ceiling READY.db TABLE TARGET.db [SYNCHRONOUS]\n", stderr);
    return 64;
  }
  sqlite3 *from, *to;
  check(sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, 0) == SQLITE_OK, from, argv[1]);
  Rows rows = read_all(from, argv[2]);
  unlink(argv[3]);
  check(sqlite3_open(argv[3], &to) == SQLITE_OK, to, argv[3]);
  char* pragmas = sqlite3_mprintf("pragma journal_mode = wal; pragma synchronous = %s",
                                  argc > 4 ? argv[4] : "full");
  run(to, pragmas);
  copy_shape(from, to, argv[2]);

  const double begin = now();
  write_all(to, argv[2], &rows);
  const double seconds = now() - begin;

  sqlite3_close(to);
  sqlite3_close(from);
  sqlite3_free(pragmas);
  free(rows.data);
  printf("{\"rows\": %lld, \"seconds\": %.6f}\n", (long long)rows.count, seconds);
  return 0;
}
