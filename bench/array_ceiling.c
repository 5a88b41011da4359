/* How fast can MariaDB take these very rows? Reads TABLE into memory, then times a bare loop that
 * writes them into an empty table of the same definition: one prepared INSERT with arrays of
 * parameters, 10,000 rows a transaction.
 * array_ceiling HOST PORT USER PASSWORD DATABASE TABLE   prints {"rows": N, "seconds": S} */
#include <mysql.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kRowsPerTransaction = 10000, kSql = 1 << 16 };

/* One column of all rows, as the client library wants it. */
typedef struct Column {
  enum enum_field_types type;
  size_t width; /* of a number; 0: text */
  char* numbers;
  char** texts;
  unsigned long* lengths;
  char* indicators;
} Column;

static void stop(MYSQL* db, const char* what) {
  fprintf(stderr, "array_ceiling: %s: %s\n", what, db ? mysql_error(db) : "failed");
  exit(70);
}

static void* zeroes(size_t count, size_t size) {
  void* data = calloc(count ? count : 1, size);
  if (data == NULL) stop(NULL, "memory");
  return data;
}

static void run(MYSQL* db, const char* sql) {
  if (mysql_query(db, sql) != 0) stop(db, sql);
}

static void shape(Column* column, const MYSQL_FIELD* field, size_t count) {
  switch (field->type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
      column->type = MYSQL_TYPE_LONGLONG;
      column->width = 8;
      break;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
      column->type = MYSQL_TYPE_DOUBLE;
      column->width = 8;
      break;
    default:
      column->type = MYSQL_TYPE_STRING;
  }
  column->numbers = zeroes(count, column->width ? column->width : 1);
  column->texts = zeroes(count, sizeof *column->texts);
  column->lengths = zeroes(count, sizeof *column->lengths);
  column->indicators = zeroes(count, 1);
}

static void put(Column* column, size_t row, const char* text, unsigned long length) {
  if (text == NULL) {
    column->indicators[row] = STMT_INDICATOR_NULL;
  } else if (column->type == MYSQL_TYPE_LONGLONG) {
    const int64_t value = strtoll(text, NULL, 10);
    memcpy(column->numbers + row * 8, &value, 8);
  } else if (column->type == MYSQL_TYPE_DOUBLE) {
    const double value = strtod(text, NULL);
    memcpy(column->numbers + row * 8, &value, 8);
  } else {
    column->texts[row] = zeroes(length + 1, 1);
    memcpy(column->texts[row], text, length);
    column->lengths[row] = length;
  }
}

static void write_all(MYSQL* db, MYSQL_STMT* insert, Column* columns, unsigned count, size_t rows) {
  MYSQL_BIND* binds = zeroes(count, sizeof *binds);
  for (size_t row = 0; row < rows; row += kRowsPerTransaction) {
    unsigned size = (unsigned)(rows - row < kRowsPerTransaction ? rows - row : kRowsPerTransaction);
    for (unsigned i = 0; i < count; ++i) {
      binds[i].buffer_type = columns[i].type;
      binds[i].buffer = columns[i].width ? (void*)(columns[i].numbers + row * columns[i].width)
                                         : (void*)(columns[i].texts + row);
      binds[i].length = columns[i].lengths + row;
      binds[i].u.indicator = columns[i].indicators + row;
    }
    run(db, "START TRANSACTION");
    mysql_stmt_attr_set(insert, STMT_ATTR_ARRAY_SIZE, &size);
    if (mysql_stmt_bind_param(insert, binds) != 0 || mysql_stmt_execute(insert) != 0) {
      fprintf(stderr, "array_ceiling: %s\n", mysql_stmt_error(insert));
      exit(70);
    }
    run(db, "COMMIT");
  }
  free(binds);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  if (argc != 7) {
    fputs("usage: array_ceiling HOST PORT USER PASSWORD DATABASE TABLE\n", stderr);
    return 64;
  }
  MYSQL* db = mysql_init(NULL);
  if (mysql_real_connect(db, argv[1], argv[3], argv[4], argv[5], (unsigned)atoi(argv[2]), NULL,
                         0) == NULL)
    stop(db, "connecting");
  mysql_set_character_set(db, "utf8mb4");
  char sql[kSql];
  snprintf(sql, sizeof sql, "SELECT * FROM `%s`", argv[6]);
  run(db, sql);
  MYSQL_RES* result = mysql_store_result(db);
  if (result == NULL) stop(db, sql);
  const unsigned count = mysql_num_fields(result);
  const size_t rows = (size_t)mysql_num_rows(result);
  Column* columns = zeroes(count, sizeof *columns);
  for (unsigned i = 0; i < count; ++i) shape(&columns[i], &mysql_fetch_fields(result)[i], rows);
  for (size_t row = 0; row < rows; ++row) {
    MYSQL_ROW values = mysql_fetch_row(result);
    const unsigned long* lengths = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < count; ++i) put(&columns[i], row, values[i], lengths[i]);
  }
  mysql_free_result(result);

  run(db, "DROP TABLE IF EXISTS ceiling");
  snprintf(sql, sizeof sql, "CREATE TABLE ceiling LIKE `%s`", argv[6]);
  run(db, sql);
  char* end = sql + snprintf(sql, sizeof sql, "INSERT INTO ceiling VALUES (?");
  for (unsigned i = 1; i < count; ++i) end += sprintf(end, ",?");
  strcpy(end, ")");
  MYSQL_STMT* insert = mysql_stmt_init(db);
  if (mysql_stmt_prepare(insert, sql, strlen(sql)) != 0) stop(db, sql);

  const double begin = now();
  write_all(db, insert, columns, count, rows);
  const double seconds = now() - begin;

  mysql_stmt_close(insert);
  run(db, "DROP TABLE ceiling");
  mysql_close(db);
  printf("{\"rows\": %zu, \"seconds\": %.6f}\n", rows, seconds);
  return 0;
}
