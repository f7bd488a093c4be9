"""Makes a file by each of several writers, and expected.json, what they hold: python make.py && node make.mjs.

Needs pyarrow 25.0.1, polars 1.44.2, duckdb 1.5.6, pandas 3.0.6, fastparquet 2026.9.0; make.mjs needs parquet-wasm 0.8.0. Every
column has a missing value, and NaN, -0, infinities and extremes where its type has them. Values are text: days of dates, ticks of
points in time, the shortest text that reads back of floats."""
import decimal
import json
import math
import pathlib

import duckdb
import fastparquet
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
D = decimal.Decimal


def ticks(values, kind):
    return pa.array(values, pa.int64()).cast(kind)


table = pa.table({
    "float64": pa.array([1.5, math.nan, None, -0.0, math.inf, 0.1]),
    "float32": pa.array([1.5, math.nan, None, -0.0, -math.inf, 0.1], pa.float32()),
    **{f"int{n}": pa.array([1, -(2 ** (n - 1)), None, 2 ** (n - 1) - 1, 0, 5], getattr(pa, f"int{n}")()) for n in [8, 16, 32, 64]},
    **{f"uint{n}": pa.array([1, 2**n - 1, None, 2 ** (n - 1), 0, 5], getattr(pa, f"uint{n}")()) for n in [8, 16, 32]},
    "bool": pa.array([True, False, None, True, False, True]),
    "string": pa.array(["a", "", None, "é😀", "a", "b" * 300]),
    "category": pa.array(["x", "y", None, "x", "y", "z"]).dictionary_encode(),
    "date": pa.array([0, -1, None, 20_000, 5, 6], pa.int32()).cast(pa.date32()),
    "ms": ticks([0, -1, None, 10**12, 5, 6], pa.timestamp("ms")),
    "us": ticks([0, -1, None, 10**15, 5, 6], pa.timestamp("us")),
    "ns": ticks([0, -1, None, 10**18, 5, 6], pa.timestamp("ns")),
    "utc": ticks([0, -1, None, 10**15, 5, 6], pa.timestamp("us", "UTC")),
    "decimal9": pa.array([D("0.01"), D("-1234567.89"), None, D("0.00"), D("9.99"), D("-0.05")], pa.decimal128(9, 2)),
    "decimal18": pa.array([D("0.01"), D("-9999999999999999.99"), None, D("0.00"), D("9.99"), D("-0.05")], pa.decimal128(18, 2)),
    "nothing": pa.array([None] * 6, pa.float64()),
})


def text(value, kind):
    if value is None:
        return None
    if pa.types.is_floating(kind):
        return str(D(repr(value)).normalize()) if math.isfinite(value) and value != 0 else {"0.0": "0", "-0.0": "-0", "nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, D) else str(value)


def texts(column):
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
    elif pa.types.is_date(kind):
        column = column.cast(pa.int32())
    elif pa.types.is_dictionary(kind):
        column = column.cast(pa.string())
    return [text(value, column.type) for value in column.to_pylist()]


pq.write_table(table, HERE / "pyarrow.parquet", compression="zstd", row_group_size=4, write_page_index=True)
pl.from_arrow(table).write_parquet(HERE / "polars.parquet", row_group_size=4)
for version in ["v1", "v2"]:
    duckdb.sql(f"copy (select * from \"table\") to '{HERE}/duckdb-{version}.parquet' (format parquet, parquet_version {version})")
names = [name for name in table.schema.names if not name.startswith("d")]
frame = table.select(names).to_pandas()
for name in names:
    if "int" in name:
        frame[name] = pd.array(table[name].to_pylist(), dtype=name.replace("u", "U", 1).replace("int", "Int"))
fastparquet.write(str(HERE / "fastparquet.parquet"), frame)
with pa.OSFile(str(HERE / "table.arrow"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table)
expected = {name: texts(table[name]) for name in table.schema.names}
(HERE / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
