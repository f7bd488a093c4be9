#!/usr/bin/env bash
# DuckDB 1.5.6: Parquet of version 2 with 32-bit integers that lie far apart cannot be read by pyarrow 25.0.1.
#
# Expected: the delta encoding lets differences wrap around, so that those of 32-bit integers take 32 bits at most. Seen: with
# PARQUET_VERSION v2 DuckDB writes differences of 33 bits where neighbours are 2^31 or more apart. pyarrow refuses the column, polars
# 1.44.2 and DuckDB itself read it. Version 1, and 64-bit integers in version 2, are read by all.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 duckdb==1.5.6 pyarrow==25.0.1 polars==1.44.2 2>/dev/null

cat >integers.py <<'PY'
import duckdb
import polars as pl
import pyarrow.parquet as pq

values = [1, 4294967295, 2147483648, 0, 5]


def by(read):
    try:
        return "right" if read() == values else "wrong"
    except OSError as error:
        return str(error)


for kind, version in [("uinteger", "v1"), ("uinteger", "v2"), ("bigint", "v2")]:
    duckdb.sql(f"copy (select unnest({values})::{kind} as x) to 'x.parquet' (format parquet, parquet_version {version})")
    print(kind, version)
    print("  pyarrow", by(lambda: pq.read_table("x.parquet")["x"].to_pylist()))
    print("  polars", by(lambda: pl.read_parquet("x.parquet")["x"].to_list()))
    print("  duckdb", by(lambda: [x for (x,) in duckdb.sql("select x from 'x.parquet'").fetchall()]))
PY

found=$(venv/bin/python integers.py)
printf '%s\n' "$found"
expected='uinteger v1
  pyarrow right
  polars right
  duckdb right
uinteger v2
  pyarrow delta bit width larger than integer bit width
  polars right
  duckdb right
bigint v2
  pyarrow right
  polars right
  duckdb right'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
