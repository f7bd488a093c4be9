"""Makes the golden files of this folder, and what is in them: python make.py, with pyarrow 25.0.1 and numpy.

Every file NAME.parquet has a NAME.json beside it: {"columns": {column: [text or null …]}}. Integers, dates (days) and
points in time (ticks) are decimal text, floats the shortest text that reads back, decimals their exact text, byte strings
hexadecimal, nested values JSON."""
import datetime
import decimal
import json
import math
import pathlib
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
ROWS = 99
EPOCH = datetime.date(1970, 1, 1)


def text(value, kind):
    """One value as the text that the test compares with."""
    if value is None:
        return None
    if pa.types.is_floating(kind):
        value = float(value)
        return repr(value) if math.isfinite(value) else ("NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity")
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return value.hex()
    if pa.types.is_nested(kind):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def texts(column):
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return [None if v is None else str(v) for v in column.to_pylist()]
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
        column = column.cast(pa.int64())
    elif pa.types.is_date32(kind) or pa.types.is_time32(kind):
        column = column.cast(pa.int32())
    return [text(v, kind) for v in column.to_pylist()]


def write(name, table, read_as=None, **options):
    """Writes a file and its expected values; `read_as` where reading gives another type than was written."""
    options.setdefault("compression", "none")
    pq.write_table(table, HERE / f"{name}.parquet", **options)
    table = read_as or table
    expected = {"columns": {field: texts(table[field]) for field in table.schema.names}}
    (HERE / f"{name}.json").write_text(json.dumps(expected, ensure_ascii=False, separators=(",", ":")) + "\n")


rng = np.random.default_rng(7)


