#!/usr/bin/env bash
# pandas 3.0.6: rolling and expanding windows take an infinite value for a missing one.
#
# Expected: the sum and the greatest of a window with an infinity are infinite, as Series.sum, Series.max and cummax of pandas and
# the windows of polars 1.44.2 have it. Seen: rolling(1).sum() of an infinity is NaN, expanding().max() passes it over and goes on
# with 1. expanding().count() does count it. A rate whose denominator was 0 for a week is so turned into a week without data.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 pandas==3.0.6 polars==1.44.2 2>/dev/null

cat >windows.py <<'PY'
import math

import pandas as pd
import polars as pl

values = [1.0, math.inf, 2.0]
pandas, polars = pd.Series(values), pl.Series(values)
print("greatest so far:", pandas.cummax().tolist(), "expanding", pandas.expanding().max().tolist())
print("window of 1:", pandas.rolling(1).sum().tolist(), "polars", polars.rolling_sum(1).to_list())
print("count:", pandas.count(), "expanding", pandas.expanding().count().tolist())
PY

found=$(venv/bin/python windows.py)
printf '%s\n' "$found"
expected='greatest so far: [1.0, inf, inf] expanding [1.0, 1.0, 2.0]
window of 1: [1.0, nan, 2.0] polars [1.0, inf, 2.0]
count: 3 expanding [1.0, 2.0, 3.0]'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
