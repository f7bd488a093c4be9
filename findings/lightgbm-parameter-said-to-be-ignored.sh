#!/usr/bin/env bash
# LightGBM 4.7.0 for Python: of categorical_feature among the parameters it says that it "will be ignored", and heeds it; under its
# other names it heeds it without a word.
#
# Expected: a parameter of which the warning says that it will be ignored changes nothing. Seen: the column is binned and split as
# categories, and the model is the same as with the argument of Dataset, which the warning asks for.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check lightgbm==4.7.0 'numpy>=2,<3'

cat >categories.py <<'PY'
import warnings

import lightgbm as lgb
import numpy as np

rows = np.arange(300)
x = np.stack([rows % 7, rows % 31], 1).astype(float)
y = (rows * 29) % 17 + 5.0 * np.isin(x[:, 0], [1, 4, 6])
base = {"num_leaves": 5, "num_threads": 1, "verbosity": -1, "min_data_per_group": 5, "cat_smooth": 1}


def train(more, **arguments):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = lgb.train({**base, **more}, lgb.Dataset(x, y, **arguments), 3).model_to_string()
    said = [str(one.message).split("\n")[0] for one in caught]
    return text.split("\nparameters:")[0], said


plain, _ = train({})
argument, _ = train({}, categorical_feature=[0])
assert plain != argument
for name in ["categorical_feature", "cat_feature"]:
    text, said = train({name: "0"})
    which = {plain: "numbers", argument: "categories"}[text]
    print(f"{name}: says {said or 'nothing'}, column 0 holds {which}")
PY

found=$(python/bin/python categories.py 2>/dev/null)
printf '%s\n' "$found"
expected="categorical_feature: says ['categorical_feature keyword has been found in \`params\` and will be ignored.'], column 0 holds categories
cat_feature: says nothing, column 0 holds categories"
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
