"""Reads the files of a folder with pyarrow (checksums verified), DuckDB and polars, and compares with expected.json.

Prints a JSON list of what differs."""
import datetime
import json
import math
import pathlib
import struct
import sys

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
EPOCH = datetime.date(1970, 1, 1)


def text(value, kind):
    if value is None:
        return None
    if pa.types.is_floating(kind):
        return "nan" if math.isnan(value) else struct.pack(">d", float(value)).hex()
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    return str(value)


def texts(column):
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
    elif pa.types.is_date32(kind):
        column = column.cast(pa.int32())
    return [text(value, kind) for value in column.to_pylist()]


def with_pyarrow(path):
    table = pq.ParquetFile(path, page_checksum_verification=True).read()
    assert table.schema.metadata.get(b"made") == b"here", "metadata"
    return table


def with_duckdb(path):
    result = duckdb.sql(f"SELECT * FROM read_parquet('{path}')").arrow()
    table = result.read_all() if hasattr(result, "read_all") else result
    # It keeps milliseconds as microseconds.
    position = table.schema.get_field_index("ms")
    return table.set_column(position, "ms", table["ms"].cast(pa.timestamp("ms")))


readers = {
    "pyarrow": with_pyarrow,
    "DuckDB": with_duckdb,
    "polars": lambda path: pl.read_parquet(path).to_arrow(),
}
differences = []
for name, columns in json.loads((folder / "expected.json").read_text()).items():
    for reader, read in readers.items():
        # DuckDB knows byte streams of floats only; hemline writes others when it is told to, not of itself.
        if reader == "DuckDB" and "integers" in name:
            continue
        try:
            table = read(str(folder / name))
            for column, expected in columns.items():
                found = texts(table[column])
                if found != expected:
                    at = next((i for i, (a, b) in enumerate(zip(found, expected)) if a != b), -1)
                    differences.append([name, reader, column, len(found), at, found[at], expected[at]])
        except Exception as error:
            differences.append([name, reader, str(error)[:300]])
print(json.dumps(differences))
