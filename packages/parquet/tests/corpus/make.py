"""Makes expected.json: what pyarrow 25.0.1 reads in the files of https://github.com/apache/parquet-testing/tree/master/data.

python make.py FOLDER. For every file: rows, and for every flat column the SHA-256 over its values as text, one a line:
integers, dates (days) and points in time (ticks) as decimal text, floats as the hexadecimal bits of a double ("nan" for
every NaN), decimals as their exact text, byte strings hexadecimal; "null" where missing;
byte arrays that are all UTF-8 are text. Nested columns have null."""
import hashlib
import json
import math
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def text(value, kind):
    if value is None:
        return "null"
    if pa.types.is_floating(kind):
        value = float(value)
        return "nan" if math.isnan(value) else struct.pack(">d", value).hex()
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "x" + value.hex()
    return str(value)


def as_text_where_it_is(values, kind):
    """Byte arrays without an annotation are text where all of them are UTF-8."""
    if not pa.types.is_binary(kind):
        return values
    try:
        return [None if v is None else v.decode() for v in values]
    except UnicodeDecodeError:
        return values


def digest(column):
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        lines = ["null" if v is None else str(v) for v in column.to_pylist()]
    else:
        if pa.types.is_nested(kind):
            return None
        if pa.types.is_dictionary(kind):
            column, kind = column.cast(kind.value_type), kind.value_type
        if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
            column = column.cast(pa.int64())
        elif pa.types.is_date32(kind) or pa.types.is_time32(kind):
            column = column.cast(pa.int32())
        lines = [text(v, kind) for v in as_text_where_it_is(column.to_pylist(), kind)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.parquet")):
    try:
        table = pq.ParquetFile(path, page_checksum_verification=True).read(use_threads=False)
        names = table.schema.names
        found[path.name] = {
            "rows": table.num_rows,
            "columns": [[name, digest(table.column(i))] for i, name in enumerate(names)],
        }
    except (OSError, pa.ArrowException, ValueError) as error:
        found[path.name] = {"error": str(error).split("\n")[0][:200]}
out = pathlib.Path(__file__).parent / "expected.json"
out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
print(len(found), "files,", sum("error" in each for each in found.values()), "that pyarrow refuses")
