#!/usr/bin/env bash
# LightGBM 4.7.0 for Python: Dataset.set_weight cannot take weights back; ones and None leave the former weights in force.
#
# Expected: after `set_weight(ones)` every row counts alike, and after `set_weight(None)`, which its documentation allows, there are no
# weights. Seen: both are taken for "nothing to set" once the dataset is constructed. `get_weight` gives the former weights, and the
# model is that of the former weights, to the last digit. Any other constant takes their place as it should.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check lightgbm==4.7.0 'numpy>=2,<3'

cat >weights.py <<'PY'
import lightgbm as lgb
import numpy as np

rows = np.arange(300)
x = np.stack([rows % 7, rows % 31], 1).astype(float)
y = (rows * 29) % 17 + (x[:, 0] - 3) ** 2
uneven = np.where(rows < 150, 10.0, 0.1)
parameters = {"num_leaves": 5, "num_threads": 1, "verbosity": -1}


def text(weight, then=()):
    data = lgb.Dataset(x, y, weight=weight).construct()
    for one in then:
        data.set_weight(one)
    return lgb.train(parameters, data, 3).model_to_string(), data.get_weight()


former, _ = text(uneven)
plain, _ = text(None)
twos, _ = text(np.full(300, 2.0))
for name, then in {"ones": np.ones(300), "None": None, "twos": np.full(300, 2.0)}.items():
    found, weight = text(uneven, [then])
    which = [k for k, v in {"former weights": former, "no weights": plain, "twos": twos}.items() if v == found]
    print(f"after set_weight({name}): weights {weight[0]:g} and {weight[-1]:g}, the model of {', '.join(which)}")
PY

found=$(python/bin/python weights.py)
printf '%s\n' "$found"
expected='after set_weight(ones): weights 10 and 0.1, the model of former weights
after set_weight(None): weights 10 and 0.1, the model of former weights
after set_weight(twos): weights 2 and 2, the model of twos'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
