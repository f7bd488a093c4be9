#!/usr/bin/env bash
# LightGBM 4.7.0: a missing value is forecast as 0 where training had none, and to a side of its own where training had a single one.
#
# Expected: a feature that is missing for the first time when forecasting gives an error, or what is expected without knowing it.
# Seen: the model says what it says for 0, silently: missing becomes the number 0, which may lie anywhere among the values. One row of
# 2,001 in training with the value missing changes that. A feature that is complete in training and not in production, such as a price
# or a lag of a new article, is so read as free of charge or not sold.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 lightgbm==4.7.0 numpy==2.4.6 2>/dev/null

cat >missing.py <<'PY'
import lightgbm as lgb
import numpy as np

price = np.random.default_rng(0).uniform(20, 60, (2000, 1))
demand = np.where(price[:, 0] < 40, 20.0, 10.0)
settings = {"objective": "regression", "verbosity": -1, "num_leaves": 3, "min_data_in_leaf": 1, "learning_rate": 1.0, "deterministic": True, "num_threads": 1}


def forecast(prices, units):
    model = lgb.train(settings, lgb.Dataset(prices, label=units), 1)
    return [f"{x:.1f}" for x in model.predict(np.array([[np.nan], [0.0], [25.0], [55.0]]))]


print("missing, 0, 25, 55")
print("complete:", *forecast(price, demand))
print("one missing:", *forecast(np.append(price, [[np.nan]], axis=0), np.append(demand, 0.0)))
PY

found=$(venv/bin/python missing.py)
printf '%s\n' "$found"
expected='missing, 0, 25, 55
complete: 20.0 20.0 20.0 10.0
one missing: 0.0 20.0 20.0 10.0'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
