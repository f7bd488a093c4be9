"""LightGBM on a simulated market: forecasts of all planned weeks at all discounts, free or with demand monotone in the discount.

    python lightgbm_market.py PANEL OBSERVED OUTPUT [--seed 1] [--objective tweedie,l2,poisson] [--monotone both]

PANEL is the weekly table with demand in the place of sales (market-panel.ts), OBSERVED the folder of the other tables. Direct:
one model for all leads, whose rows are a series as known in some week, and a week up to 26 weeks later. It is told what the
Transformer is told: attributes, demand so far (lags, rolling means and deviations), the prices it was sold at, page views, the
plan of the week (discount, campaign, delivery), the calendar, the article's age. Articles that are not on sale yet are among the
rows, so that new ones are forecast from attributes. Forecasts of each training are in a folder of their own. Prints JSON.
"""
import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from boosting import gains, rolling, score, train

HORIZON = 26
WINDOWS = [4, 8, 13, 26, 52]
CATEGORIES = ["group", "brand", "season", "color", "material", "price_tier", "market", "region"]
# Only the discount moves these; the price below the usual one rises with it.
SIGNS = {"discount": 1, "price_below_usual": 1}


def codes(values):
    return np.unique(np.array(values), return_inverse=True)


class Market:
    """Tables of the market as series × weeks; weeks after the last known one are the plan."""

    def __init__(self, panel, observed):
        weekly = pq.read_table(panel)
        articles = pq.read_table(Path(observed) / "articles.parquet")
        markets = pq.read_table(Path(observed) / "markets.parquet")
        day = weekly["week"].to_numpy().astype("datetime64[D]").astype(np.int64)
        self.first = day.min()
        self.weeks = int((day.max() - self.first) // 7 + 1)
        week = (day - self.first) // 7
        article_of = {name: i for i, name in enumerate(articles["article"].to_pylist())}
        market_of = {name: i for i, name in enumerate(markets["market"].to_pylist())}
        self.article_names, self.market_names = list(article_of), list(market_of)
        a = np.array([article_of[name] for name in weekly["article"].to_pylist()])
        m = np.array([market_of[name] for name in weekly["market"].to_pylist()])
        keys, series = np.unique(m * len(article_of) + a, return_inverse=True)
        self.article, self.market = keys % len(article_of), keys // len(article_of)
        self.at = (series, week)

        def grid(name):
            values = np.full((len(keys), self.weeks), np.nan)
            column = weekly[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
            values[self.at] = column
            return values

        self.demand, self.discount, self.black = grid("demand"), grid("discount"), grid("blackPrice")
        self.campaign, self.delivery = grid("campaign"), grid("delivery")
        self.views, self.stock, self.uncensored = grid("page_views"), grid("stock"), grid("uncensored")
        self.imputed = grid("imputed")
        self.cutoff = int(week[~np.isnan(weekly["demand"].to_numpy(zero_copy_only=False))].max())
        self.launch = self._weeks(articles["launch_week"])[self.article]
        self.end = self._weeks(articles["season_end_week"])[self.article]
        self.statics = {}
        for name in CATEGORIES:
            table, rows = (articles, self.article) if name in articles.column_names else (markets, self.market)
            self.statics[name] = codes(table[name].to_pylist())[1][rows]
        for table, rows, names in (
            (articles, self.article, ["weight_kg"]),
            (markets, self.market, ["price_level", "shipping_tariff", "return_tariff"]),
        ):
            for name in names:
                self.statics[name] = table[name].to_numpy()[rows]

    def _weeks(self, column):
        days = column.to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
        return (days - self.first) // 7


def group_means(values, group):
    """Mean over the series of each group, given to each series: what a series without a history is like."""
    out = np.full_like(values, np.nan)
    for one in np.unique(group):
        rows = values[group == one]
        known = ~np.isnan(rows)
        count = known.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            out[group == one] = np.where(count > 0, np.where(known, rows, 0).sum(axis=0) / count, np.nan)
    return out


class Features:
    """What is known in each week of a series, and how it is put beside a later week."""

    def __init__(self, market, cutoff):
        self.market = market
        hidden = np.arange(market.weeks) > cutoff
        past = lambda values: np.where(hidden, np.nan, values)
        log = np.log1p(past(market.demand))
        discount = np.where(np.isnan(log), np.nan, market.discount)
        origin = {}
        for window in WINDOWS:
            mean, deviation, count = rolling(log, window)
            origin |= {f"mean_{window}": mean, f"deviation_{window}": deviation}
            if window in (8, 26):
                origin[f"known_{window}"] = count
            if window in (4, 13, 26):
                origin[f"discount_{window}"] = rolling(discount, window)[0]
        for lag in (0, 1, 2, 3, 5, 7, 12):
            shifted = np.full_like(log, np.nan)
            shifted[:, lag:] = log[:, : log.shape[1] - lag]
            origin[f"lag_{lag}"] = shifted
        origin["last_discount"] = discount
        for name, values in (("views", np.log1p(past(market.views))), ("stock", np.log1p(past(market.stock)))):
            origin |= {f"{name}_last": values, f"{name}_4": rolling(values, 4)[0]}
        origin["uncensored_8"] = rolling(past(market.uncensored), 8)[0]
        # Price elasticity as the series showed it: covariance of log demand and log price over the variance of the price.
        depth = np.where(np.isnan(log), np.nan, -np.log1p(-market.discount))
        x, y, xy, xx = (rolling(v, 52)[0] for v in (depth, log, depth * log, depth * depth))
        variance = xx - x * x
        with np.errstate(invalid="ignore", divide="ignore"):
            origin["slope"] = np.where(variance > 1e-3, (xy - x * y) / variance, np.nan)
        group, brand = market.statics["group"], market.statics["brand"]
        pools = {"group": group * 1000 + market.market, "brand": brand * 1000 + market.market}
        for name, pool in pools.items():
            origin[f"{name}_mean"] = group_means(rolling(log, 13)[0], pool)
        # The same weeks a year ago, of the group: the season.
        self.weekly_group = group_means(log, pools["group"])
        self.first_weeks = first_weeks_means(log, market, pools["group"])
        level = np.expm1(origin["mean_26"])
        fallback = np.expm1(np.where(np.isnan(origin["group_mean"]), np.nanmean(log), origin["group_mean"]))
        self.level = np.maximum(0.25, np.where(np.isnan(level), fallback, level))
        self.usual_price = rolling(np.log(np.where(np.isnan(log), np.nan, market.black * (1 - market.discount))), 26)[0]
        self.origin = origin
        self.names = None

    def rows(self, series, origin, week, discount):
        """Columns for weeks of series as seen from earlier weeks."""
        market = self.market
        o = np.maximum(0, origin)
        year = week - 52
        seasonal = np.where(year >= 0, self.weekly_group[series, np.maximum(0, year)], np.nan)
        year_origin = np.where(o >= 52, self.weekly_group[series, np.maximum(0, o - 52)], np.nan)
        day = (market.first + 7 * week).astype("datetime64[D]")
        of_year = (day - day.astype("datetime64[Y]")).astype(int)
        price = np.log(market.black[series, week])
        usual = self.usual_price[series, o]
        columns = {
            "discount": discount,
            "price_below_usual": usual - price - np.log1p(-discount),
            "black_price": price,
            "campaign": market.campaign[series, week],
            "delivery": market.delivery[series, week],
            "lead": week - origin,
            "week_of_year": of_year // 7,
            "year_cos": np.cos(2 * np.pi * of_year / 365.25),
            "year_sin": np.sin(2 * np.pi * of_year / 365.25),
            "age": week - market.launch[series],
            "to_end": market.end[series] - week,
            "age_at_origin": origin - market.launch[series],
            "season_a_year_ago": seasonal,
            "season_moved": seasonal - year_origin,
            "first_weeks": self.first_weeks[series],
            "level": np.log(self.level[series, o]),
        }
        columns |= {name: values[series, o] for name, values in self.origin.items()}
        columns |= {name: values[series] for name, values in market.statics.items()}
        self.names = list(columns)
        return np.column_stack([columns[name] for name in self.names]).astype(np.float32), self.level[series, o]


def first_weeks_means(log, market, pool):
    """Mean demand of the first eight weeks after the launch, over the series of the pool: what new articles begin with."""
    age = np.arange(log.shape[1])[None, :] - market.launch[:, None]
    chosen = (age >= 0) & (age < 8) & ~np.isnan(log)
    count = chosen.sum(axis=1)
    mean = np.where(count > 0, np.where(chosen, log, 0).sum(axis=1) / np.maximum(1, count), np.nan)
    return group_means(mean[:, None], pool)[:, 0]


def training_rows(market, cutoff, draws, random):
    """Every known week of every series, seen from some earlier weeks, of which the series may know nothing."""
    known = ~np.isnan(market.demand) & (np.arange(market.weeks)[None, :] <= cutoff)
    series, week = np.nonzero(known)
    series, week = np.repeat(series, draws), np.repeat(week, draws)
    lead = random.integers(1, HORIZON + 1, len(week))
    origin = week - lead
    keep = origin >= 8
    return series[keep], origin[keep], week[keep]


def rows_to_learn(market, features, cutoff, options):
    """The same rows for every objective."""
    series, origin, week = training_rows(market, cutoff, options.draws, np.random.default_rng(options.seed))
    return series, week, *features.rows(series, origin, week, market.discount[series, week])


def fit(market, features, learnt, objective, monotone, options):
    series, week, matrix, level = learnt
    names = features.names
    signs = [SIGNS.get(name, 0) if monotone else 0 for name in names]
    return train(
        objective,
        matrix,
        market.demand[series, week],
        level,
        market.black[series, week],
        signs,
        [names.index(name) for name in CATEGORIES],
        options.rounds,
        options.seed,
        options.threads,
        num_leaves=options.leaves,
        learning_rate=options.rate,
        min_data_in_leaf=200,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel")
    parser.add_argument("observed")
    parser.add_argument("output", help="folder for forecasts; with --validate none is written")
    parser.add_argument("--discounts", default=",".join(str(round(0.05 * i, 2)) for i in range(15)))
    parser.add_argument("--objective", default="tweedie", help="of log, tweedie, l2, poisson, with commas between")
    parser.add_argument("--monotone", choices=["yes", "no", "both"], default="yes")
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--leaves", type=int, default=63)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--draws", type=int, default=2, help="earlier weeks that each week is seen from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--validate", action="store_true", help="score on the last 26 known weeks, trained on those before")
    options = parser.parse_args()
    market = Market(options.panel, options.observed)
    cutoff = market.cutoff - HORIZON if options.validate else market.cutoff
    features = Features(market, cutoff)
    learnt = rows_to_learn(market, features, cutoff, options)
    chosen = {"yes": [True], "no": [False], "both": [False, True]}[options.monotone]
    trainings = [
        run(market, features, learnt, cutoff, objective, monotone, options)
        for objective in options.objective.split(",")
        for monotone in chosen
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"rows": len(learnt[0]), "peakBytes": peak, "trainings": trainings}))


