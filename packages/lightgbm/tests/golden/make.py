"""Models of Python's LightGBM, and what they predict: python make.py (lightgbm 4.7.0, numpy 2)."""
import json
import pathlib

import lightgbm as lgb
import numpy as np

ROWS, VALID = 400, 150
random = np.random.default_rng(20260105)


def table(rows, zeros=0.1):
    x = random.normal(size=(rows, 6)).round(3)
    x[:, 0] = random.integers(0, 40, rows)
    x[:, 1] = random.integers(-2, 6, rows)
    x[random.random((rows, 6)) < zeros] = 0
    x[random.random((rows, 6)) < 0.15] = np.nan
    return x


def signal(x):
    clean = np.nan_to_num(x)
    return np.sin(clean[:, 0]) + clean[:, 2] * clean[:, 3] - clean[:, 4] + 0.3 * clean[:, 1] + np.isnan(x[:, 5])


x, xv = table(ROWS), table(VALID)
z, zv = signal(x), signal(xv)
noise = lambda n: random.random(n)
share = lambda s: 1 / (1 + np.exp(-s))
labels = {
    "binary": lambda s: (noise(len(s)) < share(s)).astype(float),
    "share": lambda s: share(s).round(4),
    "class": lambda s: np.digitize(s + 0.3 * noise(len(s)), [-0.5, 0.5]).astype(float),
    "number": lambda s: (s + 0.3 * noise(len(s))).round(4),
    "count": lambda s: random.poisson(np.exp(0.4 * s)).astype(float),
}
weight = random.integers(1, 9, ROWS).astype(float)
base = {"num_leaves": 8, "min_data_in_leaf": 5, "learning_rate": 0.2, "num_threads": 1, "verbosity": -1}
cases = {
    "binary": ("binary", {"objective": "binary", "sigmoid": 1.5}),
    "cross-entropy": ("share", {"objective": "cross_entropy"}),
    "cross-entropy-lambda": ("share", {"objective": "cross_entropy_lambda"}),
    "multiclass": ("class", {"objective": "multiclass", "num_class": 3}),
    "one-versus-all": ("class", {"objective": "multiclassova", "num_class": 3}),
    "regression": ("number", {"objective": "regression"}),
    "square-root": ("count", {"objective": "regression", "reg_sqrt": True}),
    "poisson": ("count", {"objective": "poisson"}),
    "tweedie": ("count", {"objective": "tweedie"}),
    "quantile": ("number", {"objective": "quantile", "alpha": 0.8}),
    "zero-missing": ("number", {"objective": "regression", "zero_as_missing": True}),
    "no-missing": ("number", {"objective": "regression", "use_missing": False}),
    "forest": ("binary", {"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "feature_fraction": 0.7}),
    "dart": ("number", {"objective": "regression", "boosting": "dart", "drop_rate": 0.3}),
    "bagging": ("binary", {"objective": "binary", "bagging_freq": 1, "bagging_fraction": 0.5, "feature_fraction": 0.5}),
    "monotone": ("number", {"objective": "regression", "monotone_constraints": "0,0,0,0,-1,0"}),
}
clean = lambda a: [None if isinstance(v, float) and np.isnan(v) else v for v in np.asarray(a, float).ravel().tolist()]
# What LightGBM writes: Python adds a line of its own about pandas.
text_of = lambda booster: booster.model_to_string().removesuffix("\npandas_categorical:null\n")
golden = {"version": lgb.__version__, "x": clean(x), "xv": clean(xv), "weight": clean(weight), "cases": {}}
for name, (label, parameters) in cases.items():
    y, yv = labels[label](z), labels[label](zv)
    parameters = {**base, **parameters}
    train = lgb.Dataset(x, y, weight=weight, categorical_feature=[0, 1], params=parameters)
    history = {}
    booster = lgb.train(parameters, train, 12, valid_sets=[train, lgb.Dataset(xv, yv, reference=train)],
                        valid_names=["training", "valid"], callbacks=[lgb.record_evaluation(history)])
    golden["cases"][name] = {
        "parameters": parameters, "y": clean(y), "yv": clean(yv), "text": text_of(booster),
        "value": clean(booster.predict(xv)), "raw": clean(booster.predict(xv, raw_score=True)),
        "leaf": clean(booster.predict(xv, pred_leaf=True)),
        "contribution": clean(booster.predict(xv[:5], pred_contrib=True)),
        "gain": clean(booster.feature_importance("gain")), "history": history,
    }

parameters = {**base, "objective": "binary", "metric": "auc,binary_logloss"}
y, yv = labels["binary"](z), labels["binary"](zv)
train = lgb.Dataset(x, y, categorical_feature=[0, 1], params=parameters)
stopped = lgb.train(parameters, train, 200, valid_sets=[lgb.Dataset(xv, yv, reference=train)],
                    callbacks=[lgb.early_stopping(5, verbose=False)])
first = lgb.train(parameters, lgb.Dataset(x, y, categorical_feature=[0, 1], params=parameters), 6)
more = lgb.train(parameters, lgb.Dataset(x, y, categorical_feature=[0, 1], params=parameters), 6, init_model=first)
golden["stopping"] = {"parameters": parameters, "y": clean(y), "yv": clean(yv),
                      "bestIteration": stopped.best_iteration, "text": text_of(stopped),
                      "first": text_of(first), "more": text_of(more)}
here = pathlib.Path(__file__).parent
(here / "models.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
