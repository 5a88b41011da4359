"""What goes through the matrix of types: the column types of each database, edge values of each of our types, and when a value that
came back is the one that went in."""

import base64
import decimal
import json

TEXTS = ["", " ", "AB", "AB  ", "AB ", "ABC", "ABCD", "  X", "2", "0", "1", "7", "007", "1.10", "-0", "1e3", "ü", "üüü ", "€", "😀", "a\tb\n\\N'\"", "low", "LOW",
         "low ", "b,a", "a,b", "true", "TRUE", "t", "2024-01-01", "2024-02-30", "20240101", "12:30:00", "12:30", "2024-01-01T12:00:00Z", "NULL", "null", "NaN",
         "\x00x", "e\u0301", "{a,b}", "{a, b }", "{007}", '{"b": 1, "a": [1.0, 2]}', "{}", "00000000-0000-0000-0000-00000000000A", "192.168.1.1", "::1",
         "10.0.0.0/8", "08:00:2b:01:02:03", "101", "1 day", "(1,2)", "[1,5)", "$1.50", "x" * 63, "x" * 64, "x" * 255, "x" * 256, "x" * 300 + " ", "y" * 70_000]
WHOLE = [0, 1, -1, 2, 127, 128, -128, -129, 255, 256, 1970, 2155, 9999, 32767, 32768, 65535, 65536, 8388607, 8388608, 16777217, 99999999, 2**31 - 1, -(2**31)]
VALUES = {
    "bool": [True, False],
    "int32": WHOLE,
    "int64": WHOLE + [2**31, 2**32 - 1, 2**32, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)],
    "float": [0.0, -0.0, 1.0, -1.5, 0.1, 0.5, 1234.56, 16777217.0, 123456789.25, 2.0**53, 1e15, 1e16, 1e22, 3.4028236e38, 1e39, 1e308, 5e-324, 1e-7, 2.5e-9],
    "string": TEXTS,
    "binary": [b"", b"\0", b"\xff\xfe\x00", b"abc", b"ab  ", b"\\x41", b"abcd\0", b"z" * 300],
    "date": ["1970-01-01", "1969-12-31", "0001-01-01", "1582-10-10", "1900-02-28", "2024-02-29", "9999-12-31"],
    "timestamp": ["1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z", "1969-12-31T23:59:59.999999Z", "2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z",
                  "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2024-02-29T12:00:00.123456Z", "2024-02-29T12:00:00.123Z",
                  "2024-03-31T02:30:00Z", "2106-02-07T06:28:16Z"],
    "decimal(20,4)": ["0.0000", "0.1000", "-0.0001", "1.5000", "1234.5600", "1.0050", "99.9950", "16777217.0000", "9007199254740993.0000",
                      "1234567890123456.7891", "-9999999999999999.9999"],
}

POSTGRES_SETUP = """CREATE TYPE mood AS ENUM ('low', 'normal', 'high'); CREATE DOMAIN three AS varchar(3); CREATE DOMAIN code AS three;
CREATE DOMAIN single AS real"""
COLUMNS = {
    "postgres": ["boolean", "smallint", "integer", "bigint", "real", "double precision", "numeric", "numeric(10,2)", "numeric(30,6)", "money", "text",
                 "varchar", "varchar(3)", "varchar(300)", "char(3)", "bpchar", '"char"', "name", "json", "jsonb", "uuid", "xml", "bytea", "bit(3)",
                 "varbit", "date", "time", "timetz", "timestamp", "timestamptz", "timestamp(3)", "interval", "inet", "cidr", "macaddr", "tsvector", "point",
                 "int4range", "oid", "text[]", "integer[]", "varchar(3)[]", "mood", "code", "single"],
    "mysql": ["boolean", "bit(1)", "bit(8)", "tinyint", "tinyint unsigned", "smallint", "mediumint", "int", "int unsigned", "bigint", "bigint unsigned",
              "float", "double", "double(10,2)", "decimal(10,2)", "decimal(30,6)", "year", "date", "time", "time(6)", "datetime", "datetime(3)",
              "datetime(6)", "timestamp NULL", "timestamp(6) NULL", "char(3)", "varchar(3)", "varchar(300)", "varchar(300) character set latin1", "tinytext",
              "text", "mediumtext", "longtext", "json", "enum('low','normal','high')", "set('a','b')", "uuid", "inet6", "binary(4)", "varbinary(300)",
              "tinyblob", "blob", "longblob"],
    "sqlite": ["INTEGER", "INT", "BIGINT", "REAL", "DOUBLE", "FLOAT", "NUMERIC", "DECIMAL(10,2)", "DECIMAL(30,6)", "BOOLEAN", "TEXT", "VARCHAR(3)", "CHAR(3)",
               "CLOB", "BLOB", "DATE", "DATETIME", "TIMESTAMP", "TIME", "JSON", "UUID", "ANY"],
}
# Types that the source does not carry are read as it says: with a cast. A column without a type of its own has that of the stream.
CASTS = {
    "postgres": {name: "CAST({} AS text)" for name in ("numeric", "inet", "text[]")},
    "mysql": {},
    "sqlite": {},
}


def as_json(stream, value):
    """A value of VALUES as a job's input holds it."""
    return base64.b64encode(value).decode() if stream == "binary" else value


def plain(stream, value):
    """What is the same however a column spells it."""
    if stream == "bool":
        return int(decimal.Decimal(str(value)) if not isinstance(value, bool) else value)
    if stream in ("int32", "int64") or stream.startswith("decimal"):
        return decimal.Decimal(str(value)) if not isinstance(value, bool) else int(value)
    if stream == "float":
        return float(value)
    if stream == "date":
        return str(value).replace(" ", "T").removesuffix("T00:00:00Z")
    if stream == "timestamp":
        date, _, clock = str(value).replace(" ", "T").removesuffix("Z").removesuffix("+00").partition("T")
        return date, clock.partition(".")[0], clock.partition(".")[2].rstrip("0")
    if stream == "binary":
        return value if isinstance(value, bytes) else base64.b64decode(value, validate=True)
    return value


def is_same(stream, column, went_in, came_out):
    """By the type's own rules: a uuid has no capitals, JSON no blanks, a SET no order."""
    try:
        if stream == "string":
            if column in ("json", "jsonb"):
                return json.loads(went_in) == json.loads(came_out)
            if column == "uuid":
                return went_in.lower() == came_out.lower()
            if column.endswith("[]"):
                return went_in.replace(" ", "") == came_out
            if column.startswith("set("):
                return sorted(went_in.split(",")) == sorted(came_out.split(","))
            # As PostgreSQL prints an address: with the length of its network.
            if column == "inet":
                return went_in.partition("/")[0] == came_out.partition("/")[0]
            if column in ("blob", "longblob", "tinyblob", "varbinary(300)", "BLOB"):
                return went_in in (came_out, base64.b64decode(came_out).decode())
        return plain(stream, went_in) == plain(stream, came_out)
    except (ValueError, ArithmeticError, TypeError):
        return False
