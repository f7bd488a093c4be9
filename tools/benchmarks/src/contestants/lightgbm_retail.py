"""LightGBM on weekly sales of shops: demand of the weeks after each cutoff, as a retailer's data scientist would do it.

    python lightgbm_retail.py DATASET.JSON FOLDER --cutoff 1992-04-16,1992-06-11 [--objective tweedie,l2,poisson] [--monotone both]

Direct forecasts: demand of a week from what is known `horizon` weeks before it (lags and rolling statistics that end there), and
from what is planned: price, discount and covariates of the week and its neighbours, prices of the other articles in the market, week
of the year; attributes of articles and markets, article and market. One model serves all weeks of the horizon. The descriptor
says which column is what. Prints JSON: sums by article, from which every error follows.
"""
import argparse
import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from boosting import gains, rolling, score, sums_by_article, train

LAGS = [0, 1, 2, 4, 5, 8, 13, 18]  # before the week `horizon` weeks earlier
YEAR_LAGS = [51, 52, 53]
WINDOWS = [4, 8, 13, 26, 52]
# Weeks of a window that must be there for its level; less gives the mean of all that came before.
LEVEL_WINDOW = 26


def table_of(folder, tables, name):
    """A table of the descriptor and the column of each role; None where it has no such table."""
    if name not in tables:
        return None, {}
    return pq.read_table(Path(folder) / tables[name]["path"]), tables[name].get("columns", {})


