"""LightGBM for demand: what its users would choose, once for all data."""
import lightgbm as lgb
import numpy as np


def train(objective, matrix, units, level, black, signs, categorical, rounds, seed, threads, **more):
    """A booster of demand, and its forecast as a function of rows and their levels.

    log: the log of demand, its mean corrected by smearing (Duan 1983); tweedie, poisson: demand over the level, weighted by
    black price × level; l2: units, weighted by black price. signs: 1 or -1 where demand never falls or rises with a feature.
    """
    parameters = {
        "learning_rate": 0.03,
        "num_leaves": 31,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "cat_smooth": 20.0,
        "seed": seed,
        "num_threads": threads,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
        **more,
    }
    if any(signs):
        parameters |= {"monotone_constraints": list(signs), "monotone_constraints_method": "intermediate"}
    if objective == "log":
        target, weight, parameters["objective"] = np.log1p(units), None, "l2"
    elif objective in ("tweedie", "poisson"):
        target, weight, parameters["objective"] = units / level, black * level, objective
        if objective == "tweedie":
            parameters["tweedie_variance_power"] = 1.5
    else:
        target, weight, parameters["objective"] = units, black, "l2"
    data = lgb.Dataset(matrix, target, weight=weight, categorical_feature=categorical)
    booster = lgb.train(parameters, data, num_boost_round=rounds)
    smear = float(np.mean(np.exp(target - booster.predict(matrix)))) if objective == "log" else 1.0

    def predict(rows, levels):
        raw = booster.predict(rows)
        if objective == "log":
            return np.maximum(0.0, np.exp(raw) * smear - 1.0)
        return np.maximum(0.0, raw if objective == "l2" else raw * levels)

    return booster, predict


def score(black, forecast, units):
    """Demand error and bias, weighted by the black price."""
    return {
        "error": float(np.sqrt(np.sum(black * (forecast - units) ** 2) / np.sum(black * units**2))),
        "bias": float(np.sum(black * (forecast - units)) / np.sum(black * units)),
    }


def sums_by_article(article, black, forecast, units):
    """Σ b (q̂ − q)², Σ b q², Σ b (q̂ − q), Σ b q of each article: of these, errors of all and without an article follow."""
    names, own = np.unique(article, return_inverse=True)
    parts = (black * (forecast - units) ** 2, black * units**2, black * (forecast - units), black * units)
    sums = np.stack([np.bincount(own, part) for part in parts], axis=1)
    return {str(name): row.tolist() for name, row in zip(names, sums)}


def gains(booster, names, most=25):
    """Share of the gain of the features that brought most."""
    found = booster.feature_importance("gain")
    order = np.argsort(-found)[:most]
    return {names[i]: round(float(found[i] / found.sum()), 4) for i in order}


def rolling(values, window):
    """Mean, deviation and count of what is known of the last weeks, this one included: series × weeks, NaN unknown."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)

    def total(x):
        sums = np.cumsum(x, axis=1)
        out = sums.copy()
        out[:, window:] -= sums[:, :-window]
        return out

    count = total(known.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, total(filled) / count, np.nan)
        deviation = np.sqrt(np.maximum(0.0, total(filled**2) / count - mean**2))
    return mean, deviation, count
