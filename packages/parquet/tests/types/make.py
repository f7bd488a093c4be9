"""Writes types.parquet with pyarrow, and types.json with what a reader must find in it.

Run: python make.py (needs pyarrow). The tests read the two files; they do not run this.
"""

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
INT64_MAX, INT64_MIN = 2**63 - 1, -(2**63)

columns = {
    "double": (pa.float64(), [1.5, None, float("nan"), -0.0, float("inf"), 5e-324]),
    "float": (pa.float32(), [0.5, 1.25, None, -0.0, float("-inf"), 3.0]),
    "int32": (pa.int32(), [None, 0, 2**31 - 1, -(2**31), 7, 7]),
    "int16": (pa.int16(), [1, None, -32768, 32767, 0, 7]),
    "int64": (pa.int64(), [INT64_MAX, INT64_MIN, None, 0, 2**53 + 1, -1]),
    "bool": (pa.bool_(), [True, False, None, True, True, False]),
    "date": (pa.date32(), [dt.date(1992, 4, 16), None, dt.date(1969, 12, 31), dt.date(2026, 1, 5), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    "ms": (pa.timestamp("ms"), [0, -1, None, 1767571200000, 1, 2]),
    "us": (pa.timestamp("us", tz="UTC"), [0, -1, 1767571200000000, None, 1, 2]),
    "ns": (pa.timestamp("ns"), [0, -1, 1767571200000000001, None, INT64_MAX, INT64_MIN + 1]),
    "text": (pa.string(), ["", None, "Größe 38 – 漢字 🧥", "a", "a", "\u0000"]),
    "dictionary": (pa.dictionary(pa.int32(), pa.string()), ["x", "y", None, "x", "", "y"]),
    "missing": (pa.float64(), [None] * 6),
    "required": (pa.int32(), [1, 2, 3, 4, 5, 6]),
    "decimal": (pa.decimal128(9, 2), [None] * 6),
    "list": (pa.list_(pa.int32()), [[1], [], None, [2, 3], [4], [5]]),
}
codecs = ["snappy", "zstd", "gzip", "none"]

fields = [pa.field(name, kind, nullable=name != "required") for name, (kind, _) in columns.items()]
table = pa.table([pa.array(values, kind) for kind, values in columns.values()], schema=pa.schema(fields))
table = table.replace_schema_metadata({"origin": "pyarrow"})
pq.write_table(
    table,
    HERE / "types.parquet",
    row_group_size=4,
    compression={
        (f"{name}.list.element" if name == "list" else name): codecs[i % len(codecs)]
        for i, name in enumerate(columns)
    },
)


def shown(value):
    """Numbers as text: JSON has neither NaN nor 64-bit integers, and its -0 is easily lost."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, dt.date):
        return str((value - dt.date(1970, 1, 1)).days)
    return repr(float(value)) if isinstance(value, float) else str(value)


expected = {
    name: [shown(value) for value in values]
    for name, (_, values) in columns.items()
    if name not in ("decimal", "list")
}
(HERE / "types.json").write_text(json.dumps(expected, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
