"""Averages shrunk through a hierarchy, by NumPy 2.4 from the raw rows: writes averages.json. Run: python make.py

The same estimators as src/shrinkage, written the other way round: rows are kept, squares are taken around means that are
known, and nodes are found by masks.
"""

import json
import pathlib

import numpy as np

random = np.random.default_rng(5)
LEVELS = [("market",), ("market", "group"), ("market", "group", "article")]


def simulate(markets, groups, articles, noise, spreads):
    rows = []
    for m in range(markets):
        market = random.normal(10, spreads[0])
        for g in range(groups):
            group = market + random.normal(0, spreads[1])
            for a in range(articles):
                article = group + random.normal(0, spreads[2])
                for _ in range(random.integers(1, 5)):
                    weight = float(random.integers(1, 9))
                    value = article + random.normal(0, noise / np.sqrt(weight)) if noise > 0 else article
                    # The last group has no name.
                    name = None if g == groups - 1 else f"g{g}"
                    rows.append((f"m{m}", name, f"a{m}-{g}-{a}", float(value), weight))
    return rows


def fit(rows):
    y = np.array([row[3] for row in rows])
    w = np.array([row[4] for row in rows])
    keys = [[()] * len(rows)]
    for level in LEVELS:
        keys.append([tuple(row[("market", "group", "article").index(c)] for c in level) for row in rows])
    masks = [{key: np.array([other == key for other in level]) for key in level} for level in keys]
    finest = masks[-1]
    squares = sum((w[k] * (y[k] - np.average(y[k], weights=w[k])) ** 2).sum() for k in finest.values())
    within = squares / (len(rows) - len(finest))
    mean = {key: np.average(y[k], weights=w[k]) for key, k in finest.items()}
    variance = {key: within / w[k].sum() for key, k in finest.items()}
    means, variances, between = [mean], [variance], []
    for level in range(len(LEVELS), 0, -1):
        numerator = denominator = 0.0
        for parent in masks[level - 1]:
            children = [key for key in mean if key[: level - 1] == parent]
            v = np.array([variance[c] for c in children])
            x = np.array([mean[c] for c in children])
            a = 1 / v
            numerator += (a * (x - (a * x).sum() / a.sum()) ** 2).sum() - ((1 - a / a.sum()) * a * v).sum()
            denominator += a.sum() - (a**2).sum() / a.sum()
        tau = max(0.0, numerator / denominator) if denominator > 0 else 0.0
        between.insert(0, tau)
        up, up_variance = {}, {}
        for parent in masks[level - 1]:
            children = [key for key in mean if key[: level - 1] == parent]
            a = np.array([1 / (variance[c] + tau) for c in children])
            up[parent] = (a * np.array([mean[c] for c in children])).sum() / a.sum()
            up_variance[parent] = 1 / a.sum()
        mean, variance = up, up_variance
        means.insert(0, mean)
        variances.insert(0, variance)
    shrunk = dict(means[0])
    values = [{"key": [], "value": float(shrunk[()])}]
    for level in range(1, len(LEVELS) + 1):
        tau = between[level - 1]
        for key in means[level]:
            above = shrunk[key[:-1]]
            share = tau / (tau + variances[level][key])
            shrunk[key] = share * means[level][key] + (1 - share) * above
            values.append({"key": list(key), "value": float(shrunk[key])})
    return {"within": float(within), "between": [float(tau) for tau in between], "values": values}


cases = []
for shape in ((2, 3, 5, 2.0, (1.0, 0.7, 0.5)), (3, 2, 4, 1.0, (0.5, 0.0, 0.0)), (1, 4, 6, 0.5, (0.0, 1.0, 2.0))):
    rows = simulate(*shape)
    cases.append({"rows": rows, **fit(rows)})
pathlib.Path(__file__).with_name("averages.json").write_text(json.dumps(cases) + "\n")
