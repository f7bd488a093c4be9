"""Naive forecasts of a small panel by pandas 3.0: writes naive.json. Run: python make.py"""

import json
import pathlib

import numpy as np
import pandas as pd

SEASON, WINDOW, HORIZON = 6, 4, 14
random = np.random.default_rng(20)
cutoff = pd.Timestamp("2023-06-05")
rows = []
for series in range(12):
    article, market = f"a{series % 6}", f"m{series // 6}"
    weeks = pd.date_range(end=cutoff, periods=30, freq="7D")
    kept = weeks[random.random(30) > 0.1 * (series % 6)]
    if series == 7:
        kept = kept[:3]
    for week in kept:
        rows.append((article, market, week, float(random.poisson(5)), bool(random.random() > 0.15)))
frame = pd.DataFrame(rows, columns=["article", "market", "week", "demand", "uncensored"])
frame.loc[random.random(len(frame)) < 0.05, "demand"] = np.nan
frame = frame.sample(frac=1, random_state=3).reset_index(drop=True)

observed = frame[frame.demand.notna() & frame.uncensored].sort_values("week")
future = pd.DataFrame({"week": [cutoff + pd.Timedelta(weeks=h) for h in range(1, HORIZON + 1)]})
keys = ["article", "market"]
asked = frame[keys].drop_duplicates().sort_values(keys).merge(future, how="cross")

tails = {
    "last": observed.groupby(keys).tail(1),
    "mean": observed.groupby(keys).tail(WINDOW),
}
forecasts = {}
for method, tail in tails.items():
    level = tail.groupby(keys).demand.agg(["mean", "size"]).reset_index()
    forecasts[method] = asked.merge(level, on=keys, how="left")

# The same week of the season: the latest week at or before the cutoff that is a whole number of seasons earlier.
seasonal = forecasts["last"].copy()
ahead = (seasonal.week - cutoff).dt.days // 7
seasons = -(-ahead // SEASON)
seasonal["source"] = seasonal.week - pd.to_timedelta(seasons * SEASON * 7, unit="D")
past = observed.rename(columns={"week": "source", "demand": "value"})[keys + ["source", "value"]]
seasonal = seasonal.merge(past, on=keys + ["source"], how="left")
found = seasonal.value.notna()
seasonal["mean"] = seasonal.value.where(found, seasonal["mean"])
forecasts["seasonal"] = seasonal

day = lambda week: [int(x) for x in (week - pd.Timestamp("1970-01-01")).dt.days]
out = {
    "season": SEASON,
    "window": WINDOW,
    "cutoff": day(pd.Series([cutoff]))[0],
    "weekly": {
        "article": list(frame.article),
        "market": list(frame.market),
        "week": day(frame.week),
        "demand": [None if np.isnan(x) else x for x in frame.demand],
        "uncensored": [int(x) for x in frame.uncensored],
    },
    "asked": {"article": list(asked.article), "market": list(asked.market), "week": day(asked.week)},
    "forecasts": {
        name: {"demand": [float(x) for x in one["mean"]], "support": [int(x) for x in one["size"]]}
        for name, one in forecasts.items()
    },
}
assert not any(np.isnan(x) for one in out["forecasts"].values() for x in one["demand"])
pathlib.Path(__file__).with_name("naive.json").write_text(json.dumps(out) + "\n")
