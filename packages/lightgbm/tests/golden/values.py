"""What Python's LightGBM makes of parameters that are given to a training, and of weights: python values.py (lightgbm 4.7.0, numpy 2)."""
import json
import pathlib

import lightgbm as lgb
import numpy as np

ROWS = 300
row = np.arange(ROWS)
# Whole numbers, so that the test makes the same table: a category, a price, a rare flag, two columns that exclude each other.
x = np.stack([row % 7, (row * 13) % 31, row % 60 == 0, (row % 3 == 0) * (row % 5 + 1), (row % 3 == 1) * (row % 4 + 1)], 1).astype(float)
y = (row * 29) % 17 + (x[:, 0] - 3) ** 2 + x[:, 1] / 4
base = {"num_leaves": 7, "num_threads": 1, "verbosity": -1, "learning_rate": 0.3, "force_col_wise": True}
shaping = {
    "none": {},
    "max_bin": {"max_bin": 3},
    "max_bins": {"max_bins": 3},
    "max_bin_by_feature": {"max_bin_by_feature": [3, 9, 3, 3, 3]},
    "min_data_in_bin": {"min_data_in_bin": 60},
    "bin_construct_sample_cnt": {"bin_construct_sample_cnt": 40},
    "subsample_for_bin": {"subsample_for_bin": 40, "data_random_seed": 9},
    "seed": {"subsample_for_bin": 40, "seed": 9},
    "categorical_feature": {"categorical_feature": "0", "min_data_per_group": 5},
    "min_data_in_leaf": {"min_data_in_leaf": 3},
    "feature_pre_filter": {"min_data_in_leaf": 3, "feature_pre_filter": False},
    "zero_as_missing": {"zero_as_missing": True},
    "use_missing": {"use_missing": False, "zero_as_missing": True},
    "linear_tree": {"linear_tree": True},
    "enable_bundle": {"enable_bundle": False},
    "is_enable_sparse": {"is_sparse": False},
    "monotone_constraints": {"monotone_constraints": [0, -1, 0, 0, 0]},
}
text_of = lambda booster: booster.model_to_string().removesuffix("\npandas_categorical:null\n")
golden = {"version": lgb.__version__, "shaping": {}, "stopping": {}, "weights": {}}
for name, parameters in shaping.items():
    # As people write it: nothing is said to the dataset.
    booster = lgb.train({**base, **parameters}, lgb.Dataset(x, y), 6)
    golden["shaping"][name] = {"parameters": parameters, "text": text_of(booster), "value": booster.predict(x[:7]).tolist()}

half = row < ROWS // 2
held = (y + y[::-1]) / 2
texts = set()
for name in ["early_stopping_round", "early_stopping_rounds", "early_stopping", "n_iter_no_change"]:
    train = lgb.Dataset(x[half], y[half])
    stopped = lgb.train({**base, name: 2}, train, 50, valid_sets=[lgb.Dataset(x[~half], held[~half], reference=train)])
    texts.add(text_of(stopped))
    golden["stopping"][name] = stopped.best_iteration
(golden["stopped"],) = texts
texts = set()
golden["rounds"] = ["num_iterations", "num_iteration", "n_iter", "num_tree", "num_trees", "num_round", "num_rounds", "nrounds",
                    "num_boost_round", "n_estimators", "max_iter"]
for name in golden["rounds"]:
    texts.add(text_of(lgb.train({**base, name: 3}, lgb.Dataset(x, y))))
(golden["three"],) = texts

thirty = np.arange(1, 31, dtype=float)
for objective in ["quantile", "regression_l1"]:
    for alpha in [0.5, 0.9, 0.1]:
        parameters = {"objective": objective, "alpha": alpha, "num_threads": 1, "verbosity": -1, "min_data_in_leaf": 20}
        data = lgb.Dataset(np.zeros((30, 1)), thirty, weight=np.ones(30))
        golden["weights"][f"{objective} {alpha}"] = {
            "parameters": parameters, "value": float(lgb.train(parameters, data, 1).predict([[0]])[0])}
(pathlib.Path(__file__).parent / "values.json").write_text(json.dumps(golden, indent=1) + "\n")
