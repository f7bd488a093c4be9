"""Makes arrow-types.arrow and arrow-types.json: python arrow-types.py, with pyarrow 25.0.1 and numpy.

Two record batches of every type that fromArrow reads, with what is in them as pyarrow tells it: integers, dates (days) and points
in time (ticks) as decimal text, decimals as their exact text, floats as the shortest text that reads back. The dictionaries have
entries that are null or twice there, which Arrow allows."""
import datetime
import decimal
import json
import math
import pathlib

import numpy as np
import pyarrow as pa

HERE = pathlib.Path(__file__).parent
D = decimal.Decimal
ROWS = 6


def codes(entries, kind, index_type):
    return pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 3, 1], index_type), pa.array(entries, kind))


entries = ["a", None, "b", "a"]
prices = [D("0.01"), D("-0.05"), D("1234567.89"), None, D("-9999999.99"), D("0.00")]
small = [D("0.00012"), D("-0.00099"), None, D("0"), D("0.00001"), D("-0.00001")]
eighteen = [D("999999999999.999999"), D("-999999999999.999999"), None, D("0.000001"), D("-0.000001"), D("4294967.296000")]
times = [0, 1, -1, None, 1_700_000_000, -62_135_596_800]
columns = {
    **{f"codes_{t}": codes(entries, pa.string(), t) for t in [pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.uint32(), pa.int64()]},
    "codes_large": codes(entries, pa.large_string(), pa.int32()),
    "string": pa.array(["a", "", None, "é😀", "a", "b"]),
    "large_string": pa.array(["a", "", None, "é😀", "a", "b"], pa.large_string()),
    "string_view": pa.array(["a", "", None, "é😀", "longer than twelve bytes", "b"], pa.string_view()),
    "decimal32": pa.array(prices, pa.decimal32(9, 2)),
    "decimal64": pa.array(eighteen, pa.decimal64(18, 6)),
    "decimal128": pa.array(eighteen, pa.decimal128(18, 6)),
    "decimal256": pa.array(eighteen, pa.decimal256(18, 6)),
    "small": pa.array(small, pa.decimal128(5, 5)),
    "half": pa.array(np.array([0.5, -0.0, np.nan, 65504, -np.inf, 0.1], "float16"), mask=np.array([False] * 5 + [True])),
    "float": pa.array([1.5, math.nan, None, -0.0, math.inf, 0.1], pa.float32()),
    "double": pa.array([1.5, math.nan, None, -0.0, math.inf, 0.1]),
    **{str(t): pa.array([0, 1, None, 2**7 - 1, 5, 6], t) for t in [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16()]},
    "uint32": pa.array([0, 1, None, 2**32 - 1, 2**31, 6], pa.uint32()),
    "bool": pa.array([True, False, None, True, True, False]),
    "date32": pa.array([0, -1, None, 20_000, 5, 6], pa.int32()).cast(pa.date32()),
    "date64": pa.array([datetime.date(1970, 1, 1), datetime.date(1969, 12, 31), None, datetime.date(2024, 10, 4)] + [datetime.date(1970, 1, 6)] * 2, pa.date64()),
    **{f"time_{unit}": pa.array(times, pa.int64()).cast(pa.timestamp(unit)) for unit in ["s", "ms", "us", "ns"]},
}
table = pa.table(columns)


def text(value, kind):
    if value is None:
        return None
    if pa.types.is_floating(kind):
        return repr(float(value)) if math.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(float(value))]
    if pa.types.is_decimal(kind):
        return format(value.quantize(D(1).scaleb(-kind.scale)), "f")
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    return str(value)


def texts(column):
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column.to_pylist()
    if pa.types.is_timestamp(kind):
        return [text(v, pa.int64()) for v in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_date(kind):
        return [text(v, pa.int32()) for v in column.cast(pa.date32()).cast(pa.int32()).to_pylist()]
    return [text(v, kind) for v in column.to_pylist()]


with pa.OSFile(str(HERE / "arrow-types.arrow"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
    for start in [0, 4]:
        writer.write_batch(table.slice(start, 4).combine_chunks().to_batches()[0])
expected = {name: texts(table[name]) for name in table.schema.names}
(HERE / "arrow-types.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