def run(market, features, learnt, cutoff, objective, monotone, options):
    """Trains, and scores or writes forecasts."""
    began = time.perf_counter()
    booster, predict = fit(market, features, learnt, objective, monotone, options)
    found = {"objective": objective, "monotone": monotone, "gain": gains(booster, features.names)}
    if options.validate:
        weeks = np.arange(market.weeks)
        true = ~np.isnan(market.demand) & (market.imputed == 0) & (weeks[None, :] > cutoff)
        series, week = np.nonzero(true)
        matrix, level = features.rows(series, np.full(len(week), cutoff), week, market.discount[series, week])
        forecast = predict(matrix, level)
        black, units = market.black[series, week], market.demand[series, week]
        cold = market.launch[series] > cutoff
        near = week <= cutoff + 5
        parts = {"all": np.full(len(week), True), "near": near & ~cold, "far": ~near & ~cold, "cold": cold}
        found["validation"] = {name: score(black[rows], forecast[rows], units[rows]) for name, rows in parts.items()}
    else:
        found["folder"] = f"{objective}-monotone" if monotone else objective
        write_forecasts(market, features, predict, monotone, Path(options.output) / found["folder"], options)
    found["seconds"] = time.perf_counter() - began
    return found


def write_forecasts(market, features, predict, monotone, folder, options):
    weeks = np.arange(market.weeks)
    ahead = (weeks > market.cutoff) & (weeks <= market.cutoff + HORIZON)
    series, week = np.nonzero(~np.isnan(market.discount) & ahead[None, :])
    origin = np.full(len(week), market.cutoff)
    levels = [float(text) for text in options.discounts.split(",")]
    articles = pa.array(market.article_names).take(pa.array(market.article[series]))
    markets = pa.array(market.market_names).take(pa.array(market.market[series]))
    dates = pa.array((market.first + 7 * week).astype("datetime64[D]"))
    number = pa.float64()
    names = ["article", "market", "week", "discount", "demand"]
    schema = pa.schema(zip(names, [pa.string(), pa.string(), pa.date32(), number, number]))
    folder.mkdir(parents=True, exist_ok=True)
    last = None
    with pq.ParquetWriter(folder / "forecast.parquet", schema) as writer:
        for discount in levels:
            matrix, level = features.rows(series, origin, week, np.full(len(week), discount))
            demand = predict(matrix, level)
            if monotone and last is not None and (demand < last - 1e-6 * (1 + last)).any():
                raise AssertionError("demand falls as the discount rises")
            last = demand
            columns = [articles, markets, dates, pa.array(np.full(len(week), discount)), pa.array(demand)]
            writer.write_table(pa.table(columns, schema=schema))


main()
