"""Makes polars.json: the features of features.json by polars 1.44.2. Run: python make.py (needs polars, numpy)."""
import json

import numpy as np
import polars as pl

random = np.random.default_rng(4)
rows = []
for series, weeks in enumerate([30, 1, 60, 14]):
    for i in range(weeks):
        demand = None if random.random() < 0.15 else max(0, int(random.integers(-4, 15)))
        # The first Monday of October 2021 is day 18904: series pass the turn of a year with 52 and one with 53 weeks.
        rows.append({"series": series, "week": 18904 + 7 * (i + 40 * (series == 3)), "demand": demand,
                     "discount": float(random.integers(0, 8)) / 10})
frame = pl.DataFrame(rows, schema={"series": pl.Int32, "week": pl.Int32, "demand": pl.Float64, "discount": pl.Float64})
own, y = "series", pl.col("demand")
lagged = y.shift(1)
features = frame.select(
    lagged.over(own).alias("demand_lag1"),
    y.shift(4).over(own).alias("demand_lag4"),
    lagged.rolling_mean(4, min_samples=1).over(own).alias("demand_rolling_mean_lag1_window4"),
    lagged.rolling_std(13, min_samples=2).over(own).alias("demand_rolling_std_lag1_window13"),
    lagged.rolling_max(9, min_samples=1).over(own).alias("demand_rolling_max_lag1_window9"),
    (lagged == 0).cast(pl.Float64).rolling_mean(6, min_samples=1).over(own).alias("demand_rolling_zero_share_lag1_window6"),
    # polars leaves missing weeks missing: the last known mean goes on, as it does with every other window.
    y.ewm_mean(half_life=4, adjust=True, ignore_nulls=False).forward_fill().shift(1).over(own)
    .alias("demand_exponential_mean_lag1_half_life4"),
    pl.col("discount").diff().over(own).alias("discount_change1"),
    pl.col("week").cast(pl.Date).dt.week().cast(pl.Float64).alias("week_of_year"),
)
json.dump({"rows": rows, "features": {name: features[name].to_list() for name in features.columns}},
          open("polars.json", "w"))
