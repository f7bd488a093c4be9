"""LightGBM on the orange-juice reference data: demand of the weeks after each cutoff, as a retailer's data scientist would do it.

    python lightgbm_orange_juice.py --cutoff 1992-04-16,1992-06-11 [--objective log,tweedie,l2] [--monotone both] [--gain]

Direct forecasts: demand of a week from what is known `horizon` weeks before it (lags and rolling statistics that end there), and
from what is planned: price, discount and promotion of the week and its neighbours, prices of the other brands in the store,
week of the year, demographics of the store, brand and store. One model serves all weeks of the horizon. Prints JSON.
"""
import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from boosting import gains, rolling, score, train

DATA = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "orange-juice"
ROUNDS = {"log": 600, "tweedie": 800, "l2": 600}
LAGS = [0, 1, 2, 4, 5, 8, 13, 18]  # before the week `horizon` weeks earlier
YEAR_LAGS = [51, 52, 53]
WINDOWS = [4, 8, 13, 26, 52]
# Weeks of a window that must be there for its level; less gives the mean of all that came before.
LEVEL_WINDOW = 26


class Panel:
    """Weekly tables as series × weeks; NaN where nothing was recorded."""

    def __init__(self, folder):
        weekly = pq.read_table(Path(folder) / "weekly.parquet")
        stores = pq.read_table(Path(folder) / "stores.parquet")
        day = weekly["week"].to_numpy().astype("datetime64[D]").astype(np.int64)
        self.first = day.min()
        self.weeks = (day.max() - self.first) // 7 + 1
        article = weekly["article_id"].to_numpy()
        market = np.array(weekly["market"].to_pylist())
        self.articles, a = np.unique(article, return_inverse=True)
        self.markets, m = np.unique(market, return_inverse=True)
        keys, series = np.unique(m * len(self.articles) + a, return_inverse=True)
        self.market = keys // len(self.articles)
        self.article = keys % len(self.articles)
        at = (series, (day - self.first) // 7)

        def grid(name):
            values = np.full((len(keys), self.weeks), np.nan)
            values[at] = weekly[name].to_numpy().astype(float)
            return values

        self.units = grid("units")
        self.black = grid("black_price")
        self.price = grid("sales_price")
        self.discount = grid("discount")
        self.deal = grid("deal")
        self.feat = grid("feat")
        row_of = {name: row for row, name in enumerate(stores["market"].to_pylist())}
        rows = [row_of[name] for name in self.markets]
        self.statics = {
            name: stores[name].to_numpy().astype(float)[rows] for name in stores.column_names if name != "market"
        }

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
    """Of the values of the other brands in the same store and week."""
    out = np.full_like(values, np.nan)
    for market in range(len(panel.markets)):
        rows = np.flatnonzero(panel.market == market)
        for row in rows:
            rest = values[rows[rows != row]]
            if len(rest):
                with np.errstate(invalid="ignore"):
                    out[row] = reduce(rest)
    return out


def nan_reduce(function):
    def reduce(values):
        none = np.isnan(values).all(axis=0)
        values = np.where(none, 0.0, values)
        return np.where(none, np.nan, function(values, axis=0))

    return reduce


def features(panel, horizon, cutoff):
    """Columns of series × weeks by name, and the sign of demand's response to them; plans end with the horizon."""
    columns, signs = {}, {}

    def add(name, values, sign=0):
        columns[name], signs[name] = values, sign

    planned = np.arange(panel.weeks) <= cutoff + horizon
    plan = {
        name: np.where(planned, getattr(panel, name), np.nan)
        for name in ("price", "black", "discount", "deal", "feat")
    }
    units = np.where(np.arange(panel.weeks) <= cutoff, panel.units, np.nan)
    log = np.log1p(units)
    past = lambda values: shifted(values, horizon)

    # What the week itself is told: everything that a discount of the week moves has a sign.
    add("discount", plan["discount"], +1)
    add("price", plan["price"], -1)
    add("black_price", plan["black"])
    add("deal", plan["deal"])
    add("feat", plan["feat"])
    for by, label in ((1, "before"), (2, "two_before"), (-1, "after")):
        for name in ("price", "discount", "deal", "feat"):
            add(f"{name}_{label}", shifted(plan[name], by))
    average = others(panel, plan["price"], nan_reduce(np.nanmean))
    least = others(panel, plan["price"], nan_reduce(np.nanmin))
    add("price_to_average", plan["price"] / average, -1)
    add("price_to_least", plan["price"] / least, -1)
    add("others_average", average)
    add("others_least", least)
    add("others_discount", others(panel, plan["discount"], nan_reduce(np.nanmax)))
    add("others_deals", others(panel, plan["deal"], nan_reduce(np.nansum)))
    add("others_feat", others(panel, plan["feat"], nan_reduce(np.nansum)))
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
    for name, chosen in (("regular", plan["deal"] == 0), ("promoted", plan["deal"] == 1)):
        mean, _, _ = rolling(np.where(chosen, log, np.nan), LEVEL_WINDOW)
        add(f"{name}_mean", past(mean))
    mean_price, _, _ = rolling(np.log(plan["price"]), LEVEL_WINDOW)
    add("price_to_usual", np.log(plan["price"]) - past(mean_price), -1)
    mean_discount, _, _ = rolling(plan["discount"], 8)
    add("usual_discount", past(mean_discount))
    mean_deal, _, _ = rolling(plan["deal"], 13)
    add("usual_deal", past(mean_deal))
    for name in ("discount", "deal", "feat"):
        add(f"{name}_at_lag", past(plan[name]))
    # The brand over all stores, and the store over all brands.
    for name, group in (("brand", panel.article), ("store", panel.market)):
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
        add(name, np.broadcast_to(values[panel.market][:, None], shape))
    add("brand", np.broadcast_to(panel.article[:, None], shape))
    add("store", np.broadcast_to(panel.market[:, None], shape))

    # The level that targets are scaled by: the mean of what was known, else of everything known of the brand.
    level = past(rolling(units, LEVEL_WINDOW)[0])
    count = np.cumsum(~np.isnan(units), axis=1)
    ever = past(np.cumsum(np.where(np.isnan(units), 0, units), axis=1) / np.maximum(1, count))
    level = np.where(np.isnan(level), ever, level)
    brand = np.array([np.nanmean(units[panel.article == one]) for one in range(len(panel.articles))])
    level = np.where(np.isnan(level) | (level <= 0), brand[panel.article][:, None], level)
    return columns, signs, level


def run(panel, date, options):
    cutoff, horizon = panel.week_of(date), options.horizon
    columns, signs, level = features(panel, horizon, cutoff)
    names = list(columns)
    week = np.broadcast_to(np.arange(panel.weeks), panel.units.shape)
    observed = ~np.isnan(panel.units)
    # A row's lags must reach into the data.
    training = observed & (week <= cutoff) & (week >= horizon + 4)
    has_history = (observed & (week <= cutoff)).any(axis=1)
    test = observed & (week > cutoff) & (week <= cutoff + horizon) & has_history[:, None]
    stack = lambda rows: np.column_stack([columns[name][rows] for name in names])
    x, x_test = stack(training), stack(test)
    units, black = panel.units[test], panel.black[test]
    scores = {"rows": int(test.sum())}
    last = np.full(len(panel.units), np.nan)
    mean8 = np.full(len(panel.units), np.nan)
    for series in np.flatnonzero(has_history):
        known = panel.units[series, : cutoff + 1]
        known = known[~np.isnan(known)]
        last[series], mean8[series] = known[-1], known[-8:].mean()
    own = np.nonzero(test)[0]
    scores["last"] = score(black, last[own], units)
    scores["mean8"] = score(black, mean8[own], units)
    categorical = [names.index("brand"), names.index("store")]
    for objective in options.objective.split(","):
        for monotone in {"yes": [True], "no": [False], "both": [False, True]}[options.monotone]:
            began = time.perf_counter()
            booster, predict = train(
                objective,
                x,
                panel.units[training],
                level[training],
                panel.black[training],
                [signs[name] if monotone else 0 for name in names],
                categorical,
                options.rounds or ROUNDS[objective],
                options.seed,
                options.threads,
            )
            found = score(black, predict(x_test, level[test]), units)
            found["seconds"] = round(time.perf_counter() - began, 1)
            if options.gain:
                found["gain"] = gains(booster, names)
            name = objective + ("-monotone" if monotone else "")
            scores[name] = found
            print(f"{date} {name}: {found['error']:.4f}", file=sys.stderr)
    return scores


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=DATA)
    parser.add_argument("--cutoff", required=True, help="last known weeks, with commas between")
    parser.add_argument("--horizon", type=int, default=8)
    parser.add_argument("--objective", default="log,tweedie,l2")
    parser.add_argument("--monotone", choices=["yes", "no", "both"], default="both")
    parser.add_argument("--rounds", type=int, help="instead of the objective's own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--gain", action="store_true", help="tell which features brought most")
    options = parser.parse_args()
    panel = Panel(options.data)
    cutoffs = {date: run(panel, date, options) for date in options.cutoff.split(",")}
    kinds = [name for name in next(iter(cutoffs.values())) if name != "rows"]
    mean = {
        kind: {what: float(np.mean([one[kind][what] for one in cutoffs.values()])) for what in ("error", "bias")}
        for kind in kinds
    }
    print(json.dumps({"cutoffs": cutoffs, "mean": mean}, indent=1))


main()
