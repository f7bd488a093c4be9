#!/usr/bin/env bash
# polars 1.44.2: the greatest of 1, NaN and 3 is 3 or NaN, by the way it is asked for.
#
# Expected: one answer. Seen: max, cum_max, max within groups and the max of describe say 3; rolling_max, top_k, the last of sort and
# the quantile of 1 say NaN, so that describe shows a 75 % quantile of NaN below a greatest value of 3. The two ways even meet in one
# expression: a running max and a rolling max as long as the column differ. pandas 3.0.6 says 3 throughout.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 polars==1.44.2 pandas==3.0.6 2>/dev/null

cat >greatest.py <<'PY'
import math

import pandas as pd
import polars as pl

values = [1.0, math.nan, 3.0]
x = pl.Series("x", values)
described = dict(x.describe().rows())
print("max", x.max(), "cum_max", x.cum_max()[-1], "in groups", x.to_frame().group_by(pl.lit(1)).agg(pl.col("x").max())["x"][0])
print("rolling_max", x.rolling_max(3)[-1], "top_k", x.top_k(1)[0], "sort", x.sort()[-1], "quantile", x.quantile(1.0))
print("describe 75%", described["75%"], "max", described["max"])
p = pd.Series(values)
print("pandas max", p.max(), "rolling", p.rolling(3, min_periods=1).max().iloc[-1], "quantile", p.quantile(1.0), "nlargest", p.nlargest(1).iloc[0])
PY

found=$(venv/bin/python greatest.py)
printf '%s\n' "$found"
expected='max 3.0 cum_max 3.0 in groups 3.0
rolling_max nan top_k nan sort nan quantile nan
describe 75% nan max 3.0
pandas max 3.0 rolling 3.0 quantile 3.0 nlargest 3.0'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
