#!/usr/bin/env bash
# DuckDB 1.5.6: date_diff counts beginnings of months, quarters and years, but not of weeks.
#
# Expected, as its documentation says: the number of boundaries between two dates, which for weeks are the Mondays that date_trunc
# and pyarrow's weeks_between know. Seen: whole spans of seven days from the first date on. From Sunday, 4 January 2026, to the Monday
# after it date_diff('week') is 0, though both functions put them into different weeks; from 31 January to 1 February
# date_diff('month') is 1. Weeks ahead that are counted so begin on the weekday of whatever date they are counted from.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 duckdb==1.5.6 pyarrow==25.0.1 2>/dev/null

cat >weeks.py <<'PY'
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

for first, last in [("2026-01-04", "2026-01-05"), ("2026-01-01", "2026-01-07"), ("2026-01-01", "2026-01-08"), ("2026-01-05", "2026-01-04")]:
    counted, truncated = duckdb.sql(
        f"select date_diff('week', date '{first}', date '{last}'), date_diff('day', date_trunc('week', date '{first}'), date_trunc('week', date '{last}')) // 7"
    ).fetchone()
    arrow = pc.weeks_between(pa.array([date.fromisoformat(first)]), pa.array([date.fromisoformat(last)]))[0]
    print(first, last, "date_diff", counted, "by date_trunc", truncated, "pyarrow", arrow)
print("month", *duckdb.sql("select date_diff('month', date '2026-01-31', date '2026-02-01')").fetchone())
PY

found=$(venv/bin/python weeks.py)
printf '%s\n' "$found"
expected='2026-01-04 2026-01-05 date_diff 0 by date_trunc 1 pyarrow 1
2026-01-01 2026-01-07 date_diff 0 by date_trunc 1 pyarrow 1
2026-01-01 2026-01-08 date_diff 1 by date_trunc 1 pyarrow 1
2026-01-05 2026-01-04 date_diff 0 by date_trunc -1 pyarrow -1
month 1'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