class Panel:
    """Weekly tables as series × weeks; NaN where nothing was recorded."""

    def __init__(self, descriptor, folder):
        tables = json.loads(Path(descriptor).read_text())["tables"]
        weekly, columns = table_of(folder, tables, "weekly")
        column = lambda role: weekly[columns.get(role, re.sub("([A-Z])", r"_\1", role).lower())]
        keys = lambda role: np.array([str(key) for key in column(role).to_pylist()])
        day = column("week").to_numpy().astype("datetime64[D]").astype(np.int64)
        self.first = day.min()
        self.weeks = (day.max() - self.first) // 7 + 1
        self.articles, a = np.unique(keys("article"), return_inverse=True)
        self.markets, m = np.unique(keys("market"), return_inverse=True)
        numbers, series = np.unique(m * len(self.articles) + a, return_inverse=True)
        self.market = numbers // len(self.articles)
        self.article = numbers % len(self.articles)
        at = (series, (day - self.first) // 7)

        def grid(values):
            grid = np.full((len(numbers), self.weeks), np.nan)
            grid[at] = values.to_numpy(zero_copy_only=False).astype(float)
            return grid

        self.units = grid(column("demand").combine_chunks())
        self.black = grid(column("blackPrice").combine_chunks())
        self.discount = grid(column("discount").combine_chunks())
        self.price = self.black * (1 - self.discount)
        self.covariates = {
            name: grid(weekly[name].combine_chunks()) for name in tables["weekly"].get("futureCovariates", [])
        }
        self.statics, self.categories = {}, []
        for role, names, own in (("article", self.articles, self.article), ("market", self.markets, self.market)):
            table, columns = table_of(folder, tables, f"{role}s")
            if table is None:
                continue
            key = columns.get(role, role)
            row_of = {str(name): row for row, name in enumerate(table[key].to_pylist())}
            rows = np.array([row_of[name] for name in names])
            for name in table.column_names:
                if name != key:
                    self.statics[name] = self._static(table[name].combine_chunks(), name)[rows][own]

    def _static(self, values, name):
        if not pa.types.is_floating(values.type) and not pa.types.is_integer(values.type):
            self.categories.append(name)
            return np.unique(np.array([str(value) for value in values.to_pylist()]), return_inverse=True)[1]
        return values.to_numpy(zero_copy_only=False).astype(float)

    def week_of(self, date):
        return int((np.datetime64(date, "D").astype(np.int64) - self.first) // 7)


def shifted(values, weeks):
    """Values of so many weeks earlier (later, when negative)."""
    out = np.full_like(values, np.nan)
    if weeks > 0:
        out[:, weeks:] = values[:, :-weeks]
    elif weeks < 0:
        out[:, :weeks] = values[:, -weeks:]
    else:
        out[:] = values
    return out


def others(panel, values, reduce):
    """Of the values of the other articles in the same market and week."""
    out = np.full_like(values, np.nan)
    for market in range(len(panel.markets)):
        rows = np.flatnonzero(panel.market == market)
        for row in rows:
            rest = values[rows[rows != row]]
            if len(rest):
                out[row] = reduce(rest)
    return out


def nan_reduce(function):
    def reduce(values):
        none = np.isnan(values).all(axis=0)
        values = np.where(none, 0.0, values)
        return np.where(none, np.nan, function(values, axis=0))

    return reduce


OWN = re.compile(r"^(lag|mean|deviation|known)_\d+$|^(discount|price|black_price|week_of_year|article|market)$")


def told(panel, columns, plan):
    """Names of the columns that are used: with the plan of the week's own series alone, nothing of its neighbours or of others."""
    own = [*panel.covariates, *panel.statics]
    return [name for name in columns if plan == "all" or OWN.match(name) or name in own]


def features(panel, horizon, cutoff):
    """Columns of series × weeks by name, and the sign of demand's response to them; plans end with the horizon."""
    columns, signs = {}, {}

    def add(name, values, sign=0):
        columns[name], signs[name] = values, sign

    planned = np.arange(panel.weeks) <= cutoff + horizon
    known = {"price": panel.price, "black": panel.black, "discount": panel.discount} | panel.covariates
    plan = {name: np.where(planned, values, np.nan) for name, values in known.items()}
    units = np.where(np.arange(panel.weeks) <= cutoff, panel.units, np.nan)
    log = np.log1p(units)
    past = lambda values: shifted(values, horizon)
    moving = [name for name in plan if name != "black"]

    # What the week itself is told: everything that a discount of the week moves has a sign.
    add("discount", plan["discount"], +1)
    add("price", plan["price"], -1)
    add("black_price", plan["black"])
    for name in panel.covariates:
        add(name, plan[name])
    for by, label in ((1, "before"), (2, "two_before"), (-1, "after")):
        for name in moving:
            add(f"{name}_{label}", shifted(plan[name], by))
    average = others(panel, plan["price"], nan_reduce(np.nanmean))
    least = others(panel, plan["price"], nan_reduce(np.nanmin))
    add("price_to_average", plan["price"] / average, -1)
    add("price_to_least", plan["price"] / least, -1)
    add("others_average", average)
    add("others_least", least)
    add("others_discount", others(panel, plan["discount"], nan_reduce(np.nanmax)))
    for name in panel.covariates:
        add(f"others_{name}", others(panel, plan[name], nan_reduce(np.nansum)))
    rank = np.full_like(plan["price"], np.nan)
    for market in range(len(panel.markets)):
        rows = np.flatnonzero(panel.market == market)
        for row in rows:
            price = plan["price"][row]
            rank[row] = np.where(np.isnan(price), np.nan, (plan["price"][rows] < price).sum(axis=0))
    add("price_rank", rank, -1)

    # What the series did up to `horizon` weeks before.
    for lag in LAGS:
        add(f"lag_{horizon + lag}", shifted(log, horizon + lag))
    for lag in YEAR_LAGS:
        add(f"lag_{lag}", shifted(log, lag))
    for window in WINDOWS:
        mean, deviation, count = rolling(log, window)
        add(f"mean_{window}", past(mean))
        add(f"deviation_{window}", past(deviation))
        if window in (8, 52):
            add(f"known_{window}", past(count))
    for name, values in panel.covariates.items():
        for label, chosen in ((f"without_{name}", values == 0), (f"with_{name}", values > 0)):
            mean, _, _ = rolling(np.where(chosen, log, np.nan), LEVEL_WINDOW)
            add(f"{label}_mean", past(mean))
        add(f"usual_{name}", past(rolling(plan[name], 13)[0]))
    mean_price, _, _ = rolling(np.log(plan["price"]), LEVEL_WINDOW)
    add("price_to_usual", np.log(plan["price"]) - past(mean_price), -1)
    mean_discount, _, _ = rolling(plan["discount"], 8)
    add("usual_discount", past(mean_discount))
    for name in moving[1:]:
        add(f"{name}_at_lag", past(plan[name]))
    # The article over all markets, and the market over all articles.
    for name, group in (("article", panel.article), ("market", panel.market)):
        mean, _, _ = rolling(log, 13)
        grouped = np.full_like(log, np.nan)
        for one in np.unique(group):
            grouped[group == one] = nan_reduce(np.nanmean)(mean[group == one])
        add(f"{name}_mean", past(grouped))

    day = (panel.first + 7 * np.arange(panel.weeks)).astype("datetime64[D]")
    of_year = (day - day.astype("datetime64[Y]")).astype(int) // 7
    shape = panel.units.shape
    add("week_of_year", np.broadcast_to(of_year, shape))
    for name, values in panel.statics.items():
        add(name, np.broadcast_to(values[:, None], shape))
    add("article", np.broadcast_to(panel.article[:, None], shape))
    add("market", np.broadcast_to(panel.market[:, None], shape))

    # The level that targets are scaled by: the mean of what was known, else of everything known of the article.
    level = past(rolling(units, LEVEL_WINDOW)[0])
    count = np.cumsum(~np.isnan(units), axis=1)
    ever = past(np.cumsum(np.where(np.isnan(units), 0, units), axis=1) / np.maximum(1, count))
    level = np.where(np.isnan(level), ever, level)
    of_article = np.array([np.nanmean(units[panel.article == one]) for one in range(len(panel.articles))])
    level = np.where(np.isnan(level) | (level <= 0), of_article[panel.article][:, None], level)
    return columns, signs, level


def run(panel, date, options):
    """Scores of one window: of every objective, bound and free, with every seed."""
    cutoff, horizon = panel.week_of(date), options.horizon
    columns, signs, level = features(panel, horizon, cutoff)
    names = told(panel, columns, options.plan)
    week = np.broadcast_to(np.arange(panel.weeks), panel.units.shape)
    observed = ~np.isnan(panel.units)
    # A row's lags must reach into the data.
    training = observed & (week <= cutoff) & (week >= horizon + 4)
    has_history = (observed & (week <= cutoff)).any(axis=1)
    test = observed & (week > cutoff) & (week <= cutoff + horizon) & has_history[:, None]
    stack = lambda rows: np.column_stack([columns[name][rows] for name in names])
    x, x_test = stack(training), stack(test)
    units, black = panel.units[test], panel.black[test]
    article = panel.articles[panel.article[np.nonzero(test)[0]]]
    categorical = [names.index(name) for name in ["article", "market", *panel.categories]]
    chosen = {"yes": [True], "no": [False], "both": [False, True]}[options.monotone]
    scored = []
    for seed in (int(text) for text in options.seed.split(",")):
        forecasts = []
        for objective in options.objective.split(","):
            for monotone in chosen:
                began = time.perf_counter()
                booster, predict = train(
                    objective,
                    x,
                    panel.units[training],
                    level[training],
                    panel.black[training],
                    [signs[name] if monotone else 0 for name in names],
                    categorical,
                    options.rounds,
                    seed,
                    options.threads,
                )
                forecast = predict(x_test, level[test])
                forecasts.append(forecast)
                found = {
                    "cutoff": date,
                    "seed": seed,
                    "objective": objective,
                    "monotone": monotone,
                    "rows": len(units),
                    "seconds": round(time.perf_counter() - began, 1),
                    "articles": sums_by_article(article, black, forecast, units),
                }
                if options.gain:
                    found["gain"] = gains(booster, names)
                scored.append(found)
                name = f"{date} {objective}{', monotone' if monotone else ''}, seed {seed}"
                print(f"{name}: {score(black, forecast, units)}", file=sys.stderr)
        found = {"objective": "mean", "monotone": None, "seconds": 0}
        articles = sums_by_article(article, black, np.mean(forecasts, axis=0), units)
        scored.append({**scored[-1], **found, "articles": articles})
    return scored


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("descriptor", help="dataset.json")
    parser.add_argument("folder", help="of the data")
    parser.add_argument("--cutoff", required=True, help="last known weeks, with commas between")
    parser.add_argument("--horizon", type=int, default=8)
    parser.add_argument("--objective", default="tweedie,l2,poisson", help="of log, tweedie, l2, poisson")
    parser.add_argument("--monotone", choices=["yes", "no", "both"], default="both")
    parser.add_argument(
        "--plan", choices=["all", "own"], default="all", help="own: neither neighbouring weeks nor other articles, no prices so far"
    )
    parser.add_argument("--rounds", type=int, default=600)
    parser.add_argument("--seed", default="1", help="seeds, with commas between")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--gain", action="store_true", help="tell which features brought most")
    options = parser.parse_args()
    panel = Panel(options.descriptor, options.folder)
    print(json.dumps([one for date in options.cutoff.split(",") for one in run(panel, date, options)]))


main()