def nulls(values, pattern):
    """Values with some of them missing."""
    rows = len(values)
    mask = {
        "none": np.zeros(rows, bool),
        "all": np.ones(rows, bool),
        "random": rng.random(rows) < 0.3,
        "ends": np.isin(np.arange(rows), [0, rows - 1]),
        "runs": (np.arange(rows) // 13) % 2 == 0,
    }[pattern]
    return [None if missing else value for value, missing in zip(values, mask)]


def plain_columns(pattern):
    """A column of every typed kind, 99 rows."""
    few = rng.integers(0, 9, ROWS)
    walk = np.cumsum(rng.integers(-50, 50, ROWS))
    wide = rng.integers(-(2**63), 2**63 - 1, ROWS)
    floats = np.concatenate([[0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308], rng.normal(0, 1e3, ROWS - 7)])
    words = ["", "a", "Größe", "日本", "😀 x", "a" * 40, "longer text"]
    return {
        "bool": pa.array(nulls([bool(v % 2) for v in few], pattern), pa.bool_()),
        "int32": pa.array(nulls(walk.tolist(), pattern), pa.int32()),
        "int64": pa.array(nulls(wide.tolist(), pattern), pa.int64()),
        "float": pa.array(nulls(floats.astype("float32").tolist(), pattern), pa.float32()),
        "double": pa.array(nulls(floats.tolist(), pattern), pa.float64()),
        "text": pa.array(nulls([words[v % 7] for v in few], pattern), pa.string()),
        "date": pa.array(nulls([EPOCH + datetime.timedelta(days=int(v)) for v in walk], pattern), pa.date32()),
    }


for pattern in ["none", "all", "random", "ends", "runs"]:
    for version in ["1.0", "2.0"]:
        write(f"nulls-{pattern}-v{version[0]}", pa.table(plain_columns(pattern)), data_page_version=version)
for codec in ["snappy", "gzip", "brotli", "zstd", "lz4"]:
    for version in ["1.0", "2.0"]:
        write(f"codec-{codec}-v{version[0]}", pa.table(plain_columns("random")), compression=codec, data_page_version=version, write_page_checksum=True)
required = plain_columns("none")
write("required", pa.table(required, schema=pa.schema([pa.field(n, a.type, nullable=False) for n, a in required.items()])))

for pattern in ["none", "random"]:
    columns = plain_columns(pattern)
    encodings = {
        "delta": {"int32": "DELTA_BINARY_PACKED", "int64": "DELTA_BINARY_PACKED", "date": "DELTA_BINARY_PACKED", "text": "DELTA_LENGTH_BYTE_ARRAY"},
        "prefix": {"text": "DELTA_BYTE_ARRAY"},
        "split": {n: "BYTE_STREAM_SPLIT" for n in ["int32", "int64", "float", "double", "date"]},
        "plain": {n: "PLAIN" for n in columns if n != "bool"},
        "rle": {"bool": "RLE"},
    }
    for name, chosen in encodings.items():
        for version in ["1.0", "2.0"]:
            table = pa.table({n: columns[n] for n in chosen})
            write(f"encoding-{name}-{pattern}-v{version[0]}", table, use_dictionary=False, column_encoding=chosen, data_page_version=version)
    # A dictionary that grows too large half-way: dictionary pages, then plain ones.
    many = pa.array(nulls([f"article-{v:06d}" for v in rng.integers(0, 900, 900)], pattern))
    numbers = pa.array(nulls(rng.integers(0, 10**9, 900).tolist(), pattern), pa.int64())
    write(f"fallback-{pattern}", pa.table({"text": many, "number": numbers}), dictionary_pagesize_limit=1024, data_page_size=512, write_batch_size=64)

for rows in [0, 1, 7, 8, 9, 17]:
    columns = {n: a.slice(0, rows) for n, a in plain_columns("random").items()}
    write(f"rows-{rows}", pa.table(columns))
write("row-groups", pa.table(plain_columns("random")), row_group_size=27, compression="zstd")
write("pages", pa.table(plain_columns("random")), data_page_size=64, write_batch_size=11, write_page_index=True, write_page_checksum=True, sorting_columns=[pq.SortingColumn(0)])

D = decimal.Decimal
write("decimals", pa.table({
    "one": pa.array([D("1"), D("-9"), None], pa.decimal128(1, 0)),
    "nine": pa.array([D("1234567.89"), D("-0.01"), None], pa.decimal128(9, 2)),
    "eighteen": pa.array([D("999999999999.999999"), D("-999999999999.999999"), D("0.000000")], pa.decimal128(18, 6)),
    "nineteen": pa.array([D("9999999999999999999"), D("-9999999999999999999"), None], pa.decimal128(19, 0)),
    "thirty_eight": pa.array([D("12345678901234567890123456789012345.678"), D("-0.001"), None], pa.decimal128(38, 3)),
}))
small = pa.table({
    "nine": pa.array([D("1234567.89"), D("-0.01"), None], pa.decimal128(9, 2)),
    "eighteen": pa.array([D("999999999999.999999"), D("-999999999999.999999"), D("0.000000")], pa.decimal128(18, 6)),
})
write("decimals-as-integers", small, store_decimal_as_integer=True)

extremes = [0, 1, -1, 2**62, -(2**62), None]
write("timestamps", pa.table({
    **{f"{unit}{zone}": pa.array(extremes, pa.int64()).cast(pa.timestamp(unit, "UTC" if zone else None)) for unit in ["ms", "us", "ns"] for zone in ["", "_utc"]},
}))
hours = pa.array([0, 3_600_000_000_000, -1_000_000_000, None], pa.int64()).cast(pa.timestamp("ns"))
write("int96", pa.table({"at": hours}), use_deprecated_int96_timestamps=True)
write("integers", pa.table({
    **{f"int{bits}": pa.array([0, 1, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1, None], getattr(pa, f"int{bits}")()) for bits in [8, 16, 32, 64]},
    **{f"uint{bits}": pa.array([0, 1, 2 ** (bits - 1), 2**bits - 1, None], getattr(pa, f"uint{bits}")()) for bits in [8, 16, 32, 64]},
}))
write("exotic", pa.table({
    "half": pa.array(np.array([0, 1, -2, 65504, 6e-8, -0.0, np.inf, np.nan], "float16")),
    "fixed": pa.array([b"abcd", b"\x00\x01\x02\x03", None] + [b"wxyz"] * 5, pa.binary(4)),
    "uuid": pa.array([uuid.UUID(int=v) if v else None for v in [1, 2**127, 0, 5, 6, 7, 8, 9]], pa.uuid()),
    "time_ms": pa.array([0, 1, None, 86_399_999, 5, 6, 7, 8], pa.time32("ms")),
    "time_us": pa.array([0, 1, None, 86_399_999_999, 5, 6, 7, 8], pa.time64("us")),
}))
write("bytes", pa.table({"binary": pa.array([b"", b"\x00\xff", None, b"abc", b"\x80"])}))
write("nested", pa.table({
    "id": pa.array([1, 2, 3, 4], pa.int32()),
    "list": pa.array([[1, 2], [], None, [3]], pa.list_(pa.int32())),
    "struct": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}, {"a": 4, "b": None}], pa.struct([("a", pa.int32()), ("b", pa.string())])),
}), write_page_checksum=True)
write("names", pa.table({"__proto__": [1, 2], "constructor": ["a", "b"], "with space": [True, None], "ümlaut": [1.5, 2.5], "": ["e", "f"]}))
write("keys", pa.table({"x": pa.array([1])}).replace_schema_metadata({f"key{i}": "ü" * i for i in range(50)}))
write("half", pa.table({"half": pa.array(np.array([level / 20 for level in range(15)], "float16"))}), write_page_index=True)
write("nothing", pa.table({"number": pa.array([1, 2], pa.int32()), "nothing": pa.nulls(2)}))
print(sum(f.stat().st_size for f in HERE.iterdir()) // 1000, "kB in", len(list(HERE.glob("*.parquet"))), "files")
