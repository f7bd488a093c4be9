#!/usr/bin/env bash
# DuckDB 1.5.6: 2.5 as an integer is 2 or 3, depending on where the 2.5 comes from.
#
# Expected: one rule for halves. Seen: a cast of a double goes to the even neighbour (2.5 to 2, 3.5 to 4), the cast of a decimal or of
# text and round() away from zero (to 3). A literal 2.5 is a decimal and a column of a Parquet file or of pandas mostly a double, so
# that a query tried out on literals gives other numbers on the table. numpy's and polars' rounding is to even throughout.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 duckdb==1.5.6 polars==1.44.2 numpy==2.4.6 2>/dev/null

cat >halves.py <<'PY'
import duckdb
import numpy as np
import polars as pl

sql = {
    "literal::int": "2.5::int, 3.5::int",
    "double::int": "2.5::double::int, 3.5::double::int",
    "float::int": "2.5::float::int, 3.5::float::int",
    "text::int": "'2.5'::int, '3.5'::int",
    "round(double)": "round(2.5::double)::int, round(3.5::double)::int",
}
for name, columns in sql.items():
    print(name, *duckdb.sql(f"select {columns}").fetchone())
print("numpy", *np.round([2.5, 3.5]).astype(int), "polars", *pl.Series([2.5, 3.5]).round().cast(pl.Int64))
PY

found=$(venv/bin/python halves.py)
printf '%s\n' "$found"
expected='literal::int 3 4
double::int 2 4
float::int 2 4
text::int 3 4
round(double) 3 4
numpy 2 4 polars 2 4'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
