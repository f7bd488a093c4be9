"""polars, one thread: from a frame in memory to a frame with the features."""
import sys

import polars as pl

from sample import print_sample, timed

panel = pl.read_parquet(sys.argv[1])
series = ["article", "market"]
y = pl.col("demand")
before = y.shift(1)


def features():
    means = (
        panel.group_by("group", "market", "week").agg(y.mean().alias("f12")).sort("group", "market", "week")
        .with_columns(pl.col("f12").shift(1).over("group", "market"))
    )
    return panel.with_columns(
        before.over(series).alias("f1"),
        y.shift(4).over(series).alias("f2"),
        y.shift(52).over(series).alias("f3"),
        before.rolling_mean(4, min_samples=1).over(series).alias("f4"),
        before.rolling_mean(13, min_samples=1).over(series).alias("f5"),
        before.rolling_std(13, min_samples=2).over(series).alias("f6"),
        before.rolling_max(52, min_samples=1).over(series).alias("f7"),
        (before == 0).cast(pl.Float64).rolling_mean(26, min_samples=1).over(series).alias("f8"),
        before.ewm_mean(half_life=4, adjust=True, ignore_nulls=False).over(series).alias("f9"),
        pl.col("week").dt.week().alias("f10"),
        pl.col("discount").diff().over(series).alias("f11"),
    ).join(means, on=["group", "market", "week"], how="left")


def text(column):
    digits = f"{column.sum():.5e}"
    return f"{len(column) - column.null_count()}:{digits}"


seconds, table = timed(features)
print_sample(seconds, " ".join(text(table[f"f{i}"]) for i in range(1, 13)))
